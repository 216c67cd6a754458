package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tavus/terraform-provider-tavus/internal/advice"
)

// warnTexts warns where a JSON text that this plan sends is not what a schema of package
// advice knows. The schema belongs to one release of Tavus, so it is one
// warning for an argument and never an error. What the plan leaves as it is stays
// quiet: it may be an imported document with the words of a later release.
func (p *planner) warnTexts() {
	for i := range p.kind.fields {
		f := &p.kind.fields[i]
		if f.checkedBy == "" || !p.config.isSet(f.name) {
			continue
		}
		if p.state != nil && p.plan.equal(f.name, p.state) {
			continue
		}
		found := advice.Check(f.checkedBy, []byte(p.config.text(f.name)))
		if len(found) == 0 {
			continue
		}
		p.diags.AddAttributeWarning(path.Root(f.name), fmt.Sprintf("%s %s: %s", p.name(), f.name, findings(len(found))),
			fmt.Sprintf("This is not known in %s of %s:\n\n  %s\n\nIt was checked against: %s. A later release of Tavus "+
				"may know more, so the values are sent all the same.", f.name, p.name(), strings.Join(found, "\n  "), advice.Title(f.checkedBy)))
	}
}

// name is what a warning of the plan calls the object.
func (p *planner) name() string { return plannedTitle(p.kind.api.Noun, p.plan) }

func findings(n int) string {
	if n == 1 {
		return "1 finding"
	}
	return fmt.Sprintf("%d findings", n)
}
