package provider

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// objectives are sets of objectives: one id is that of a whole list
// (docs.tavus.io/api-reference/objectives).
var objectives = &kind{
	name: "objectives", plural: "sets of objectives", moved: true,
	about: "What a PAL is to find out or to do in a conversation, as a list of objectives that lead to each other by their names. A PAL " +
		"takes the list as `objectives_id`.\n\nThe list is managed as a whole, in its order: each change writes all of it. What the Tavus portal " +
		"put into an objective beside the arguments below is kept.",
	dataAbout: "Reads one set of objectives, by its ID or by its exact name, whoever made it.",
	listAbout: "Lists the sets of objectives of the account for `terraform query` (Terraform 1.14 and later), whoever made them. Nothing is " +
		"written to the server.",
	api: &tavus.Collection{
		Path: "/v2/objectives", ID: "objectives_id", Noun: "set of objectives", FirstPage: 1, Form: objectivesForm, Moving: []string{"updated_at"},
	},
	wholeAt: "/data",
	fields: []field{
		{name: "objectives_id", about: "ID of the set, which a PAL takes as `objectives_id`."},
		objectiveList,
		{name: "created_at", value: timestamp, about: "When the set was created (RFC 3339). Empty where the API does not show it."},
	},
	dataFields: []field{
		{name: "name", at: "/objective_name", about: "Name of the set, which Tavus gives it: that of an objective."},
		{name: "status", about: "Status of the set."},
		{name: "updated_at", value: timestamp, about: "When the set was last changed (RFC 3339)."},
	},
	validate: validateObjectives, warn: warnObjectives, adapt: adaptObjectives, unseen: unseenObjectives,
}

var objectiveList = field{
	name: "objectives", at: "/data", use: required, value: objectList, key: "name", fields: objectiveFields,
	about: "The objectives, one or more. The order counts: a conversation begins with the first.",
}

var objectiveFields = []field{
	{
		name: "name", at: "/objective_name", use: required, about: "Name, unique in the list and without white space. Others refer to it.",
		validators: []validator.String{stringvalidator.RegexMatches(regexp.MustCompile(`^\S+$`), "must have at least one character and no white space")},
	},
	{name: "prompt", at: "/objective_prompt", use: required, validators: filled, about: "What the PAL is to find out or to do, in plain words."},
	{
		name: "confirmation_mode", use: managed, oneOf: []string{"auto", "manual"},
		about: "Who says that the objective is met: `auto`, the PAL, or `manual`, the visitor, whom the PAL asks. If left out, it is not " +
			"managed; the server takes `auto`.",
	},
	{
		name: "modality", use: managed, oneOf: []string{"verbal", "visual"},
		about: "What is judged: `verbal`, what the visitor says, or `visual`, what the PAL sees. If left out, it is not managed; the server takes `verbal`.",
	},
	{name: "output_variables", use: optional, value: texts, about: "Names of what is collected, for the callback."},
	{
		name: "next_conditional_objectives", use: optional, value: textMap,
		about: "Where the conversation goes on: a map from the name of an objective of the list to the condition for it.",
	},
	{name: "next_required_objective", use: optional, about: "Name of the objective of the list that follows in any case."},
	{
		name: "callback_url", use: optional,
		about: "URL that is called when the objective is met. It is shown in plans and kept in the state, so put no token into it.",
	},
}

// setMembers are members of a set that some answers show in its objectives.
var setMembers = []string{"objectives_id", "created_at", "updated_at", "status"}

// objectivesForm makes {"objectives_id": …, "data": …} of every documented form of an answer: the set
// with the array of its objectives, the set with one objective, and either of them alone. What is none
// of these stays as it is.
func objectivesForm(body []byte, id string) []byte {
	set, one := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	var items []json.RawMessage
	if json.Unmarshal(body, &items) == nil && items != nil {
		set["data"] = body
	} else if json.Unmarshal(body, &set) != nil {
		return body
	}
	if json.Unmarshal(set["data"], &one) == nil && one["data"] != nil {
		set, one = one, map[string]json.RawMessage{}
		_ = json.Unmarshal(set["data"], &one)
	}
	if set["objective_prompt"] != nil && set["data"] == nil {
		set, one = map[string]json.RawMessage{"data": body}, set
	}
	if set["data"] == nil {
		return body
	}
	for _, name := range append([]string{"objective_name"}, setMembers...) {
		if value, found := one[name]; found && set[name] == nil {
			set[name] = value
		}
	}
	if set["objectives_id"] == nil && id != "" {
		set["objectives_id"], _ = json.Marshal(id) //nolint:errchkjson // A string always marshals.
	}
	form, err := json.Marshal(set)
	if err != nil {
		return body
	}
	return form
}

