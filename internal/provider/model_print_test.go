package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/ownedjson"
)

// print is the history for a person who wants to follow it: the simulator to start,
// configurations to paste, and commands. failed is the step that failed.
func (h history) print(failed int) string {
	var b strings.Builder
	flags := strings.Join(append([]string{"-portal"}, positions(h.options())...), " ")
	fmt.Fprintf(&b, "To follow it, start the server, export the TAVUS_BASE_URL that it prints and a TAVUS_API_KEY:\n"+
		"  go run ./internal/cmd/tavus-simulator %s\n", flags)
	c := firstConfiguration()
	for i, s := range h.steps {
		c = c.clone()
		for _, e := range s.edits {
			e.apply(&c)
		}
		mark := ""
		if i == failed {
			mark = "   <-- HERE"
		}
		fmt.Fprintf(&b, "\n%d. %s%s\n", i+1, s.title(), mark)
		switch s.kind {
		case stepApply, stepSaved, stepDuring, stepFaults:
			for _, e := range s.edits {
				fmt.Fprintf(&b, "   (%s)\n", e)
			}
			b.WriteString(indent(c.resource()))
		}
		for _, line := range s.commands() {
			b.WriteString("   " + line + "\n")
		}
		if i == failed {
			return b.String()
		}
	}
	if failed == len(h.steps) {
		fmt.Fprintf(&b, "\n%d. At the end   <-- HERE\n   terraform destroy\n", failed+1)
	}
	return b.String()
}

func (s step) title() string {
	switch s.kind {
	case stepApply:
		return "Write this configuration and apply it, again where a plan is not empty"
	case stepSaved:
		return "Write this configuration, save a plan of it, edit in the portal, and apply the saved plan"
	case stepDuring:
		return "Write this configuration and apply it, while a person edits in the portal between the provider's GET and its PATCH"
	case stepPortal:
		return "Edit in the portal"
	case stepVisit:
		return "A visitor comes"
	case stepRefresh:
		return "Refresh"
	case stepGone:
		return "Delete the deployment in the portal"
	case stepImport:
		return "Forget and import the deployment"
	case stepLosePrivate:
		return "Take \"private\" out of the state file"
	case stepDestroy:
		return "Destroy"
	case stepFaults:
		return "Write this configuration, let the server fail while it is applied, then apply until nothing is left to do"
	}
	return s.kind
}

const control = `curl -sX %s "$TAVUS_BASE_URL/_simulator/%s"%s`

// commands are what a person types.
func (s step) commands() []string {
	find := `ID=$(curl -s "$TAVUS_BASE_URL/_simulator/deployments" | jq -r '.deployments[-1].deployment_id')`
	var edits []string
	for _, e := range s.portal {
		if e.deletes() {
			edits = append(edits, fmt.Sprintf(control, "DELETE", "deployments/$ID", ""))
			continue
		}
		edits = append(edits, fmt.Sprintf(control, "PATCH", "deployments/$ID", " -d '"+strings.ReplaceAll(e.mergePatch(), "'", `'\''`)+"'"))
	}
	if len(edits) > 0 {
		edits = append([]string{find}, edits...)
	}
	switch s.kind {
	case stepApply:
		return []string{"terraform apply"}
	case stepSaved:
		return slices.Concat([]string{"terraform plan -out=saved"}, edits, []string{"terraform apply saved"})
	case stepDuring:
		return append(edits, "terraform apply    # with the edits above after its GET")
	case stepPortal:
		return edits
	case stepVisit:
		return []string{find, fmt.Sprintf(control, "POST", "deployments/$ID/visit", "")}
	case stepRefresh:
		return []string{"terraform apply -refresh-only"}
	case stepGone:
		return []string{find, fmt.Sprintf(control, "DELETE", "deployments/$ID", "")}
	case stepImport:
		return []string{find, "terraform state rm " + address, "terraform import " + address + ` "$ID"`}
	case stepDestroy:
		return []string{"terraform destroy"}
	case stepFaults:
		return []string{
			fmt.Sprintf(control, "PUT", "faults", " -d '"+s.faults+"'"), "terraform apply",
			fmt.Sprintf(control, "DELETE", "faults", ""), "terraform apply    # until the plan is empty",
		}
	}
	return nil
}

// mergePatch is a portal edit as a JSON merge patch (RFC 7396), in which a null
// takes a key away.
func (e edit) mergePatch() string {
	value := any(nil)
	if e.value != "" {
		value = parseJSON(e.value)
	}
	if e.pointer == "" {
		return marshal(map[string]any{e.target: value}, "")
	}
	object := tree{}
	put(object, e.pointer, value)
	return marshal(map[string]any{e.target: object}, "")
}

func indent(text string) string {
	return "   " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n   ") + "\n"
}

// resource is the configuration as Terraform reads it.
func (c *configuration) resource() string {
	var b strings.Builder
	b.WriteString("resource \"tavus_deployment\" \"test\" {\n")
	line := func(name, expression string) { fmt.Fprintf(&b, "  %s = %s\n", name, expression) }
	line("pal_id", hclString(c.pal))
	line("channel", hclString(c.channel))
	if c.name != nil {
		line("name", hclString(*c.name))
	}
	if c.status != "" {
		line("status", hclString(c.status))
	}
	for _, argument := range slices.Sorted(maps.Keys(c.objects)) {
		line(argument, c.expression(argument))
	}
	if c.origins != nil {
		quoted := make([]string, len(c.origins))
		for i, origin := range c.origins {
			quoted[i] = hclString(origin)
		}
		line("allowed_origins", "["+strings.Join(quoted, ", ")+"]")
	}
	switch {
	case c.password != "" && c.version != "":
		line("password_wo", hclString(c.password))
		line("password_wo_version", hclString(c.version))
	case c.password != "":
		line("password", hclString(c.password))
	}
	if len(c.ignore) > 0 {
		fmt.Fprintf(&b, "  lifecycle {\n    ignore_changes = [%s]\n  }\n", strings.Join(c.ignore, ", "))
	}
	b.WriteString("}\n")
	return b.String()
}

// expression gives an object with jsonencode. Where the text is not what jsonencode
// writes (another spelling of a number, white space), it is a string. JSON is also
// an expression of Terraform's language, once its templates are escaped.
func (c *configuration) expression(argument string) string {
	text := c.text(argument)
	object, err := ownedjson.ParseConfig(text)
	if err == nil && object.Text() == text {
		return "jsonencode(" + escapeTemplates(text) + ")"
	}
	return hclString(text)
}

func escapeTemplates(text string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(text)
}

// hclString is a string of Terraform's language. Its escapes are those of JSON, and it
// has templates beside them.
func hclString(text string) string {
	return escapeTemplates(marshal(text, ""))
}
