package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
)

// secret is a value that the API takes and never shows. It has three arguments:
// NAME, which is in the state, or NAME_wo with NAME_wo_version, of which only the
// version is.
type secret struct {
	name    string
	in      []string  // nested objects that the arguments are in, the outermost first; none: no object
	at      string    // JSON pointer, where an update sends it
	shownBy string    // computed flag that tells whether the server has one
	value   valueType // text, or textMap
	// onlyWriteOnly: there is no NAME, so the value is never in the state.
	onlyWriteOnly bool

	// shown: the server shows the value, and NAME is a row of the fields, which replaces. The other
	// two keep a value that is a secret out of the state; a new version replaces, too.
	shown bool

	// memberBy is the argument beside it that chooses the member of the object at the pointer, and
	// members are its values with the name of the member, "" for a value without a secret. A server
	// keeps such a secret while it is not sent another one: the object needs one.
	memberBy string
	members  map[string]string

	about, aboutWriteOnly, aboutVersion string
}

func (s *secret) writeOnly() string { return s.name + "_wo" }
func (s *secret) version() string   { return s.name + "_wo_version" }

func (s *secret) arguments() []string { return []string{s.name, s.writeOnly(), s.version()} }

// label is what messages call the secret: "api.auth.secret".
func (s *secret) label() string { return strings.Join(slices.Concat(s.in, []string{s.name}), ".") }

// path is that of one of the arguments, or of one beside them.
func (s *secret) path(argument string) path.Path {
	names := slices.Concat(s.in, []string{argument})
	at := path.Root(names[0])
	for _, name := range names[1:] {
		at = at.AtName(name)
	}
	return at
}

// everySecret are the secrets of a kind, with those inside nested objects.
func (k *kind) everySecret() []*secret {
	var all []*secret
	for i := range k.secrets {
		all = append(all, &k.secrets[i])
	}
	return appendSecrets(all, k.fields)
}

func appendSecrets(all []*secret, fields []field) []*secret {
	for i := range fields {
		if fields[i].secret != nil {
			all = append(all, fields[i].secret)
		}
		all = appendSecrets(all, fields[i].fields)
	}
	return all
}

// pointer is where the secret of an object is sent, "" where the object takes none.
func (s *secret) pointer(v values) string {
	if s.memberBy == "" {
		return s.at
	}
	member := s.members[v.inner(s.in...).text(s.memberBy)]
	if member == "" {
		return ""
	}
	return s.at + "/" + member
}

// pointers are all places where a document can have the secret.
func (s *secret) pointers() []string {
	if s.memberBy == "" {
		return []string{s.at}
	}
	var all []string
	for _, member := range s.members {
		if member != "" {
			all = append(all, s.at+"/"+member)
		}
	}
	return all
}

func (s *secret) attributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		// The write-only attribute is not Sensitive on top, because its value is in no plan
		// and no state. Terraform 1.11 writes the paths of two sensitive attributes in random
		// order, and then a refresh-only plan reports a change that is none.
		s.writeOnly(): schema.StringAttribute{MarkdownDescription: s.aboutWriteOnly, Optional: true, WriteOnly: true},
		s.version():   schema.StringAttribute{MarkdownDescription: s.aboutVersion, Optional: true},
	}
	if s.value == textMap {
		attributes[s.writeOnly()] = schema.MapAttribute{MarkdownDescription: s.aboutWriteOnly, ElementType: types.StringType, Optional: true, WriteOnly: true}
	}
	if !s.onlyWriteOnly && !s.shown {
		attributes[s.name] = schema.StringAttribute{MarkdownDescription: s.about, Optional: true, Sensitive: true}
	}
	return attributes
}

// validate finds arguments that do not go together. Errors are at the arguments that
// hold no secret: Terraform prints the source line of an error.
func (s *secret) validate(config values, diags *diag.Diagnostics) {
	if config = config.inner(s.in...); config == nil {
		return
	}
	name, writeOnly, version := s.name, s.writeOnly(), s.version()
	hasValue := config.isSet(name) || config.isSet(writeOnly)
	switch {
	case config.isSet(name) && (config.isSet(writeOnly) || config.isSet(version)):
		diags.AddError("Two values of "+s.label(), fmt.Sprintf("%s conflicts with %s and %s. Use %s with %s to keep the value out of the state, "+
			"or %s alone.", name, writeOnly, version, writeOnly, version, name))
	case config.isSet(writeOnly) && config.isNull(version):
		diags.AddError("No "+version, fmt.Sprintf("%s_wo needs %s: Terraform cannot compare a write-only value, so it is sent when the version "+
			"changes. Write %s = \"1\" and change it with each new value.", s.label(), version, version))
	case config.isSet(version) && config.isNull(writeOnly):
		diags.AddAttributeError(s.path(version), "No "+writeOnly, fmt.Sprintf("%s needs %s. To remove the value, remove both arguments.",
			version, writeOnly))
	case s.memberBy != "" && hasValue && config.isSet(s.memberBy) && s.members[config.text(s.memberBy)] == "":
		diags.AddAttributeError(s.path(s.memberBy), "No place for a "+name, fmt.Sprintf("The provider knows no %s for the %s %q. Those that have one "+
			"are %s. Otherwise leave %s, %s and %s out.", name, s.memberBy, config.text(s.memberBy), words(s.kinds()), name, writeOnly, version))
	}
	for _, argument := range []string{name, writeOnly} {
		if config.isSet(argument) && config[argument].Equal(s.field().empty()) {
			diags.AddAttributeError(s.path(argument), "Empty "+argument, argument+" must not be empty. To remove the value, leave the argument out.")
		}
	}
}

