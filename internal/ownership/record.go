package ownership

import (
	"encoding/json"
	"errors"
	"strings"
)

// Pair is what is remembered of one leaf: what Terraform sent and what the server answered to
// it. A leaf that the server dropped was answered Absent.
type Pair struct {
	Sent, Answered Digest
	// Edited: the server held another value than Answered when the stamp of the record was
	// taken, so what it shows at that version is not its form of what was sent.
	Edited bool
}

// MarshalJSON writes "digest" where the server answered what it was sent, else ["sent",
// "answered"], and "edited" behind them where that is set.
func (p Pair) MarshalJSON() ([]byte, error) {
	switch {
	case p.Edited:
		return json.Marshal([]Digest{p.Sent, p.Answered, editedMark})
	case p.Sent == p.Answered:
		return json.Marshal(p.Sent)
	}
	return json.Marshal([]Digest{p.Sent, p.Answered})
}

const editedMark = "edited"

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Pair) UnmarshalJSON(data []byte) error {
	if strings.HasPrefix(string(data), `"`) {
		err := json.Unmarshal(data, &p.Sent)
		p.Answered = p.Sent
		return err
	}
	var all []Digest
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	p.Edited = len(all) == 3 && all[2] == editedMark
	if len(all) != 2 && !p.Edited {
		return errors.New("a pair of digests is needed")
	}
	p.Sent, p.Answered = all[0], all[1]
	return nil
}

// matches reports whether the value have is the value want, or what the server made of it last
// time.
func (p Pair) matches(want, have Digest) bool {
	return want == have || want == p.Sent && have == p.Answered
}

// Record is what is remembered of an object. The nil *Record says that there is none (see the
// package comment).
type Record struct {
	// Pairs has a Pair for each leaf that Terraform wrote, by JSON pointer.
	Pairs map[string]Pair
	// Stamp is the version of the document that the answer to the last write showed; empty:
	// not known. While the server shows the same version, nobody has edited the object.
	Stamp string
}

// recordVersion is the version of the encoding. A record of another version counts as none.
const recordVersion = 2

type encodedRecord struct {
	Version int             `json:"version"`
	Pairs   map[string]Pair `json:"pairs"`
	Stamp   string          `json:"stamp,omitempty"`
}

// Encode writes the record as a JSON object. It holds pointers and digests, and no value.
func (r *Record) Encode() []byte {
	data, _ := json.Marshal(encodedRecord{recordVersion, r.Pairs, r.Stamp}) //nolint:errchkjson // Strings in maps always marshal.
	return data
}

// DecodeRecord reads what Encode wrote. What is missing, damaged or of another version is no
// record.
func DecodeRecord(data []byte) *Record {
	var encoded encodedRecord
	if err := json.Unmarshal(data, &encoded); err != nil || encoded.Version != recordVersion {
		return nil
	}
	record := &Record{encoded.Pairs, encoded.Stamp}
	if record.Pairs == nil {
		record.Pairs = map[string]Pair{}
	}
	for pointer := range record.Pairs {
		if !validPointer(pointer) || record.hasOwnedAncestor(pointer) {
			return nil
		}
	}
	return record
}

// pair returns the pair of a leaf. A leaf that is not owned has the zero Pair.
func (r *Record) pair(pointer string) (pair Pair, owned bool) {
	if r == nil {
		return Pair{}, false
	}
	pair, owned = r.Pairs[pointer]
	return pair, owned
}

// Cleared reports whether Terraform cleared the leaf: the configuration had "", [] or {}.
func (r *Record) Cleared(pointer string) bool {
	pair, owned := r.pair(pointer)
	return owned && pair.Sent == Absent
}

func (r *Record) pairs() map[string]Pair {
	if r == nil {
		return nil
	}
	return r.Pairs
}

// isEmptyObject reports whether an empty object was sent for the leaf. Such a leaf owns the
// existence of the object and nothing inside it.
func (r *Record) isEmptyObject(pointer string) bool {
	pair, _ := r.pair(pointer)
	return pair.Sent == emptyObjectDigest
}

func (r *Record) hasOwnedAncestor(pointer string) bool {
	for up := range parents(pointer) {
		if _, owned := r.pair(up); owned {
			return true
		}
	}
	return false
}

// owner returns the pointer of the owned leaf that is at the pointer, or that has the pointer
// inside its value. What is inside an object that was sent empty has no owner.
func (r *Record) owner(pointer string) (owner string, found bool) {
	if _, owned := r.pair(pointer); owned {
		return pointer, true
	}
	for up := range parents(pointer) {
		if _, owned := r.pair(up); owned && !r.isEmptyObject(up) {
			return up, true
		}
	}
	return "", false
}

// parentObjects returns the pointers of all objects around owned leaves.
func (r *Record) parentObjects() map[string]bool {
	around := map[string]bool{}
	for pointer := range r.pairs() {
		for up := range parents(pointer) {
			around[up] = true
		}
	}
	return around
}
