package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/advice"
)

const wrongText = `{"widget": {"text": "private words"}, "widgt": {}}`

// deploymentValues are the attributes of a deployment with a customization, "?" for
// an unknown one and "" for none.
func deploymentValues(id, customization string) values {
	v := values{
		"id":   tftypes.NewValue(tftypes.String, id),
		"name": tftypes.NewValue(tftypes.String, "Docs site"),
	}
	switch customization {
	case "":
		v["customization"] = tftypes.NewValue(tftypes.String, nil)
	case "?":
		v["customization"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	default:
		v["customization"] = tftypes.NewValue(tftypes.String, customization)
	}
	return v
}

func TestWarnTexts_WarnsOfWhatThePlanSends(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state, config, plan string
		summary             string
	}{
		"new object":           {"none", wrongText, wrongText, "deployment Docs site customization: 2 findings"},
		"new, nothing wrong":   {"none", `{"widget": {}}`, `{"widget": {}}`, ""},
		"new, not known":       {"none", "?", "?", ""},
		"new, left out":        {"none", "", "", ""},
		"change":               {`{}`, wrongText, wrongText, "deployment d1 customization: 2 findings"},
		"change, one finding":  {`{}`, `{"x": 1}`, `{"x": 1}`, "deployment d1 customization: 1 finding"},
		"unchanged":            {wrongText, wrongText, wrongText, ""},
		"the state's text":     {wrongText, wrongText + " ", wrongText, ""},
		"not managed any more": {wrongText, "", wrongText, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			p := planner{kind: deployments, diags: &diags, config: deploymentValues("", test.config), plan: deploymentValues("", test.plan)}
			if test.state != "none" {
				p.plan, p.state = deploymentValues("d1", test.plan), deploymentValues("d1", test.state)
			}
			p.warnTexts()
			if diags.HasError() || diags.WarningsCount() > 1 {
				t.Fatalf("got %v", diags)
			}
			summary := ""
			for _, d := range diags {
				summary = d.Summary()
			}
			if summary != test.summary {
				t.Errorf("got %q, want %q", summary, test.summary)
			}
		})
	}
}

func TestWarnTexts_ListsFindingsWithoutValues(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	p := planner{kind: deployments, diags: &diags, config: deploymentValues("", wrongText), plan: deploymentValues("", wrongText)}
	p.warnTexts()
	if diags.WarningsCount() != 1 {
		t.Fatalf("got %v", diags)
	}
	detail := diags[0].Detail()
	for _, want := range []string{
		"/widget/text: a string where an object is expected", `/widgt: unknown key, did you mean "widget"?`,
		"the values are sent all the same", "@tavus/widget 0.18.0",
	} {
		if !strings.Contains(detail, want) {
			t.Errorf("%q is not in:\n%s", want, detail)
		}
	}
	if strings.Contains(detail, "private words") {
		t.Errorf("a value is in:\n%s", detail)
	}
}

// A name of a schema that does not exist would panic while planning.
func TestWarnTexts_EachSchemaExists(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, k := range []*kind{deployments, pals} {
		for i := range k.fields {
			if schema := k.fields[i].checkedBy; schema != "" {
				checked++
				if advice.Title(schema) == "" {
					t.Errorf("%s %s: the schema has no title", k.name, k.fields[i].name)
				}
			}
		}
	}
	if checked < 2 {
		t.Errorf("%d arguments are checked; customization and limits are at least", checked)
	}
}
