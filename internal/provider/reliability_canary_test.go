package provider_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// canaries are secrets. Each begins with a word that stands nowhere else, and
// goes on with characters that servers write in many ways.
var canaries = struct{ key, password, passwordWO, name, title, item, number string }{
	key:        "keyCanary1a7c-secret",
	password:   "passwordCanary2b8d \"<é>&/\\'+%",
	passwordWO: "writeOnlyCanary3c9e\t<ü>&\"/",
	name:       "nameCanary4d0f: the \"new\" <site>!",
	title:      "titleCanary5e1a & <b>\\ü/",
	item:       "itemCanary6f2b 'x'",
	number:     "8675309123456",
}

// canaryWords are what is looked for.
var canaryWords = []string{
	"keyCanary1a7c", "passwordCanary2b8d", "writeOnlyCanary3c9e", "nameCanary4d0f", "titleCanary5e1a", "itemCanary6f2b", "8675309123456",
}

// leaks returns the canaries in a text, in any case.
func leaks(text string) []string {
	var found []string
	lower := strings.ToLower(text)
	for _, word := range canaryWords {
		if strings.Contains(lower, strings.ToLower(word)) {
			found = append(found, word)
		}
	}
	return found
}

func canaryCustomization(t testing.TB) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"title": canaries.title, "list": []any{canaries.item}, "deep": map[string]any{"number": json.Number(canaries.number)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// canarySpellings are secrets as they are, and as servers write them in other text.
func canarySpellings(secrets []string) string {
	var b strings.Builder
	for _, secret := range secrets {
		quoted := quotedJSON(secret)
		for _, text := range []string{secret, quoted, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret)} {
			b.WriteString(" [" + text + "]")
		}
	}
	return b.String()
}

// echoes are the shapes of an error that repeats all it was sent.
var echoes = map[string]func(text string) (contentType, body string){
	"error":   func(text string) (string, string) { return "application/json", `{"error":` + quotedJSON(text) + `}` },
	"message": func(text string) (string, string) { return "application/json", `{"message":` + quotedJSON(text) + `}` },
	"details": func(text string) (string, string) {
		return "application/json", `{"detail":[{"loc":["body","password"],"msg":` + quotedJSON(text) + `,"input":{"x":` + quotedJSON(text) + `}}]}`
	},
	"text in a text": func(text string) (string, string) {
		return "application/json", `{"error":` + quotedJSON("Invalid body "+quotedJSON(text)) + `}`
	},
	"unknown shape": func(text string) (string, string) {
		return "application/json", `{"fault":{"body":` + quotedJSON(text) + `}}`
	},
	"text": func(text string) (string, string) { return "text/plain", text },
	"HTML title": func(text string) (string, string) {
		return "text/html", "<html><head><title>" + html.EscapeString(text) + "</title></head></html>"
	},
	"HTML body": func(text string) (string, string) {
		return "text/html", "<!DOCTYPE html><body><p>" + text + "</p></body>"
	},
	"cut in half": func(text string) (string, string) { return "text/plain", strings.Repeat(" ", 64<<10-200) + text },
	"half a word": func(string) (string, string) {
		return "text/plain", strings.Repeat("x", 64<<10-len(canaries.password)/2-1) + canaries.password
	},
}

func quotedJSON(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

// canaryArguments are a deployment that is full of secrets.
func canaryArguments(t testing.TB, more args) args {
	t.Helper()
	arguments := widget(args{"name": canaries.name, "password": canaries.password, "customization": canaryCustomization(t)})
	for name, value := range more {
		arguments[name] = value
	}
	return arguments
}

// TestCanaryInDiagnostics lets the server repeat every secret in every error, on
// everything that the provider does. None stands in a diagnostic or in a line of
// the log.
func TestCanaryInDiagnostics(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 302, 400, 401, 403, 404, 409, 412, 413, 422, 500, 501, 503} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			s := newSite(t, simulator.Options{})
			var mu sync.Mutex
			var log strings.Builder
			adjust := func(config *tavus.Config) {
				quick(config)
				config.APIKey, config.MaxRetries, config.SearchWindow = canaries.key, 0, -1
				config.Log = func(_ context.Context, message string, fields map[string]any) {
					mu.Lock()
					defer mu.Unlock()
					fmt.Fprintln(&log, message, fields)
				}
			}
			whole := &questions{core: s.mustCore(t, adjust)}
			whole.schemas = newQuestions(t, s.URL).schemas
			whole.must(t, actCreate, canaryArguments(t, nil))
			id := whole.get("deployment_id")
			for shape, echo := range echoes {
				for what, step := range canarySteps(t) {
					// A server can repeat what it was sent. What the provider knows besides,
					// from the state, must not stand there either.
					text := canarySpellings(append(step.knows, canaries.key))
					spoil := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if r.Method == http.MethodGet && (status == 409 || status == 412) {
							s.ServeHTTP(w, r) // an update and a search read first, and then meet the error
							return
						}
						contentType, body := echo(text)
						w.Header().Set("Content-Type", contentType)
						w.Header().Set("X-Request-Id", strings.Join(append(step.knows, canaries.key), " "))
						w.Header().Set("Location", "https://"+canaries.key+".example/?x="+url.QueryEscape(text))
						w.WriteHeader(status)
						_, _ = w.Write([]byte(body))
					})
					s.instead.Store(&spoil)
					copied := *whole.core
					q := &questions{core: &copied, schemas: whole.schemas}
					err := step.do(q)
					said := strings.Join(append(q.warnings, fmt.Sprint(err)), "\n")
					if found := leaks(said); len(found) > 0 {
						t.Errorf("%s, %s: %v in\n%s", what, shape, found, said)
					}
					if err == nil && step.fails(status) {
						t.Errorf("%s, %s: there was no error", what, shape)
					}
				}
			}
			s.instead.Store(nil)
			mu.Lock()
			defer mu.Unlock()
			if found := leaks(log.String()); len(found) > 0 {
				t.Errorf("the log holds %v", found)
			}
			if !strings.Contains(log.String(), "/v2/deployments/"+id) {
				t.Error("the log holds no request")
			}
		})
	}
}

