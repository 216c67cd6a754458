package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// member returns a rewriting that sets one member of every document, also of
// those in a list, in answers to one method.
func member(t *testing.T, method, name, value string) func(*http.Request, []byte) []byte {
	t.Helper()
	return func(r *http.Request, body []byte) []byte {
		if r.Method != method {
			return body
		}
		var doc map[string]json.RawMessage
		if json.Unmarshal(body, &doc) != nil || doc == nil {
			return body
		}
		if doc["data"] != nil {
			var items []map[string]json.RawMessage
			if err := json.Unmarshal(doc["data"], &items); err != nil {
				t.Error(err)
			}
			for _, item := range items {
				item[name] = json.RawMessage(value)
			}
			doc["data"] = spelled(items)
			return spelled(doc)
		}
		doc[name] = json.RawMessage(value)
		return spelled(doc)
	}
}

// spelled writes raw values as they are, even those that are not JSON.
func spelled(value any) []byte {
	switch value := value.(type) {
	case map[string]json.RawMessage:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(value)) {
			parts = append(parts, fmt.Sprintf("%q:%s", key, value[key]))
		}
		return []byte("{" + strings.Join(parts, ",") + "}")
	case []map[string]json.RawMessage:
		var parts []string
		for _, item := range value {
			parts = append(parts, string(spelled(item)))
		}
		return []byte("[" + strings.Join(parts, ",") + "]")
	}
	return nil
}

// wrongTypes are values that a field of another type must not have.
var wrongTypes = map[string]string{
	"string": `"text"`, "number": `12`, "list": `[1]`, "object": `{"a":1}`, "boolean": `true`, "deep": strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
}

// rightTypes are the types of the documented fields.
var rightTypes = map[string][]string{
	"deployment_id": {"string"}, "pal_id": {"string"}, "channel": {"string"}, "status": {"string"}, "name": {"string"},
	"has_password": {"boolean"}, "customization": {"object"}, "limits": {"object"}, "allowed_origins": nil,
	"thumbnail_video_url": {"string"}, "thumbnail_image_url": {"string"}, "usage_total": {"number"}, "usage_today": {"number"},
	"created_at": {"string"}, "updated_at": {"string"},
}

// TestWrongTypesInEveryField: an answer with a field of a wrong type is an error
// that names it, wherever the answer is needed. The state stays as it was, and
// a write that took effect is found again.
func TestWrongTypesInEveryField(t *testing.T) {
	t.Parallel()
	for field, right := range rightTypes {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, simulator.Options{})
			for kind, value := range wrongTypes {
				if slices.Contains(right, kind) {
					continue
				}
				c := s.mustCore(t, quick)
				arguments := widget(args{"name": "Docs", "customization": `{"a":1}`})
				// The answers to the writes are of no use, so the deployment is read.
				s.answers(member(t, http.MethodPost, field, value))
				c.must(t, actCreate, arguments)
				s.answers(member(t, http.MethodPatch, field, value))
				arguments["customization"] = `{"a":2}`
				c.must(t, actUpdate, arguments)

				s.answers(member(t, http.MethodGet, field, value))
				before := c.state
				err := c.refresh()
				wanted := field
				if kind == "deep" {
					wanted = "nests deeper"
				}
				if err == nil || !strings.Contains(err.Error(), wanted) || len(err.Error()) > 1000 || !c.state.Equal(before) {
					t.Errorf("%s as %s: %v", field, kind, err)
				}
				p, err := c.plan(widget(args{"name": "Docs", "customization": `{"a":3}`}))
				if err != nil {
					t.Fatal(err)
				}
				if err := c.apply(p); err == nil || !strings.Contains(err.Error(), wanted) || c.get("customization") != `{"a":2}` {
					t.Errorf("update with %s as %s: %v", field, kind, err)
				}
				s.answers(nil)
				if err := c.destroy(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestOddDocuments are answers that are odd and yet usable, or not usable at all.
func TestOddDocuments(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	for name, test := range map[string]struct {
		field, value string
		fails        string // "": it works, and the attribute of the same name is shown as
		shown        string
	}{
		"duplicate keys":         {field: "customization", value: `{"a":1,"a":2}`, shown: `{"a":2}`},
		"1e400":                  {field: "customization", value: `{"a":1e400}`, shown: `{"a":1e400}`},
		"1e1000000":              {field: "limits", value: `{"a":1e1000000}`, shown: `{"a":1e1000000}`},
		"an exponent of a page":  {field: "limits", value: `{"a":1e` + strings.Repeat("9", 3000) + `}`, shown: `{"a":1e` + strings.Repeat("9", 3000) + `}`},
		"-0":                     {field: "limits", value: `{"a":-0}`, shown: `{"a":0}`},
		"usage 1e400":            {field: "usage_total", value: `1e400`},
		"usage 1e1000000":        {field: "usage_today", value: `1e1000000`},
		"usage below zero":       {field: "usage_today", value: `-5`},
		"invalid UTF-8":          {field: "name", value: "\"\xff\xfe\"", fails: "UTF-8"},
		"invalid UTF-8 in a key": {field: "customization", value: "{\"\xc3\x28\":1}", fails: "UTF-8"},
		"half a surrogate":       {field: "customization", value: `{"a":"\ud800"}`, shown: "{\"a\":\"\uFFFD\"}"},
		"deep":                   {field: "customization", value: deep(60), shown: deep(60)},
		"too deep":               {field: "customization", value: deep(200), fails: "deeper than"},
		"far too deep":           {field: "customization", value: deep(100_000), fails: "deeper than"},
		"an empty origin":        {field: "allowed_origins", value: `["", "https://a.example"]`},
		"the same origin twice":  {field: "allowed_origins", value: `["https://a.example","https://a.example"]`},
		"a null origin":          {field: "allowed_origins", value: `[null]`, fails: "allowed_origins[0]"},
		"a list in a list":       {field: "allowed_origins", value: `[[]]`, fails: "allowed_origins[0]"},
		"an unknown status":      {field: "status", value: `"archived"`, shown: "archived"},
		"an unknown channel":     {field: "channel", value: `"hologram"`, shown: "hologram"},
		"another id":             {field: "deployment_id", value: `"d0000000000000000"`, fails: "another deployment, d0000000000000000"},
		"an id with a way up":    {field: "deployment_id", value: `"x/../../v2/pals"`, fails: "another deployment"},
		"an id that rings":       {field: "deployment_id", value: `"d1\u0007\u001b[31m"`, fails: "deployment_id"},
		"no id":                  {field: "deployment_id", value: `""`, fails: "deployment_id"},
		"no time":                {field: "created_at", value: `"yesterday"`, shown: "yesterday"},
		"a URL with no end":      {field: "thumbnail_image_url", value: `"http://` + strings.Repeat("a", 100_000) + `"`, shown: "http://" + strings.Repeat("a", 100_000)},
		"not a URL":              {field: "thumbnail_image_url", value: `"%zz:\u0000"`, shown: "%zz:\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, simulator.Options{})
			id := s.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "By hand", "created_at": "2025-01-01T00:00:00Z"})
			s.answers(member(t, http.MethodGet, test.field, test.value))
			c := s.mustCore(t, quick)
			begun := time.Now()
			err := c.importID(id)
			if took := time.Since(begun); took > 15*time.Second {
				t.Errorf("it took %s", took)
			}
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) || strings.ContainsAny(err.Error(), "\x07\x1b") {
					t.Fatalf("error: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if test.shown != "" && c.get(test.field) != test.shown {
				t.Errorf("%s is shown as %.200s", test.field, c.get(test.field))
			}
			// What was read means the same the next time.
			if drift, err := c.drift(); err != nil || len(drift) > 0 {
				t.Errorf("drift %v, %v", drift, err)
			}
			if p, err := c.plan(args{"pal_id": pal, "channel": "widget"}); err != nil || p.action != actNoop && test.field != "channel" {
				t.Errorf("plan %v: %v", p, err)
			}
		})
	}
}

