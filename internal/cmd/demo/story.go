package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

// A story is one run of the demo.
type story struct {
	*screen
	box    *clitools.Sandbox
	dir    string // where the configuration is
	portal portal
	made   bool // something may be there that has to be destroyed
}

// The names in examples/demo.
const (
	docsName     = "Docs site"
	tourName     = "Product tour"
	campaignName = "Spring campaign"
)

// movingFields change with every visit and every write.
var movingFields = []string{"usage_total", "usage_today", "updated_at"}

// What people write while the story goes on.
const (
	portalThanks = "See you in the store"
	newHeadline  = "Last week of the spring sale"
)

func (t *story) tell(ctx context.Context) error {
	for _, chapter := range []func(context.Context) error{
		t.apply, t.nothingToDo, t.portalEdit, t.change, t.drift, t.destroy,
	} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	return nil
}

// run shows a command and its output, and returns its exit code.
func (t *story) run(ctx context.Context, args ...string) (int, error) {
	t.command(t.box.CLI.Name + " " + strings.Join(args, " "))
	if !t.colour {
		args = append([]string{args[0], "-no-color"}, args[1:]...)
	}
	result, err := t.box.Run(ctx, t.dir, t.file, args...)
	t.print("", "")
	return result.Code, err
}

// must is run for a command that has to end with the exit code.
func (t *story) must(ctx context.Context, code int, args ...string) error {
	got, err := t.run(ctx, args...)
	if err != nil {
		return err
	}
	if got != code {
		return fmt.Errorf("%s %s: exit code %d instead of %d", t.box.CLI.Name, args[0], got, code)
	}
	return nil
}

// emptyPlan runs a plan that has to find nothing, and shows it.
func (t *story) emptyPlan(ctx context.Context, args ...string) error {
	args = append([]string{"plan", "-detailed-exitcode"}, args...)
	code, err := t.run(ctx, args...)
	if err != nil {
		return err
	}
	return t.check(code == 0, "exit code 0 from %q: nothing to do", strings.Join(args, " "))
}