// canaryStep is something that a user does, and the secrets that are in the
// request, the configuration or the state.
type canaryStep struct {
	knows  []string
	do     func(q *questions) error
	spared []int
}

// fails says whether a status makes the step fail: a read is spared those of a
// write, and 404 means that there is nothing.
func (s canaryStep) fails(status int) bool {
	return !slices.Contains(s.spared, status) && status != 404
}

func canarySteps(t *testing.T) map[string]canaryStep {
	t.Helper()
	settings := []string{canaries.title, canaries.item, canaries.number}
	all := slices.Concat(settings, []string{canaries.name, canaries.password})
	writeOnly := args{"password": nil, "password_wo": canaries.passwordWO, "password_wo_version": "2"}
	write := func(more args) func(q *questions) error {
		return func(q *questions) error { return q.write(canaryArguments(t, more)) }
	}
	create := func(more args) func(q *questions) error {
		return func(q *questions) error {
			q.forget()
			return q.write(canaryArguments(t, more))
		}
	}
	data := func(typeName string, arguments args) func(q *questions) error {
		return func(q *questions) error {
			_, err := q.data(typeName, arguments)
			return err
		}
	}
	ofWrites := []int{http.StatusConflict, http.StatusPreconditionFailed}
	return map[string]canaryStep{
		"create":                   {all, create(nil), nil},
		"create with a write-only": {slices.Concat(settings, []string{canaries.name, canaries.passwordWO}), create(writeOnly), nil},
		"create without a name":    {slices.Concat(settings, []string{canaries.password}), create(args{"name": nil}), nil},
		"read":                     {all, func(q *questions) error { return q.refresh() }, ofWrites},
		"update":                   {all, write(args{"name": "New " + canaries.name}), nil},
		"rotate":                   {slices.Concat(all, []string{canaries.passwordWO}), write(writeOnly), nil},
		"take out":                 {all, func(q *questions) error { return q.write(widget(nil)) }, nil},
		"delete":                   {all, func(q *questions) error { return q.destroy() }, []int{200}},
		"data source by name":      {[]string{canaries.name}, data("tavus_deployment", args{"name": canaries.name}), ofWrites},
		"data source of many":      {[]string{canaries.name}, data("tavus_deployments", args{"search": canaries.name}), ofWrites},
		"data source of PALs":      {[]string{canaries.name}, data("tavus_pal", args{"name": canaries.name}), ofWrites},
		"list": {[]string{canaries.name}, func(q *questions) error {
			return q.list(args{"search": canaries.name}, 10, true, func(listed) bool { return true })
		}, ofWrites},
	}
}

// write plans and applies without a refresh.
func (c *core) write(arguments args) error {
	p, err := c.plan(arguments)
	if err != nil {
		return err
	}
	warnings := p.warnings
	err = c.apply(p)
	c.warnings = append(warnings, c.warnings...)
	return err
}

