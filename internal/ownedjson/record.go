package ownedjson

import "encoding/json"

// recordVersion is the version of the encoding of Record. A reader that finds a
// later one acts as if there were no record.
const recordVersion = 1

// Record is all that is remembered of a deployment from one run to the next.
// Nil stands for no record, see the package comment.
type Record struct {
	// Objects holds the owned leaves of each argument that is a JSON object.
	Objects map[string]Owned
	// Settings holds the pair of each argument that is a single leaf and that
	// Terraform wrote.
	Settings map[string]*Pair
}

// Owned returns the owned leaves of an argument: nil where there is no record,
// and never nil where there is one.
func (r *Record) Owned(argument string) Owned {
	if r == nil {
		return nil
	}
	if owned := r.Objects[argument]; owned != nil {
		return owned
	}
	return Owned{}
}

// Setting returns the pair of an argument that is a single leaf, or nil.
func (r *Record) Setting(argument string) *Pair {
	if r == nil {
		return nil
	}
	return r.Settings[argument]
}

type encodedRecord struct {
	Version  int              `json:"version"`
	Objects  map[string]Owned `json:"objects"`
	Settings map[string]*Pair `json:"settings"`
}

// Encode writes the record as a JSON object. It holds pointers and digests, and
// no value.
func (r *Record) Encode() []byte {
	data, _ := json.Marshal(encodedRecord{recordVersion, r.Objects, r.Settings}) //nolint:errchkjson // Strings in maps always marshal.
	return data
}

// DecodeRecord reads what Encode wrote. What is missing, damaged or of a later
// version is no record.
func DecodeRecord(data []byte) *Record {
	var encoded encodedRecord
	if err := json.Unmarshal(data, &encoded); err != nil || encoded.Version != recordVersion {
		return nil
	}
	record := &Record{Objects: map[string]Owned{}, Settings: map[string]*Pair{}}
	for argument, owned := range encoded.Objects {
		if !owned.valid() {
			return nil
		}
		record.Objects[argument] = owned
	}
	for argument, pair := range encoded.Settings {
		if pair != nil {
			record.Settings[argument] = pair
		}
	}
	return record
}