// adaptObjectives gives each objective the members that the API documents today. Where the server
// shows one objective only, the others are as they are known.
func adaptObjectives(live, known *ownership.Document) *ownership.Document {
	data, _ := live.At("/data")
	items, isList := data.([]any)
	if one, isOne := data.(map[string]any); isOne {
		items, isList = withOne(known, one), true
	}
	if !isList {
		return live
	}
	adapted := make([]any, len(items))
	for i, item := range items {
		members, isObject := item.(map[string]any)
		if adapted[i] = item; isObject {
			adapted[i] = currentMembers(members)
		}
	}
	return live.With("/data", adapted)
}

// withOne puts the one objective that the server shows among those that are known: in the place of the
// one with its name, or of the first, where it has another name now.
func withOne(known *ownership.Document, one map[string]any) []any {
	data, _ := known.At("/data")
	all, _ := data.([]any)
	if len(all) == 0 {
		return []any{one}
	}
	all = slices.Clone(all)
	at := slices.IndexFunc(all, func(item any) bool {
		members, _ := item.(map[string]any)
		return members["objective_name"] == one["objective_name"]
	})
	all[max(at, 0)] = one
	return all
}

// currentMembers are the members of an objective, without those of its set, and with the name that
// follows under the spelling of today: older servers have an array of one under another one. Several
// names in it are left as they are.
func currentMembers(members map[string]any) map[string]any {
	current := map[string]any{}
	for name, value := range members {
		if slices.Contains(setMembers, name) {
			continue
		}
		list, isList := value.([]any)
		switch {
		case name != "next_required_objectives" && name != "next_required_objective":
			current[name] = value
		case !isList:
			current["next_required_objective"] = value
		case len(list) == 1:
			current["next_required_objective"] = list[0]
		case len(list) > 1:
			current["next_required_objectives"] = value
		}
	}
	return current
}

// unseenObjectives says that an answer shows one objective, which need not be the whole list.
func unseenObjectives(answer []byte, known *ownership.Document) string {
	var set struct {
		Data map[string]any `json:"data"`
	}
	data, _ := known.At("/data")
	if all, _ := data.([]any); json.Unmarshal(answer, &set) != nil || set.Data == nil || len(all) == 1 {
		return ""
	}
	return fmt.Sprintf("The server shows one objective only, %q. The set may have others: what Terraform wrote of them is taken to be there, "+
		"and changes that others make in them are not seen. The next change of the set writes the whole list of the configuration.", set.Data["objective_name"])
}

// eachObjective calls do with the known objectives of the configuration.
func eachObjective(config values, do func(at path.Path, one values)) {
	var elements []tftypes.Value
	if !known(config["objectives"]) || config["objectives"].As(&elements) != nil {
		return
	}
	for i, element := range elements {
		if one, err := decodeValues(element); known(element) && err == nil {
			do(path.Root("objectives").AtListIndex(i), one)
		}
	}
}

// validateObjectives checks that the names are unique, and that what they are used for exists.
func validateObjectives(config values, diags *diag.Diagnostics) {
	var elements []tftypes.Value
	if known(config["objectives"]) && config["objectives"].As(&elements) == nil && len(elements) == 0 {
		diags.AddAttributeError(path.Root("objectives"), "No objectives", "A set has one objective or more. To do without, take the resource away.")
	}
	var names []string
	eachObjective(config, func(at path.Path, one values) {
		name := one.text("name")
		if name != "" && slices.Contains(names, name) {
			diags.AddAttributeError(at.AtName("name"), "Two objectives have one name",
				fmt.Sprintf("Objectives refer to each other by their names, and %q is the name of two. Give one of them another name.", name))
		}
		names = append(names, name)
	})
	if len(names) < len(elements) || slices.Contains(names, "") {
		return // not all of the names are known
	}
	eachObjective(config, func(at path.Path, one values) {
		refer := func(at path.Path, name string) {
			if !slices.Contains(names, name) {
				diags.AddAttributeError(at, "No such objective", fmt.Sprintf("%q is not the name of an objective of this list.%s The names are %s.",
					name, didYouMean(name, names), enumerate(names)))
			}
		}
		if name := one.text("next_required_objective"); name != "" {
			refer(at.AtName("next_required_objective"), name)
		}
		conditions := map[string]tftypes.Value{}
		if value := one["next_conditional_objectives"]; known(value) && value.As(&conditions) == nil {
			for _, name := range sortedKeys(conditions) {
				refer(at.AtName("next_conditional_objectives").AtMapKey(name), name)
			}
		}
	})
}

// warnObjectives warns of an objective that goes on in two ways.
func warnObjectives(config, _, _ values, diags *diag.Diagnostics) {
	eachObjective(config, func(at path.Path, one values) {
		if len(one.textMap("next_conditional_objectives")) > 0 && one.text("next_required_objective") != "" {
			diags.AddAttributeWarning(at, fmt.Sprintf("objective %q: two ways to go on", one.text("name")),
				"next_required_objective follows in any case, so it is not defined when next_conditional_objectives counts. Keep one of them.")
		}
	})
}