// TestCanaryInOwnWords goes through the provider's own errors and warnings.
func TestCanaryInOwnWords(t *testing.T) {
	t.Parallel()
	var texts []string
	tell := func(c *core, err error) {
		texts = append(texts, slices.Concat(c.warnings, []string{fmt.Sprint(err)})...)
	}
	adjust := func(config *tavus.Config) {
		quick(config)
		config.APIKey = canaries.key
	}
	// The server rewrites everything, and says less than it was told.
	s := newSite(t, simulator.Options{
		Names: simulator.NamesStripped, Lists: simulator.ListsReordered, Numbers: simulator.NumbersRounded,
		PasswordPatch: simulator.PasswordPatchIgnored, StatusPatch: simulator.StatusPatchIgnored,
	})
	c := s.mustCore(t, adjust)
	tell(c, c.write(canaryArguments(t, args{"limits": `{"max_call_duration":"` + canaries.number + `"}`})))
	tell(c, c.write(canaryArguments(t, args{"password": "new " + canaries.password, "status": "draft"})))
	id := c.get("deployment_id")
	// A conflict.
	p, err := c.plan(canaryArguments(t, args{"customization": `{"title":"new ` + canaries.item + `"}`}))
	if err != nil {
		t.Fatal(err)
	}
	s.portal(t, id, "portal "+canaries.title, "customization", "title")
	tell(c, c.apply(p))
	tell(c, c.refresh())
	tell(c, c.write(canaryArguments(t, args{"customization": `{}`, "name": ""})))
	tell(c, c.write(args{"pal_id": pal, "channel": "embed", "name": canaries.name, "customization": canaryCustomization(t)}))
	// A create that cannot be told, and one that is undone.
	s.lose(&simulator.Fault{Kind: simulator.FaultGarbage}, &simulator.Fault{Kind: simulator.FaultNoID})
	c = s.mustCore(t, adjust)
	tell(c, c.write(canaryArguments(t, args{"name": nil})))
	c = s.mustCore(t, adjust)
	tell(c, c.write(canaryArguments(t, nil)))
	c = s.mustCore(t, adjust)
	tell(c, c.write(canaryArguments(t, args{"status": "inactive"})))
	// An import, and wrong input.
	imported := s.Put(map[string]any{
		"pal_id": pal, "channel": "widget", "name": canaries.name, "password": canaries.password,
		"customization": map[string]any{"title": canaries.title},
	})
	tell(c, c.importID(imported))
	for _, text := range []string{
		`{"title":"` + canaries.item, `["` + canaries.item + `"]`, `"` + canaries.item + `"`, canaries.item, `{"a":1,"a":"` + canaries.item + `"}`,
		`{"a":"` + canaries.item + `"} x`, `{"a":` + canaries.number + `e}`,
	} {
		err := c.write(widget(args{"customization": text, "limits": text}))
		if err == nil {
			t.Errorf("%s is taken", text)
		}
		tell(c, err)
	}
	tell(c, c.write(widget(args{"password": canaries.password, "password_wo": canaries.passwordWO, "password_wo_version": "1"})))
	for _, text := range texts {
		if found := leaks(text); len(found) > 0 {
			t.Errorf("%v in\n%s", found, text)
		}
	}
	all := strings.Join(texts, "\n")
	for _, words := range []string{
		"The server changed what it was sent", "Somebody changed the key /title", "replaced", "terraform import", "Password not managed",
		"Deployment found again", "deleted again", "invalid JSON",
	} {
		if !strings.Contains(strings.ToLower(all), strings.ToLower(words)) {
			t.Errorf("nothing says %q, so this test does not see it", words)
		}
	}
}

// TestCanaryInState looks for what Terraform does not put into a state: the key,
// the write-only password, and any value in the private state.
func TestCanaryInState(t *testing.T) {
	t.Parallel()
	s := newSite(t, simulator.Options{})
	c := s.mustCore(t, func(config *tavus.Config) {
		quick(config)
		config.APIKey = canaries.key
	})
	c.must(t, actCreate, canaryArguments(t, args{"password": nil, "password_wo": canaries.passwordWO, "password_wo_version": "1"}))
	if held, _ := s.Password(c.get("deployment_id")); held != canaries.passwordWO {
		t.Fatalf("the password is %q", held)
	}
	for _, what := range []string{canaries.key, canaries.passwordWO} {
		if strings.Contains(c.state.String(), what) {
			t.Errorf("%s is in the state", what)
		}
	}
	if len(c.private) == 0 {
		t.Fatal("there is no private state")
	}
	if found := leaks(readable(t, c.private)); len(found) > 0 {
		t.Errorf("%v in the private state %s", found, c.private)
	}
}

// readable takes the base64 of the framework's private state apart.
func readable(t *testing.T, private []byte) string {
	t.Helper()
	var members map[string][]byte
	err := json.Unmarshal(private, &members)
	var all strings.Builder
	for name, value := range members {
		fmt.Fprintf(&all, "%s: %s\n", name, value)
	}
	if err != nil || !strings.Contains(all.String(), "record: ") {
		t.Fatal(errors.Join(errors.New("the private state has another form"), err))
	}
	return all.String()
}