// field is a row for the value of the secret.
func (s *secret) field() *field { return &field{name: s.name, at: s.at, value: s.value} }

// kinds are the values of memberBy that have a secret.
func (s *secret) kinds() []string {
	return slices.DeleteFunc(sortedKeys(s.members), func(kind string) bool { return s.members[kind] == "" })
}

// managed reports whether a plan or a state says that Terraform sets the secret. The
// write-only value itself is in neither.
func (s *secret) managed(v values) bool { return s.isPlain(v) || !v.inner(s.in...).isNull(s.version()) }

// isPlain reports whether the value itself is in a plan or a state.
func (s *secret) isPlain(v values) bool {
	return !s.shown && !v.inner(s.in...).isNull(s.name)
}

// plan returns what a plan says of the flag that shows the secret: true while one is
// managed, so that one that was removed in the portal is put back. Plan and state decide
// and not the configuration: under ignore_changes they differ.
func (s *secret) plan(config, plan, state values) tftypes.Value {
	flag := func(b bool) tftypes.Value { return tftypes.NewValue(tftypes.Bool, b) }
	switch {
	case config.isUnknown(s.name):
		return unknownOf(tftypes.Bool) // it can turn out null
	case config.isUnknown(s.writeOnly()):
		if state != nil && config.equal(s.version(), state) && state.flag(s.shownBy) {
			return state[s.shownBy] // would not be sent
		}
		return unknownOf(tftypes.Bool)
	case s.managed(plan) || state == nil && !config.isNull(s.writeOnly()):
		return flag(true)
	case state == nil, s.managed(state):
		return flag(false)
	default:
		return state[s.shownBy]
	}
}

// send returns the value to send as JSON, null to clear it, and whether it has to be
// sent. The plan decides, not the configuration; only the write-only value is in the
// configuration alone.
func (s *secret) send(config, plan, state values) (value json.RawMessage, needed bool, err error) {
	if s.shown && (state != nil || !s.managed(plan)) {
		return nil, false, nil
	}
	if !s.managed(plan) {
		return json.RawMessage("null"), s.memberBy == "" && state != nil && s.managed(state), nil
	}
	needed = state == nil || s.pointer(plan) != s.pointer(state) || s.shownBy != "" && plan.flag(s.shownBy) && !state.flag(s.shownBy)
	config, plan, state = config.inner(s.in...), plan.inner(s.in...), state.inner(s.in...)
	argument := s.name
	source := plan
	if plan.isNull(s.name) {
		argument, source = s.writeOnly(), config
	}
	needed = needed || state == nil || !s.onlyWriteOnly && !plan.equal(s.name, state) || !plan.equal(s.version(), state)
	if !source.isSet(argument) || source[argument].Equal(s.field().empty()) {
		if !needed {
			return nil, false, nil
		}
		return nil, false, fmt.Errorf("the configuration has no %s to send; write it, or take %s out of ignore_changes", argument, s.version())
	}
	document, err := s.field().toDocument(source[argument])
	return ownership.ValueText(document), needed, err
}

// argument is the argument that errors about the secret name. It is never the one
// that holds the value.
func (s *secret) argument(plan values) string {
	if !plan.isNull(s.version()) {
		return s.version()
	}
	if s.shownBy != "" {
		return s.shownBy
	}
	return s.name
}

// keep puts the secret arguments of another object into v. An object that was not there takes none.
func (s *secret) keep(v, from values) {
	if from = from.inner(s.in...); from != nil {
		if !s.onlyWriteOnly && !s.shown {
			v.put(s.in, s.name, from[s.name])
		}
		v.put(s.in, s.version(), from[s.version()])
	}
}

// isHidden reports whether the state has the version of a value in the place of the value.
func (k *kind) isHidden(f *field, state values) bool {
	for i := range k.secrets {
		if s := &k.secrets[i]; s.shown && s.name == f.name {
			return s.managed(state)
		}
	}
	return false
}

// secretValues are the values that must not be in an error or a log line.
func (k *kind) secretValues(all ...values) []string {
	var found []string
	for _, v := range all {
		for _, s := range k.everySecret() {
			for _, name := range []string{s.name, s.writeOnly()} {
				if s.shown && name == s.name {
					continue
				}
				inner := v.inner(s.in...)
				for _, value := range append(slices.Collect(maps.Values(inner.textMap(name))), inner.text(name)) {
					if value != "" {
						found = append(found, value)
					}
				}
			}
		}
	}
	return found
}
