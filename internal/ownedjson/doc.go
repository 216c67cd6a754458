// Package ownedjson decides which keys of a JSON object Terraform owns, and
// what follows from it: what a refresh shows, what a plan changes, which
// RFC 6902 operations an update sends, and what is remembered afterwards. It
// is pure: no Terraform, no HTTP, no clock.
//
// # The model
//
// It is the model of `kubectl apply`. Four documents take part:
//
//   - config: what the user wrote
//   - state: what the state file shows
//   - live: what the server holds
//   - record: what Terraform sent, and what the server answered
//
// A document is walked down to its leaves. A leaf is a scalar, a whole array,
// or an empty object; the objects in between belong to nobody. An empty object
// as a leaf stands for the existence of an object and for nothing inside it. A
// key whose value is null counts as not written; inside arrays null is a value.
// Numbers are compared by value and never become a float64. Strings and keys
// are compared in Unicode form NFC, because Terraform brings every string into
// that form.
//
// The record (Owned) holds for each leaf that Terraform wrote the pair "sent,
// answered". A server may normalise what it is sent (#FFF becomes #ffffff). Drift
// is a change of the answer, not a difference from what was sent. The pair holds
// digests, not values: the values of a configuration can be secrets, and the
// record needs no more than to recognise them.
//
// # Who calls what
//
//   - Read, on refresh: projects live onto the leaves that state shows and the
//     record owns.
//   - Plan, while planning: keeps the text of the state where the
//     configuration means the same.
//   - Change.Operations, on update: the smallest patch that makes live hold what
//     the plan showed, or a ConflictError.
//   - Change.Renew, after the write: the new record.
//   - Change.Tried, after a write whose result nobody could read, and Record.Settle at
//     the next Read: what the server then holds as it was sent is owned.
//
// Setting does the same for an argument that is a single leaf, such as a name.
//
// # What a missing record means
//
// After an import, and where the private state is missing or of a later
// version, there is no record. Then nothing is owned, so nothing is ever
// removed, and every leaf that the state shows is followed. From the first
// write on there is a record, and leaves of the state that Terraform does not
// own are shown as they were (they are frozen): Terraform no longer follows
// them, so a person's edit of them is not reported. A frozen leaf says nothing
// about the server, so Plan never takes it as a proof that the configuration
// is met (Decision.Claims).
//
// # What a patch never does
//
// It never takes away what Terraform did not write and the plan did not show. So
// a change that makes a scalar of an object, or an object of a scalar, is a
// conflict where the server holds leaves there that the state does not show. An
// object goes with the last of Terraform's leaves in it, unless somebody put
// anything else into it, be it a key whose value is null. Keys are named as the
// server spells them, in whatever Unicode form.
package ownedjson
