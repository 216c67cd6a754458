package tavus

import (
	"encoding/json"
)

// Deployment is the server's document (docs.tavus.io/api-reference/deployments).
//
// For the strings, null, absent and empty are the same and read as "".
// Times are RFC 3339 text as the server wrote it. The client does not check the form of ids.
type Deployment struct {
	DeploymentID, PalID, Channel, Status, Name string

	// HasPassword is all that the server tells about the password of visitors.
	HasPassword bool

	// Customization and Limits are the text of a JSON object, as the server
	// wrote it and never through float64; nil when null or absent.
	Customization, Limits json.RawMessage

	// AllowedOrigins is nil when null or absent.
	AllowedOrigins []string

	ThumbnailVideoURL, ThumbnailImageURL string

	// UsageTotal and UsageToday are nil when the server gives no usable number.
	UsageTotal, UsageToday *int64

	CreatedAt, UpdatedAt string
}

// ListedDeployment is one item of a list.
type ListedDeployment struct {
	Deployment

	// Partial says that the item lacks fields that a whole document has: GET it before use.
	Partial bool
}

// Operation is one operation of a JSON Patch (RFC 6902, section 4).
type Operation struct {
	Op, Path string

	// Value is left out of a "remove". For every other operation, nil is sent as null.
	Value json.RawMessage
}

// MarshalJSON writes the operation as RFC 6902 has it.
func (o Operation) MarshalJSON() ([]byte, error) {
	if o.Op == "remove" {
		return json.Marshal(struct {
			Op   string `json:"op"`
			Path string `json:"path"`
		}{o.Op, o.Path})
	}
	value := o.Value
	if value == nil {
		value = json.RawMessage("null")
	}
	return json.Marshal(struct {
		Op    string          `json:"op"`
		Path  string          `json:"path"`
		Value json.RawMessage `json:"value"`
	}{o.Op, o.Path, value})
}
