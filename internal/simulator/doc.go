// Package simulator is a fake of the Tavus API, over HTTP and in memory. The
// tests of this project run against it, and so does anybody who wants to try
// a Terraform module without an account.
//
// It behaves as docs.tavus.io documents the API. Where the documentation is
// silent, a row in the table of switches.go, or in that of a kind, has one
// position for each plausible answer; [Switches] lists them all, for the flags
// of the program and for tests that walk through every position.
//
// A type of object is a kind (kind.go): rows for its members and a few hooks,
// in a file of its own, such as kind_deployment.go. The handlers are written
// once for all kinds: write.go creates, patch.go and jsonpatch.go change,
// read.go reads and lists, view.go gives a stored document the form of an
// answer, normal.go rewrites values the way servers do, store.go holds what is
// stored and the methods with which a test does what a person does in the
// portal. portal.go is the same for shell scripts, under /_simulator/.
//
// One request takes this way: serve.go writes the line of the log; chaos.go
// plays the fault that [Simulator.SetFault] chose, if it comes before the
// effect; serve.go asks for a key; the hook of OnRequest runs; a handler works
// under the lock; the hook of OnAnswer runs; chaos.go spoils the answer, or it
// goes out. run.go is the program.
//
// The package imports nothing of the provider and nothing of its client, so a
// mistake there cannot hide behind the same mistake here.
package simulator
