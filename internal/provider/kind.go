package provider

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// kind says what one type of object of the API is. The engine makes the resource,
// the data sources and the list resource of it.
type kind struct {
	name    string // of the resource, without the provider's name: "deployment"
	plural  string // "deployments"
	about   string // description of the resource
	api     *tavus.Collection
	fields  []field
	secrets []secret
	// parent is an attribute with the id of the object that this one belongs to, such as "pal_id", whose
	// collection is api.Of; empty: none.
	parent string

	// dataAbout and listAbout describe the data source of one object and the list resource.
	dataAbout, dataListAbout, listAbout string
	// dataFields are shown by the data sources only: what moves by itself.
	dataFields []field
	filters    []filter
	// wholeAt is a member that a shortened item of a list lacks; empty: lists show whole objects.
	wholeAt string
	// looseNames: the server takes the punctuation out of names, so a data source finds
	// a name without it where no name is exactly the same.
	looseNames bool
	// olderNames maps JSON pointers of members under the names that the API had for them to those of
	// today. The two are one member.
	olderNames map[string]string
	// copies are JSON pointers of members in which the server repeats what an argument says. They are
	// not read.
	copies []string
	// label is the JSON pointer of the member that a query shows beside the name.
	label string

	// validate finds mistakes that one row cannot describe. It runs before any request.
	validate func(config values, diags *diag.Diagnostics)
	// warn adds warnings to a plan, and errors that need the state. state is nil for a new object.
	warn func(config, plan, state values, diags *diag.Diagnostics)
	// warnDestroy adds warnings to the plan of a destroy.
	warnDestroy func(ctx context.Context, client *tavus.Client, state values, diags *diag.Diagnostics)
	// refusedCreate finds the argument that the server refuses in a create, and says more about it. An
	// empty argument: it is not known.
	refusedCreate func(ctx context.Context, client *tavus.Client, plan values) (argument, advice string)
	// overrule: an update can be refused because of what a person has not published yet.
	overrule *overrule
	// adviceRefused is added to the error where the server refuses a change of the
	// argument that it names.
	adviceRefused map[string]string
	// failed says why the server could not finish an object; "": it could, or has not finished yet.
	failed func(document json.RawMessage) string
	// action is a request that a change of its triggers calls for; nil: none.
	action *action
	// moved: a moved block takes the object over from a generic REST provider.
	moved bool
	// warnData adds warnings to a data source of one object.
	warnData func(one *item, diags *diag.Diagnostics)
	// adapt brings what the server shows into the form that the rows describe. known is what the
	// state shows, or what was planned; nil: nothing.
	adapt func(live, known *ownership.Document) *ownership.Document
	// unseen says what of an object an answer does not show although the object may have it, more than
	// is known (see adapt); "": all is shown.
	unseen func(answer []byte, known *ownership.Document) string
	// unfit says why an object cannot be managed; "": it can. An import of one is an error.
	unfit func(document *ownership.Document) string
	// importHint is added to the error about an id that is not that of an object.
	importHint string
}

// valueType is the type of an attribute, and how the document holds its value.
type valueType int

const (
	text        valueType = iota // a string
	timestamp                    // a string (RFC 3339), compared as an instant
	link                         // a string with a URL, compared without its query
	flag                         // a boolean
	number                       // an integer
	texts                        // a list of strings, the order counts
	textSet                      // a set of strings
	textMap                      // a map of strings
	jsonObject                   // a JSON text in Terraform, an object that is owned key by key
	jsonValue                    // a JSON text in Terraform, an object that is owned as a whole
	object                       // an object with the attributes in fields, owned one by one
	objectList                   // a list of such objects, owned as a whole; what only the server has in them goes with it
	objectMap                    // a map of such objects, an array in the document; key is the member with the map's key
	wholeObject                  // an object with the attributes in fields, owned as a whole; what is empty in it is left out
)

// use says who chooses the value of an attribute.
type use int

const (
	computed     use = iota // the server
	managed                 // the configuration, or the server where the configuration leaves it out
	required                // the configuration
	optional                // the configuration; what it leaves out is not there
	providerOnly            // the configuration; the document has no such member
)

// field is one attribute and the member of the document that it stands for.
type field struct {
	name  string
	at    string // JSON pointer in the document; empty: "/" + name
	value valueType
	use   use
	about string // description
	shown string // description in a data source; empty: about

	oneOf      []string           // other words give a warning, and the server decides
	validators []validator.String // of a text
	checkedBy  string             // schema of package advice: what differs from it gives a warning
	clear      string             // JSON that is sent instead of a removal
	replaces   bool               // a change replaces the object
	// verified: the server has no reason to store another value, so another value is an error.
	verified bool
	// afterCreate: the POST does not take it, so it is set by a PATCH after it.
	afterCreate bool
	hidden      bool // not in data sources
	// apart: an update writes it in a request of its own, after the others.
	apart bool
	// answered: lists and the answers to writes show it, and reads do not, so the state keeps it.
	answered bool
	// fixed: nobody can change it on the server, so a form that differs from the state's is the server's own.
	fixed bool
	// postedAt is the member of the POST where it is another one than that of the document; empty: the same.
	postedAt string

	fields []field // of object, wholeObject, objectList and objectMap
	secret *secret // a secret among the fields of an object
	// key tells elements apart: of an objectMap the member with the map's key, of an objectList an attribute.
	key string
	// movesWith are attributes; a value that the server chooses is unknown in a plan that changes one of them.
	movesWith []string
}

