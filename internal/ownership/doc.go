// Package ownership decides which leaves of a JSON object Terraform owns, and what follows
// from it: what a refresh shows, what a plan changes, which RFC 6902 operations an update
// sends, and what is remembered afterwards. It is pure: no Terraform, no HTTP, no clock.
//
// # The model
//
// It is the model of `kubectl apply`. Every object of the API is one document. Four
// documents take part: config is what the user wrote, state what the state file shows, live
// what the server holds, and the record what Terraform sent and the server answered.
//
// A document is walked down to its leaves. A leaf is a scalar, a whole array, or an empty
// object; the objects in between belong to nobody. An empty object as a leaf stands for the
// existence of an object and for nothing inside it. A key whose value is null counts as not
// written; inside arrays null is a value. Numbers are compared by value and never become a
// float64. Strings and keys are compared in Unicode form NFC, as Terraform writes them.
//
// The record holds for each leaf that Terraform wrote the pair "sent, answered". A server may
// normalise what it is sent (#FFF becomes #ffffff). Drift is a change of the answer, not a
// difference from what was sent. The pair holds digests and no values: the values of a
// configuration can be secrets, and recognising them is enough.
//
// A Schema has a Policy for each argument. What no policy covers is nobody's: it is never
// shown, planned or touched.
//
// # Who calls what
//
//   - Record.Read, on refresh: what the state shows of the server's document.
//   - Record.Plan, while planning: whether the configuration means what the state shows.
//   - Change.Patch, on update: the smallest patch that makes live hold what the plan showed,
//     or a *ConflictError.
//   - Change.RecordAfter, after the write: the new record.
//
// # What a missing record means
//
// After an import, and where the private state is missing, damaged or of another version,
// there is no record. Then nothing is owned, so nothing is ever removed. Leaves of the state
// that Terraform does not own are followed: the state shows what the server holds.
//
// # What is not seen
//
// A leaf that the server always drops is shown as sent. Where somebody puts a scalar in the place of the
// object around it, the state does not show that, and the next change of the object is a conflict: the
// scalar has to go in the portal first.
package ownership
