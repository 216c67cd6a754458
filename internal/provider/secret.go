package provider

import (
	"encoding/json"
	"fmt"

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
	at      string    // JSON pointer, where an update sends it
	value   valueType // text, or textMap of what is only write-only
	shownBy string    // computed flag that tells whether the server has one
	// onlyWriteOnly: there is no NAME, so the value is never in the state.
	onlyWriteOnly bool

	about, aboutWriteOnly, aboutVersion string
}

func (s *secret) writeOnly() string { return s.name + "_wo" }
func (s *secret) version() string   { return s.name + "_wo_version" }

func (s *secret) attributes(to map[string]schema.Attribute) {
	if !s.onlyWriteOnly {
		to[s.name] = schema.StringAttribute{MarkdownDescription: s.about, Optional: true, Sensitive: true}
	}
	// The write-only attribute is not Sensitive on top, because its value is in no plan
	// and no state. Terraform 1.11 writes the paths of two sensitive attributes in random
	// order, and then a refresh-only plan reports a change that is none.
	if s.value == textMap {
		to[s.writeOnly()] = schema.MapAttribute{MarkdownDescription: s.aboutWriteOnly, ElementType: types.StringType, Optional: true, WriteOnly: true}
	} else {
		to[s.writeOnly()] = schema.StringAttribute{MarkdownDescription: s.aboutWriteOnly, Optional: true, WriteOnly: true}
	}
	to[s.version()] = schema.StringAttribute{MarkdownDescription: s.aboutVersion, Optional: true}
}

// validate finds arguments that do not go together. Errors are at the arguments that
// hold no secret: Terraform prints the source line of an error.
func (s *secret) validate(config values, diags *diag.Diagnostics) {
	name, writeOnly, version := s.name, s.writeOnly(), s.version()
	switch {
	case config.isSet(name) && (config.isSet(writeOnly) || config.isSet(version)):
		diags.AddError("Two values of "+name, fmt.Sprintf("%s conflicts with %s and %s. Use %s with %s to keep the value out of the state, "+
			"or %s alone.", name, writeOnly, version, writeOnly, version, name))
	case config.isSet(writeOnly) && config.isNull(version):
		diags.AddError("No "+version, fmt.Sprintf("%s needs %s: Terraform cannot compare a write-only value, so it is sent when the version "+
			"changes. Write %s = \"1\" and change it with each new value.", writeOnly, version, version))
	case config.isSet(version) && config.isNull(writeOnly):
		diags.AddAttributeError(path.Root(version), "No "+writeOnly, fmt.Sprintf("%s needs %s. To remove the value, remove both arguments.",
			version, writeOnly))
	}
	for _, argument := range []string{name, writeOnly} {
		if config.isSet(argument) && config[argument].Equal(s.field().empty()) {
			diags.AddAttributeError(path.Root(argument), "Empty "+argument, argument+" must not be empty. To remove the value, leave the argument out.")
		}
	}
}

// field is a row for the value of the secret.
func (s *secret) field() *field { return &field{name: s.name, at: s.at, value: s.value} }

// managed reports whether a plan or a state says that Terraform sets the secret. The
// write-only value itself is in neither.
func (s *secret) managed(v values) bool { return !v.isNull(s.name) || !v.isNull(s.version()) }

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
	if !s.managed(plan) {
		return json.RawMessage("null"), state != nil && s.managed(state), nil
	}
	argument := s.name
	source := plan
	if plan.isNull(s.name) {
		argument, source = s.writeOnly(), config
	}
	needed = state == nil || !s.onlyWriteOnly && !plan.equal(s.name, state) || !plan.equal(s.version(), state) ||
		s.shownBy != "" && plan.flag(s.shownBy) && !state.flag(s.shownBy)
	if !needed {
		return nil, false, nil
	}
	if !source.isSet(argument) {
		return nil, false, fmt.Errorf("the configuration has no %s to send; write it, or take %s out of ignore_changes", argument, s.version())
	}
	document, err := s.field().toDocument(source[argument])
	return ownership.ValueText(document), true, err
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

// keep puts the secret arguments of another object into v.
func (s *secret) keep(v, from values) {
	if v[s.version()] = from[s.version()]; !s.onlyWriteOnly {
		v[s.name] = from[s.name]
	}
}

// secretValues are the values that must not be in an error or a log line.
func (k *kind) secretValues(all ...values) []string {
	var found []string
	for _, v := range all {
		for i := range k.secrets {
			for _, name := range []string{k.secrets[i].name, k.secrets[i].writeOnly()} {
				found = append(found, v.innerTexts(name)...)
			}
		}
	}
	return found
}