// TestAnotherDeploymentsDocument: the answer to a create shows a deployment of
// somebody else. It is neither taken over nor deleted, and the new one is found.
func TestAnotherDeploymentsDocument(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		other  map[string]any
		status string
	}{
		"of another PAL":          {other: map[string]any{"pal_id": simulator.PalCampaignHost}},
		"of another channel":      {other: map[string]any{"channel": "embed"}},
		"of another name":         {other: map[string]any{"name": "Pricing"}},
		"with other settings":     {other: map[string]any{"customization": map[string]any{"a": json.Number("2")}}},
		"of another status":       {other: map[string]any{"pal_id": simulator.PalCampaignHost, "status": "inactive"}, status: "draft"},
		"as young as the new one": {other: map[string]any{"pal_id": simulator.PalCampaignHost, "created_at": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, simulator.Options{})
			doc := map[string]any{
				"pal_id": pal, "channel": "widget", "name": "Docs", "customization": map[string]any{"a": json.Number("1")},
				"created_at": "2025-01-01T00:00:00.000000Z",
			}
			maps.Copy(doc, test.other)
			theirs := s.Put(doc)
			s.answersWith(t, http.MethodPost, theirs)
			arguments := widget(args{"name": "Docs", "customization": `{"a":1}`})
			if test.status != "" {
				arguments["status"] = test.status
			}
			f := newFleet(s, quick, 1)
			_, err := f.apply(map[string]args{"docs": arguments})
			if _, lives := s.Document(theirs); !lives {
				t.Fatalf("somebody's deployment was deleted; the error is: %v", err)
			}
			ids := slices.DeleteFunc(s.IDs(), func(id string) bool { return id == theirs })
			if err != nil || len(ids) != 1 || f.ids()["docs"] != ids[0] {
				t.Fatalf("the state has %v, the server %v and %s: %v", f.ids(), ids, theirs, err)
			}
		})
	}
}

// The answer to a PATCH is another deployment's document. It says nothing about this one.
func TestAnotherDeploymentsDocumentToAPatch(t *testing.T) {
	t.Parallel()
	s := newSite(t, simulator.Options{})
	theirs := s.Put(map[string]any{
		"pal_id": pal, "channel": "widget", "name": "Theirs", "customization": map[string]any{"a": "theirs"}, "limits": map[string]any{},
	})
	s.answersWith(t, http.MethodPatch, theirs)
	c := s.mustCore(t, quick)
	c.must(t, actCreate, widget(args{"name": "Docs", "customization": `{"a":"x"}`}))
	c.must(t, actUpdate, widget(args{"name": "Help", "customization": `{"a":"y"}`}))
	if doc, _ := s.Document(theirs); lookup(doc, "customization", "a") != "theirs" || c.get("name") != "Help" {
		t.Errorf("the state has the name %q, the server holds %v", c.get("name"), doc)
	}
	// What was answered would else be the form in which the server stores the text.
	s.portal(t, c.get("id"), "theirs", "customization", "a")
	c.must(t, actUpdate, widget(args{"name": "Help", "customization": `{"a":"y"}`}))
}

// answersWith answers each request of a method with the document of one deployment.
func (s *site) answersWith(t *testing.T, method, id string) {
	t.Helper()
	held, _ := s.Document(id)
	answer, err := json.Marshal(held)
	if err != nil {
		t.Fatal(err)
	}
	s.answers(func(r *http.Request, body []byte) []byte {
		if r.Method == method {
			return answer
		}
		return body
	})
}