func (t *story) apply(ctx context.Context) error {
	t.chapter("Three deployments, from one configuration")
	t.say("examples/demo is what a platform team would write: a widget on the docs site, a guide inside the product " +
		"page, and a landing page for a campaign, with theme, texts, limits, origins and a visitor password.")
	t.command(t.box.CLI.Name + " init")
	result, err := t.box.Run(ctx, t.dir, nil, "init", "-no-color")
	if err != nil {
		return err
	}
	if result.Code != 0 {
		return fmt.Errorf("init: exit code %d\n%s%s", result.Code, result.Stdout, result.Stderr)
	}
	t.note("(the provider comes from a folder here, not from the registry)")
	t.made = true
	if err := t.must(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	live, err := t.portal.deployments(ctx)
	if err != nil {
		return err
	}
	campaign := live[campaignName]
	return errors.Join(
		t.check(len(live) == 3, "the server holds three deployments"),
		t.check(live[docsName].text("channel") == "widget" && live[tourName].text("channel") == "embed" &&
			campaign.text("channel") == "landing-page", "a widget, an embed and a landing page"),
		t.check(campaign["has_password"] == true, "visitors of the landing page need the password"),
	)
}

func (t *story) nothingToDo(ctx context.Context) error {
	t.chapter("A second plan is empty")
	t.say("The server filled in settings of its own, and visitors come all day. Neither is news to Terraform.")
	live, err := t.portal.deployments(ctx)
	if err != nil {
		return err
	}
	before := live[docsName].number("usage_total")
	for range 25 {
		if err := t.portal.visit(ctx, live[docsName].id()); err != nil {
			return err
		}
	}
	t.event("25 visitors talk to the guide on the docs site")
	if _, err := t.portal.takeRequests(ctx); err != nil {
		return err
	}
	if err := t.emptyPlan(ctx); err != nil {
		return err
	}
	requests, err := t.portal.takeRequests(ctx)
	if err != nil {
		return err
	}
	if live, err = t.portal.deployments(ctx); err != nil {
		return err
	}
	return errors.Join(
		t.check(live[docsName].number("usage_total") >= before+25, "the usage counter moved from %.0f to %.0f meanwhile",
			before, live[docsName].number("usage_total")),
		t.check(count(requests, "GET") == 3 && len(requests) == 3, "the plan sent three GETs, one for each deployment, and nothing else"),
	)
}

func (t *story) portalEdit(ctx context.Context) error {
	t.chapter("People go on working in the portal")
	t.say("The configuration says nothing of what visitors of the landing page read after a call. The campaign team " +
		"writes it in the portal.")
	live, err := t.portal.deployments(ctx)
	if err != nil {
		return err
	}
	patch := map[string]any{"customization": map[string]any{"after_call": map[string]any{"title": portalThanks}}}
	if err := t.portal.edit(ctx, live[campaignName].id(), patch); err != nil {
		return err
	}
	t.event("portal: %s: after_call.title = %q", campaignName, portalThanks)
	if err := t.emptyPlan(ctx); err != nil {
		return err
	}
	return t.emptyPlan(ctx, "-refresh-only")
}

func (t *story) change(ctx context.Context) error {
	t.chapter("A change in Terraform keeps their work")
	t.say("The sale ends, so the headline of the landing page changes.")
	before, err := t.portal.deployments(ctx)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("campaign_headline = %q\n", newHeadline)
	if err := os.WriteFile(filepath.Join(t.dir, "terraform.tfvars"), []byte(text), 0o600); err != nil {
		return err
	}
	t.event("terraform.tfvars: %s", strings.TrimSpace(text))
	if err := t.must(ctx, 2, "plan", "-detailed-exitcode", "-out=headline.tfplan"); err != nil {
		return err
	}
	if _, err := t.portal.takeRequests(ctx); err != nil {
		return err
	}
	if err := t.must(ctx, 0, "apply", "headline.tfplan"); err != nil {
		return err
	}
	requests, err := t.portal.takeRequests(ctx)
	if err != nil {
		return err
	}
	after, err := t.portal.deployments(ctx)
	if err != nil {
		return err
	}
	for _, r := range requests {
		t.print(dim, fmt.Sprintf("  %s %s -> %d", r.Method, r.Path, r.Status))
	}
	campaign := after[campaignName]
	wanted, got := before[campaignName].without(movingFields...), campaign.without(movingFields...)
	if err := wanted.set(newHeadline, "customization", "preview", "title"); err != nil {
		return err
	}
	return errors.Join(
		t.check(campaign.text("customization", "preview", "title") == newHeadline, "on the server, preview.title is %q", newHeadline),
		t.check(campaign.text("customization", "after_call", "title") == portalThanks, "and after_call.title still is %q", portalThanks),
		t.check(reflect.DeepEqual(got, wanted), "nothing else in it moved, and its id is the one it had, so no page breaks"),
		t.check(count(requests, "PATCH") == 1 && len(requests) == 2, "a GET and a PATCH did it"),
		t.emptyPlan(ctx),
	)
}

func (t *story) drift(ctx context.Context) error {
	t.chapter("A setting that Terraform owns is repaired")
	t.say("Somebody changes the brand's colour on the product page, which the configuration does set.")
	live, err := t.portal.deployments(ctx)
	if err != nil {
		return err
	}
	brand := live[tourName].text("customization", "magic_canvas", "accent_color")
	patch := map[string]any{"customization": map[string]any{"magic_canvas": map[string]any{"accent_color": "#ff00aa"}}}
	if err := t.portal.edit(ctx, live[tourName].id(), patch); err != nil {
		return err
	}
	t.event("portal: %s: magic_canvas.accent_color = %q", tourName, "#ff00aa")
	if err := t.must(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if live, err = t.portal.deployments(ctx); err != nil {
		return err
	}
	return t.check(brand != "" && live[tourName].text("customization", "magic_canvas", "accent_color") == brand,
		"the colour is %s again", brand)
}

func (t *story) destroy(ctx context.Context) error {
	t.chapter("And all of it goes")
	t.command(t.box.CLI.Name + " destroy -auto-approve")
	result, err := t.box.Run(ctx, t.dir, nil, "destroy", "-auto-approve", "-no-color")
	if err != nil {
		return err
	}
	if result.Code != 0 {
		return fmt.Errorf("destroy: exit code %d\n%s%s", result.Code, result.Stdout, result.Stderr)
	}
	// The plan shows again what stood above, with a minus at each line.
	t.note("...")
	if i := strings.Index(result.Stdout, "\nPlan: "); i >= 0 {
		t.print("", strings.TrimSpace(result.Stdout[i:]))
	}
	t.gap()
	t.made = false
	live, err := t.portal.deployments(ctx)
	if err != nil {
		return err
	}
	return t.check(len(live) == 0, "the server holds no deployment")
}

// cleanup destroys what a story that broke off left behind. It works after the
// end of ctx, or an interrupted demo would leave deployments.
func (t *story) cleanup(ctx context.Context) error {
	if !t.made {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	// Not on the screen, which may be what went away.
	result, err := t.box.Run(ctx, t.dir, nil, "destroy", "-auto-approve", "-no-color")
	if err != nil {
		return fmt.Errorf("cleaning up: %w", err)
	}
	if result.Code != 0 {
		return fmt.Errorf("cleaning up: destroy: exit code %d\n%s%s", result.Code, result.Stdout, result.Stderr)
	}
	t.made = false
	live, err := t.portal.deployments(ctx)
	if err != nil {
		return fmt.Errorf("cleaning up: %w", err)
	}
	if len(live) > 0 {
		return fmt.Errorf("cleaning up: the server still holds %d deployments", len(live))
	}
	return nil
}

func count(requests []sent, method string) int {
	n := 0
	for _, r := range requests {
		if r.Method == method {
			n++
		}
	}
	return n
}