// filter is an argument that narrows a list.
type filter struct {
	name, about string
	at          string // JSON pointer; the provider filters where query is empty
	query       string // parameter of the API
	oneOf       []string
	part        bool // a part of the text fits, in any case
	split       bool // the list without the filter need not be complete, so each of oneOf is asked for
	narrows     bool // an argument of the data source of one object, too
}

func (f *field) pointer() string {
	if f.at == "" {
		return "/" + f.name
	}
	return f.at
}

// isSent reports whether the field is an argument that the document has.
func (f *field) isSent() bool { return f.use != computed && f.use != providerOnly }

// unread are the JSON pointers of what is taken out of each document that is read: secrets, of which a
// server shows a mask, and copies.
func (k *kind) unread() []string {
	all := slices.Clone(k.copies)
	for _, s := range k.everySecret() {
		if !s.shown {
			all = append(all, s.pointers()...)
		}
	}
	return all
}

// isWalked reports whether the leaves inside the value are owned one by one.
func (f *field) isWalked() bool { return f.value == jsonObject || f.value == object }

// policy is the rule of ownership of the field.
func (f *field) policy() ownership.Policy {
	policy := ownership.Policy{At: f.pointer(), Leaf: !f.isWalked(), Unordered: f.value == textSet}
	policy.Follow = policy.Leaf
	if f.clear != "" {
		policy.Clear = []byte(f.clear)
	}
	return policy
}

func (f *field) description(data bool) string {
	if data && f.shown != "" {
		return f.shown
	}
	return f.about
}

// field is the row of a name, nil where there is none.
func (k *kind) field(name string) *field {
	at := slices.IndexFunc(k.fields, func(f field) bool { return f.name == name })
	if at < 0 {
		return nil
	}
	return &k.fields[at]
}

// schema holds the policies of the arguments. Computed attributes belong to the
// server, so ownership knows nothing of them.
func (k *kind) schema() ownership.Schema {
	var schema ownership.Schema
	for i := range k.fields {
		if k.fields[i].isSent() {
			schema = append(schema, k.fields[i].policy())
		}
	}
	return schema
}

// attributeAt returns the name of the attribute whose value a pointer is in, or "".
func (k *kind) attributeAt(pointer string) string {
	best, length := "", 0
	for i := range k.fields {
		at := k.fields[i].pointer()
		if (pointer == at || strings.HasPrefix(pointer, at+"/")) && len(at) > length {
			best, length = k.fields[i].name, len(at)
		}
	}
	for _, s := range k.everySecret() {
		if len(s.in) == 0 && s.at == pointer {
			return s.name
		}
	}
	return best
}

// id is the attribute that holds the id of the object beside "id": "tool_id" of a tool, and
// "skill_id" of a pal_skill, which has the parent "pal_id".
func (k *kind) id() string {
	return strings.TrimPrefix(k.name, strings.TrimSuffix(k.parent, "id")) + "_id"
}

// key is the id by which the client finds an object.
func (k *kind) key(v values) string {
	if k.parent == "" {
		return v.text("id")
	}
	return v.text(k.id())
}

// address is the value of "id", by which an import finds an object.
func (k *kind) address(v values, id string) string {
	if k.parent == "" {
		return id
	}
	return v.text(k.parent) + "/" + id
}

// collection is where the object is.
func (k *kind) collection(v values) (*tavus.Collection, error) {
	if k.parent == "" {
		return k.api, nil
	}
	return k.api.In(v.text(k.parent))
}

// createdAt is when the object of a state was created. It is the only time in a resource, because
// nothing that moves by itself is in one.
func (k *kind) createdAt(state values) string {
	for i := range k.fields {
		if k.fields[i].value == timestamp {
			return state.text(k.fields[i].name)
		}
	}
	return ""
}

// title is what messages call an object.
func (k *kind) title(id string) string { return k.api.Noun + " " + id }

// plannedTitle is what the warnings of a plan call an object: a new one has no ID yet, and several of
// them have to be told apart.
func plannedTitle(noun string, plan values) string {
	if id := plan.text("id"); id != "" {
		return noun + " " + id
	}
	return strings.TrimSpace(noun + " " + plan.text("name"))
}

// newResource, newDataSource, newListDataSource and newListResource are the
// constructors that the provider hands out.
func (k *kind) newResource() resource.Resource { return &kindResource{kind: k, schema: k.schema()} }

func (k *kind) newDataSource() datasource.DataSource { return &kindDataSource{kind: k} }

func (k *kind) newListDataSource() datasource.DataSource { return &kindListDataSource{kind: k} }

func (k *kind) newListResource() list.ListResource { return &kindList{kind: k} }

// connected is what a resource, a data source and a list have of the provider.
type connected struct{ connection *connection }

func (c *connected) configure(data any) { c.connection, _ = data.(*connection) }

// client returns the client, or says why there is none.
func (c *connected) client(diags *diag.Diagnostics) *tavus.Client {
	return c.connection.clientOrError(diags)
}

// begin returns the attributes of a configuration or a state, and the client. The client is nil
// after an error.
func (c *connected) begin(raw tftypes.Value, diags *diag.Diagnostics) (values, *tavus.Client) {
	v, err := decodeValues(raw)
	if err != nil {
		addCodecError(diags, err)
	}
	client := c.client(diags)
	if diags.HasError() {
		return nil, nil
	}
	return v, client
}

// Configure implements the resource's interface.
func (r *kindResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.configure(req.ProviderData)
}

// Configure implements the data source's interface.
func (d *kindDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.configure(req.ProviderData)
}

// Configure implements the data source's interface.
func (d *kindListDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.configure(req.ProviderData)
}

// Configure implements the list's interface.
func (l *kindList) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	l.configure(req.ProviderData)
}
