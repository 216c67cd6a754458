// Package tavus is a client of the Tavus API for deployments and the PALs that
// they show. It knows HTTP and JSON, and nothing of Terraform.
//
// # How a request goes
//
// Every operation (GetDeployment and so on) bounds itself (budget, 10 minutes),
// builds a call and gives it to Client.do. do passes the gate, sends the call,
// and decides with what came back: done, again, or an *APIError. A call says of
// itself whether it is a write, and whether repeating it does harm:
//
//   - GET, DELETE and a PATCH that only sets members are repeated after 502,
//     503, 504 and network errors, GET after 500 too;
//   - a POST, and a PATCH of an update, are repeated by do only when the server
//     certainly did nothing: there was no connection, or the answer is 429;
//   - a write that is under way when the context ends is finished.
//
// The loop is our own and not go-retryablehttp's. That package gives up a
// request together with its context, repeats by status and not by what the
// server may have done, lets go of the answer before its body is read, and each
// of its requests waits for itself. Here a half body is a failed attempt, the
// error tells if the request may have had its effect, and one 429 slows all.
//
// # The gate
//
// gate.go. All clients of the process with the same server and key share a
// gate. It is open until the first 429. Then it pauses everything for as long
// as the server asks, lets requests through one after the other at a steady
// pace, and finds the pace that the server allows as TCP does.
//
// # Creates
//
// The API has no idempotency key, so a create whose answer is lost leaves a
// deployment that nobody knows. create.go sends and keeps the book: a room for
// each server knows the ids that have an owner in this process, and how many
// creates are without an answer. search.go looks for the deployment, match.go
// says what fits, room.go hands it out and keeps twins apart. In doubt it is an
// *UnknownOutcomeError with the candidates, never a guess. An answer that shows
// somebody else's deployment (isForeign) counts as lost, because a caller that
// takes it for the new one may delete it.
//
// # Updates
//
// update.go reads, lets the caller merge, and sends a PATCH with If-Match. A
// refusal because of the ETag, or an unknown outcome, starts over with a new
// read. When the ETag moves though nothing was edited, it is left out.
//
// # Lists
//
// pager.go trusts nothing but ids: pages may count from 0 or 1, be shorter than
// asked for, repeat, or change while they are read.
//
// # Secrets
//
// mask.go. Every text that goes out, in an error or a log line, is cleaned of
// the key, of the string values of the request that was sent, and of what the
// caller names with Mask, under up to three layers of escapes (unescape.go).
// Queries, bodies and headers are in no text at all.
//
// # Hostile answers
//
// json.go and decode.go: bodies are capped in size, depth and time, text must be
// UTF-8, a field of a wrong type is an error that names it, and customization
// and limits stay the text that the server wrote.
package tavus
