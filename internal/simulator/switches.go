package simulator

// Switch is one thing that the documentation leaves open.
type Switch struct {
	// Name is the name of the flag, in kebab case.
	Name string
	// Doc is one line for a person.
	Doc string
	// Positions holds the documented or likeliest one first.
	Positions []string
	// Collection is the only kind of object that the switch is for. Empty: all.
	Collection string

	counts bool // any number is a position
}

// Switches lists every switch: those of all kinds, then those of each kind.
func Switches() []Switch {
	all := sharedSwitches()
	for _, k := range kinds() {
		for _, item := range k.switches {
			item.Collection = k.collection
			all = append(all, item)
		}
	}
	return all
}

func positions(names ...string) []string { return names }

// sharedSwitches is the table of the switches that every kind has.
func sharedSwitches() []Switch {
	return []Switch{
		{
			Name: "write-answer", Doc: "answer to a write that took effect: the document; the request as sent, while reads show the server's own form; a message; nothing",
			Positions: positions("document", "echo", "message", "empty"),
		},
		{
			Name: "patch-answer", Doc: "answer to a PATCH that took effect: as write-answer says, or this",
			Positions: positions("document", "message", "empty", "echo", "no-content"),
		},
		{Name: "unchanged", Doc: "answer to a PATCH that changes nothing: 304, or as for one that took effect", Positions: positions("304", "answer")},
		{Name: "stale-code", Doc: "status code for an If-Match that does not match", Positions: positions("412", "409", "428")},
		{Name: "etag", Doc: "form of the ETag of a deployment", Positions: positions("weak", "strong", "none")},
		{Name: "etag-moves", Doc: "what moves the ETag, other than updated_at", Positions: positions("never", "visit", "always")},
		{Name: "etag-on-write", Doc: "whether the answers to writes have an ETag", Positions: positions("no", "yes")},
		{Name: "updated-at-moves", Doc: "what moves updated_at: a change, every write, a read too", Positions: positions("change", "write", "use")},
		{Name: "read-only-patch", Doc: "operations on paths that only the server writes", Positions: positions("refused", "ignored")},
		{Name: "defaults", Doc: "whether a create puts the server's defaults under the objects that are sent", Positions: positions("filled", "none")},
		{Name: "refill", Doc: "whether a removed key gets its default again", Positions: positions("none", "default")},
		{
			Name: "unset", Doc: "how a member that nobody set comes back: {}, [], \"\" or null as it is documented, always null, or not at all",
			Positions: positions("empty", "null", "absent"),
		},
		{Name: "names", Doc: "whether names lose their punctuation", Positions: positions("kept", "stripped")},
		{Name: "texts", Doc: "whether texts lose white space at their ends", Positions: positions("kept", "trimmed")},
		{Name: "colours", Doc: "whether #FFF becomes #fff", Positions: positions("kept", "lowered")},
		{Name: "lists", Doc: "whether arrays keep their order", Positions: positions("kept", "reordered")},
		{Name: "numbers", Doc: "whether numbers are kept digit for digit, or as 64-bit floats", Positions: positions("kept", "rounded")},
		{Name: "nulls", Doc: "whether members that are null are kept", Positions: positions("kept", "dropped")},
		{Name: "empty-objects", Doc: "whether members that are {} are kept", Positions: positions("kept", "dropped")},
		{Name: "lag", Doc: "how many reads after a write still show what was before it", Positions: positions("0", "1", "3"), counts: true},
		{Name: "page-cap", Doc: "most items on one page of a list", Positions: positions("100", "3"), counts: true},
		{Name: "list-shape", Doc: "form of a list: {data, total_count}, an array, {data}", Positions: positions("wrapped", "bare", "no-total")},
		{Name: "items", Doc: "how much of an object the list shows", Positions: positions("whole", "partial")},
		{Name: "duplicate-names", Doc: "whether two objects of a kind may have one name", Positions: positions("allowed", "refused")},
		{Name: "errors", Doc: "form of errors", Positions: positions("error", "message", "text", "html")},
		{Name: "unknown-id", Doc: "status code for an id that does not exist", Positions: positions("documented", "404", "400")},
		{Name: "date", Doc: "whether answers have a Date header", Positions: positions("sent", "absent")},
	}
}
