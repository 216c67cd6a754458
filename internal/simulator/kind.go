package simulator

// kind says what one type of object is. The handlers in write.go, read.go and
// patch.go work for every kind; a kind is a file with rows and a few hooks.
type kind struct {
	collection string // the path below /v2/
	id         string // the member that holds the id
	prefix     string // of a new id; empty: a UUID
	noun       string // for error texts
	name       string // the member with the name; empty: none
	members    []member
	secrets    []secret
	switches   []Switch
	seeds      []map[string]any     // objects that are there at first
	actions    map[string][]handler // below an object: "tools", and "tools/" for one of them
	beside     map[string][]handler // below the collection, where an object would have its id

	fixed       bool   // nothing but GET
	unique      bool   // two objects never have one name
	merge       bool   // PATCH takes a plain object, not RFC 6902
	createCode  int    // 0: 200
	unknownCode int    // 0: 404
	paged       bool   // the list says its page and limit
	firstPage   int    // of the list
	pages       string // the switch for it; empty: firstPage is documented
	oldestFirst bool
	tags        bool // GET carries an ETag, PATCH takes If-Match
	partial     []string

	// instead is the answer to a create that makes nothing; nil: it makes an object.
	instead func(s *Simulator, c *call, doc map[string]any) *answer

	keep     func(s *Simulator, c *call, doc map[string]any) bool                 // whether the list's filters let it through
	problem  func(s *Simulator, doc map[string]any) string                        // what no row can say
	creating func(s *Simulator, doc map[string]any) string                        // the same, for a create alone
	writing  func(s *Simulator, c *call, r *record) *answer                       // the answer to a PATCH or DELETE that is not to be; nil: it is
	taken    func(s *Simulator, c *call, own *record, doc map[string]any) *answer // refuses what another object has; own: nil for a create
	born     func(s *Simulator, r *record)                                        // fills in what the server makes
	changed  func(s *Simulator, r *record, doc map[string]any)                    // before doc takes the place of r.doc
	defaults func(doc map[string]any)                                             // the server's own values under those of doc
	show     func(s *Simulator, r *record, doc map[string]any)                    // last touch before a document is sent
	reading  func(s *Simulator, r *record)                                        // what a GET moves
	wrap     func(s *Simulator, doc map[string]any) any                           // the form of the answer to a GET; nil: the bare object
	settle   func(s *Simulator, r *record, doc map[string]any)                    // undoes in doc what only show did
	normal   func(s *Simulator, before, doc map[string]any)                       // the kind's own normal forms
	patched  func(s *Simulator, doc map[string]any)                               // makes the document of a PATCH's answer
	merging  func(s *Simulator, shown, doc map[string]any) string                 // completes a merged document, or says what is wrong
	deleted  func(s *Simulator, r *record)                                        // what its end does to others
	listed   func(s *Simulator, doc map[string]any)                               // makes the item of a list
	answer   func(s *Simulator, r *record, doc map[string]any) bool               // makes the short answer of a create; false: whole
}

type handler struct {
	method string
	handle func(s *Simulator, c *call) answer
}

// shape is the JSON type of a member.
type shape int

const (
	aText shape = iota
	aNumber
	aFlag
	anObject
	aTextList
	aList
	anything
)

// use says who writes a member.
type use int

const (
	optional use = iota
	required
	fixed    // by the create only
	later    // by a PATCH only
	readOnly // by the server
	hidden   // by the portal, and in no answer
)

// member is a row of a kind.
type member struct {
	name  string
	is    shape
	use   use
	among []string // the only values
	empty any      // how an unset one is documented to come back; absent: not at all
	patch string   // the switch for operations on it: accepted, refused, ignored

	preset any // the server's value where none is given; nil: none
	most   int // characters or elements; 0: any number
}

// absent is the empty form of a member that is left out while it is unset.
var absent any = struct{}{}

// secret is a member that no answer shows.
type secret struct {
	path      string // JSON pointer
	writeOnly bool   // false: a mask is shown
}

func kinds() []*kind {
	return []*kind{deploymentKind(), palKind(), guardrailKind(), dictionaryKind(), faceKind(), voiceKind(), toolKind(), documentKind(), objectivesKind()}
}

func (s *Simulator) kindOf(collection string) *kind {
	for _, k := range s.kinds {
		if k.collection == collection {
			return k
		}
	}
	return nil
}

func (k *kind) member(name string) *member {
	for i := range k.members {
		if k.members[i].name == name {
			return &k.members[i]
		}
	}
	return nil
}

// written reports whether requests may write the member at all.
func (m *member) written() bool { return m.use != readOnly && m.use != hidden }
