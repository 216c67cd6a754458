package ownedjson

import (
	"encoding/json"
	"errors"
	"strings"
)

// Pair is what is remembered of one leaf: what Terraform sent and what the
// server answered to it. A leaf that the server dropped was answered Absent.
type Pair struct {
	Sent, Answered Digest
}

// MarshalJSON writes "digest" where the server answered what it was sent, else
// ["sent", "answered"].
func (p Pair) MarshalJSON() ([]byte, error) {
	if p.Sent == p.Answered {
		return json.Marshal(p.Sent)
	}
	return json.Marshal([]Digest{p.Sent, p.Answered})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Pair) UnmarshalJSON(data []byte) error {
	if strings.HasPrefix(string(data), `"`) {
		err := json.Unmarshal(data, &p.Sent)
		p.Answered = p.Sent
		return err
	}
	var both []Digest
	if err := json.Unmarshal(data, &both); err != nil {
		return err
	}
	if len(both) != 2 {
		return errors.New("a pair of digests is needed")
	}
	p.Sent, p.Answered = both[0], both[1]
	return nil
}

// means reports whether have is what want amounts to on this server: the same
// value, or the answer that the server gave when want was sent.
func (p Pair) means(want, have Digest) bool {
	return want == have || (want == p.Sent && have == p.Answered)
}

// Owned is the record of one argument: a Pair for each leaf that Terraform
// wrote, under the JSON pointer of the leaf inside the argument. A nil Owned
// says that there is no record (see the package comment); an empty one that
// there is a record and nothing is owned.
type Owned map[string]Pair

// region returns the pointers of all objects around owned leaves.
func (o Owned) region() map[string]bool {
	around := map[string]bool{}
	for pointer := range o {
		for p := range parents(pointer) {
			around[p] = true
		}
	}
	return around
}

// isEmptyObject reports whether an empty object was sent for the leaf. Such a
// leaf owns the existence of the object and nothing inside it.
func (o Owned) isEmptyObject(pointer string) bool {
	return o[pointer].Sent == emptyObjectDigest
}

// above reports whether an owned leaf stands above the pointer.
func (o Owned) above(pointer string) bool {
	for up := range parents(pointer) {
		if _, ok := o[up]; ok {
			return true
		}
	}
	return false
}

// owner returns the pointer of the owned leaf that stands at the pointer, or
// that has the pointer inside its value. What is inside an object that was sent
// empty has no owner.
func (o Owned) owner(pointer string) (owner string, found bool) {
	if _, ok := o[pointer]; ok {
		return pointer, true
	}
	for up := range parents(pointer) {
		if _, ok := o[up]; ok && !o.isEmptyObject(up) {
			return up, true
		}
	}
	return "", false
}

// Freezes reports whether a state shows leaves that are frozen: there is a record,
// and it does not own them.
func (o Owned) Freezes(state *Object) bool {
	if o == nil {
		return false
	}
	for _, l := range state.leaves() {
		if _, owned := o[l.pointer]; !owned {
			return true
		}
	}
	return false
}

// valid reports whether a record can have been written by Renew: every leaf was
// sent with some value, every key is spelled in one way only, and no owned leaf
// stands above another one.
func (o Owned) valid() bool {
	for pointer, pair := range o {
		if pair.Sent == Absent || !validPointer(pointer) || o.above(pointer) {
			return false
		}
	}
	return true
}
