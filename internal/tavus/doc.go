// Package tavus is a client of the Tavus API. It knows HTTP and JSON, and nothing of Terraform
// or of any kind of object: a Collection says what the endpoints of a kind are, and documents
// go in and come out as JSON.
//
// # How a request goes
//
// Every operation (Get, Update and so on) bounds itself and sends requests through a chain of
// small handlers, one file each:
//
//	retry.go      repeats what may be repeated
//	pace.go       holds requests back after a 429
//	transport.go  one request and its answer, bounded in size and time
//	errors.go     what an answer or a failure means, as an *Error
//	redact.go     keeps the key and other secrets out of every text
//
// A GET, and a DELETE, are repeated after passing failures. A POST, and a write of an update, are
// repeated only when the server certainly did nothing: there was no connection, or the answer is
// 429. Attaching twice does no harm, so that POST is repeated, too. A write that is under way when the
// context ends is finished.
//
// # Operations
//
//	collection.go  Get, Delete, Patch; presence.go: whether an object is gone
//	pages.go       List
//	create.go      Create, and the search for an object whose creation lost its answer;
//	               create_at.go: of an object whose id the caller chooses
//	attach.go      Attached, Attach, Detach: what is attached to an object, such as the tools of a PAL
//	wait.go        Wait: until the server has finished with an object; Act: a request to one
//	update.go      Update: read, merge, write, again when the document changed meanwhile
package tavus
