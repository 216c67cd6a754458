package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// behaviour says what one position of a switch does: a PATCH of the guide
// after a create, or what a read shows.
type behaviour struct {
	body   string // of the create; empty: guide
	patch  string // empty: none
	status int    // of the PATCH
	path   string // of the answer to the PATCH, or to a GET where there was none: "/a/b"
	want   string // "absent": not there
	last   string // what a GET shows at path in the end; empty: want
}

const bare = `{"pal_id": "p5317866", "channel": "embed"}`

var (
	rename  = patchOf("add", "/name", `"New!"`)
	accent  = "/customization/style/magic_canvas/accent_color"
	renamed = func(status int, want, last string) behaviour {
		return behaviour{patch: rename, status: status, path: "/name", want: want, last: last}
	}
	sent = func(member, value, want string) behaviour {
		return behaviour{body: `{"pal_id": "p5317866", "channel": "embed", "` + member + `": ` + value + `}`, path: "/" + member, want: want}
	}
)

// behaviours holds the switches whose effect is seen in one PATCH or one GET.
var behaviours = map[string]behaviour{
	"write-answer=document":        renamed(200, `"New!"`, ""),
	"write-answer=message":         renamed(200, "absent", `"New!"`),
	"write-answer=empty":           renamed(200, "absent", `"New!"`),
	"patch-answer=document":        renamed(200, `"New!"`, ""),
	"patch-answer=message":         renamed(200, "absent", `"New!"`),
	"patch-answer=empty":           renamed(200, "absent", `"New!"`),
	"patch-answer=no-content":      renamed(204, "absent", `"New!"`),
	"unchanged=304":                {patch: "[]", status: 304, path: "/status", want: "absent", last: `"active"`},
	"unchanged=answer":             {patch: "[]", status: 200, path: "/status", want: `"active"`},
	"read-only-patch=refused":      {patch: patchOf("add", "/usage_today", "9"), status: 400, path: "/usage_today", want: "absent", last: "1"},
	"read-only-patch=ignored":      {patch: patchOf("add", "/usage_today", "9"), status: 304, path: "/usage_today", want: "absent", last: "1"},
	"pal-patch=accepted":           {patch: patchOf("add", "/pal_id", `"p7c20e4a"`), status: 200, path: "/pal_id", want: `"p7c20e4a"`},
	"pal-patch=refused":            {patch: patchOf("add", "/pal_id", `"p7c20e4a"`), status: 400, path: "/pal_id", want: "absent", last: `"p5317866"`},
	"pal-patch=ignored":            {patch: patchOf("add", "/pal_id", `"p7c20e4a"`), status: 304, path: "/pal_id", want: "absent", last: `"p5317866"`},
	"status-patch=accepted":        {patch: patchOf("add", "/status", `"draft"`), status: 200, path: "/status", want: `"draft"`},
	"status-patch=refused":         {patch: patchOf("add", "/status", `"draft"`), status: 400, path: "/status", want: "absent", last: `"active"`},
	"status-patch=ignored":         {patch: patchOf("add", "/status", `"draft"`), status: 304, path: "/status", want: "absent", last: `"active"`},
	"password-patch=accepted":      {patch: patchOf("add", "/password", "null"), status: 200, path: "/has_password", want: "false"},
	"password-patch=refused":       {patch: patchOf("add", "/password", "null"), status: 400, path: "/has_password", want: "absent", last: "true"},
	"password-patch=ignored":       {patch: patchOf("add", "/password", "null"), status: 304, path: "/has_password", want: "absent", last: "true"},
	"refill=none":                  {patch: patchOf("remove", "/limits/max_call_duration", ""), status: 200, path: "/limits", want: `{"daily_call_limit_per_user":5}`},
	"refill=default":               {patch: patchOf("remove", "/limits/max_call_duration", ""), status: 304, path: "/limits", want: "absent", last: `{"daily_call_limit_per_user":5,"max_call_duration":3600}`},
	"defaults=filled":              {body: bare, path: "/limits", want: `{"daily_call_limit_per_user":5,"max_call_duration":3600}`},
	"defaults=none":                {body: bare, path: "/limits", want: `{}`},
	"unset=empty":                  {body: bare, path: "/allowed_origins", want: `[]`},
	"unset=null":                   {body: bare, path: "/allowed_origins", want: `null`},
	"unset=absent":                 {body: bare, path: "/allowed_origins", want: "absent"},
	"status-after-create=active":   {path: "/status", want: `"active"`},
	"status-after-create=draft":    {path: "/status", want: `"draft"`},
	"status-after-create=inactive": {path: "/status", want: `"inactive"`},
	"names=kept":                   {path: "/name", want: `"Docs (beta)!"`},
	"names=stripped":               {path: "/name", want: `"Docs beta"`},
	"texts=kept":                   sent("name", `" a\n"`, `" a\n"`),
	"texts=trimmed":                sent("name", `" a\n"`, `"a"`),
	"colours=kept":                 {path: accent, want: `"#FFF"`},
	"colours=lowered":              {path: accent, want: `"#fff"`},
	"origins=kept":                 {path: "/allowed_origins", want: `["https://Docs.example.com/"]`},
	"origins=lowered":              {path: "/allowed_origins", want: `["https://docs.example.com"]`},
	"lists=kept":                   sent("allowed_origins", `["https://a", "https://b"]`, `["https://a","https://b"]`),
	"lists=reordered":              sent("allowed_origins", `["https://a", "https://b"]`, `["https://b","https://a"]`),
	"numbers=kept":                 {patch: patchOf("add", "/limits/n", "1.50"), status: 200, path: "/limits/n", want: "1.50"},
	"numbers=rounded":              {patch: patchOf("add", "/limits/n", "1.50"), status: 200, path: "/limits/n", want: "1.5"},
	"nulls=kept":                   {patch: patchOf("add", "/limits/n", "null"), status: 200, path: "/limits/n", want: "null"},
	"nulls=dropped":                {patch: patchOf("add", "/limits/n", "null"), status: 304, path: "/limits/n", want: "absent"},
	"empty-objects=kept":           {patch: patchOf("add", "/limits/n", "{}"), status: 200, path: "/limits/n", want: "{}"},
	"empty-objects=dropped":        {patch: patchOf("add", "/limits/n", "{}"), status: 304, path: "/limits/n", want: "absent"},
	"other-blocks=absent":          {body: bare, path: "/customization/widget", want: "absent"},
	"other-blocks=null":            {body: bare, path: "/customization/widget", want: "null"},
	"thumbnails=follow":            {patch: patchOf("add", "/pal_id", `"p7c20e4a"`), status: 200, path: "/thumbnail_image_url", want: `"https://cdn.example.com/pals/p7c20e4a/thumbnail.png"`},
	"thumbnails=stay":              {patch: patchOf("add", "/pal_id", `"p7c20e4a"`), status: 200, path: "/thumbnail_image_url", want: `"https://cdn.example.com/pals/p5317866/thumbnail.png"`},
	"thumbnails=late":              {path: "/thumbnail_image_url", want: "null"},
	"thumbnails=signed":            {path: "/thumbnail_image_url", want: `"https://cdn.example.com/pals/p5317866/thumbnail.png?signature=00000004"`},
	"usage=on":                     {path: "/usage_total", want: "1"},
	"usage=off":                    {path: "/usage_total", want: "0"},
}

func TestSwitch_PatchAndGet(t *testing.T) {
	t.Parallel()
	for setting, b := range behaviours {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, setting)
			body := b.body
			if body == "" {
				body = guide
			}
			_, path := s.create(body)
			if b.patch != "" {
				answer := s.send(http.MethodPatch, path, b.patch)
				if answer.status != b.status {
					t.Errorf("PATCH answers %d %s, want %d", answer.status, answer.text, b.status)
				}
				if got := at(t, answer.text, b.path); got != b.want {
					t.Errorf("the answer to the PATCH has %s, want %s", got, b.want)
				}
			}
			last := b.last
			if last == "" {
				last = b.want
			}
			if got := at(t, s.send(http.MethodGet, path, "").text, b.path); got != last {
				t.Errorf("GET shows %s, want %s", got, last)
			}
		})
	}
}

// elsewhere are switches that a test of their own covers.
var elsewhere = map[string]string{
	"write-answer=echo": "echo", "patch-answer=echo": "echo", "stale-code": "tags", "etag": "tags", "etag-moves": "tags",
	"etag-on-write": "tags", "updated-at-moves": "tags", "lag": "lag", "page-cap": "lists", "list-shape": "lists", "items": "lists",
	"pages-from": "lists", "duplicate-names": "names", "errors": "codes", "unknown-id": "codes",
	"date": "codes",
}

func TestSwitches_EveryPositionHasATest(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, item := range simulator.Switches() {
		if known[item.Name] || item.Doc == "" || len(item.Positions) < 2 {
			t.Errorf("the row of %s is not whole", item.Name)
		}
		known[item.Name] = true
		for _, position := range item.Positions {
			setting := item.Name + "=" + position
			_, here := behaviours[setting]
			own := item.Collection != "" && item.Collection != "deployments" // the kind's own file tests it
			if !own && !here && elsewhere[setting] == "" && elsewhere[item.Name] == "" {
				t.Errorf("no test for %s", setting)
			}
			if _, err := simulator.New(setting); err != nil {
				t.Errorf("%s: %v", setting, err)
			}
		}
	}
	for setting := range behaviours {
		if name, _, _ := strings.Cut(setting, "="); !known[name] {
			t.Errorf("a test for %s, which does not exist", setting)
		}
	}
}

func TestSwitch_Echo(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"write-answer=echo", "patch-answer=echo"} {
		s := newSite(t, setting, "names=stripped", "colours=lowered")
		created := s.want(http.StatusOK, http.MethodPost, "/v2/deployments", guide)
		path := "/v2/deployments/" + str(created["deployment_id"])
		if echoed := created["name"] == "Docs (beta)!"; echoed != (setting == "write-answer=echo") {
			t.Errorf("%s: the create answers %v", setting, created["name"])
		}
		changed := s.want(http.StatusOK, http.MethodPatch, path, rename)
		read := s.want(http.StatusOK, http.MethodGet, path, "")
		if changed["name"] != "New!" || read["name"] != "New" {
			t.Errorf("%s: the PATCH shows %v, the GET %v", setting, changed["name"], read["name"])
		}
		if changed["updated_at"] != read["updated_at"] {
			t.Errorf("%s: updated_at is %v, then %v", setting, changed["updated_at"], read["updated_at"])
		}
		if _, leaks := changed["password"]; leaks {
			t.Errorf("%s: the password is in an answer", setting)
		}
	}
}

func TestSwitch_Lag(t *testing.T) {
	t.Parallel()
	s := newSite(t, "lag=2")
	_, path := s.create(guide)
	for _, want := range []int{404, 404, 200} {
		if got := s.send(http.MethodGet, path, "").status; got != want {
			t.Errorf("after the create: %d, want %d", got, want)
		}
	}
	s.want(http.StatusOK, http.MethodPatch, path, rename)
	stale := s.send(http.MethodGet, path, "")
	if got := at(t, stale.text, "/name"); got != `"Docs (beta)!"` {
		t.Errorf("the first read shows %s", got)
	}
	s.want(http.StatusPreconditionFailed, http.MethodPatch, path, "[]", "If-Match", stale.header.Get("Etag"))
	if got := at(t, s.send(http.MethodGet, "/v2/deployments", "").text, "/data/0/name"); got != `"Docs (beta)!"` {
		t.Errorf("the list shows %s", got)
	}
	if got := at(t, s.send(http.MethodGet, path, "").text, "/name"); got != `"New!"` {
		t.Errorf("the third read shows %s", got)
	}
}

func TestSwitch_Tags(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]struct {
		prefix        string // of the tag
		fresh, gotten int    // status of a PATCH with the tag of the last GET; after one more visitor
	}{
		"etag=weak":              {`W/"`, 304, 304},
		"etag=strong":            {`"`, 304, 304},
		"etag=none":              {"", 304, 304},
		"etag-moves=visit":       {`W/"`, 304, 412},
		"etag-moves=always":      {`W/"`, 412, 412},
		"updated-at-moves=use":   {`W/"`, 304, 412},
		"updated-at-moves=write": {`W/"`, 200, 412},
		"stale-code=409":         {`W/"`, 304, 304},
	} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, setting)
			if setting == "updated-at-moves=write" {
				_ = s.Set("unchanged=answer")
			}
			id, path := s.create(guide)
			tag := s.send(http.MethodGet, path, "").header.Get("Etag")
			if !strings.HasPrefix(tag, want.prefix) || (tag == "") != (want.prefix == "") {
				t.Errorf("the tag is %q, want %s…", tag, want.prefix)
			}
			match := []string{"If-Match", tag}
			if tag == "" {
				match = nil
			}
			if got := s.send(http.MethodPatch, path, "[]", match...).status; got != want.fresh {
				t.Errorf("with the tag: %d, want %d", got, want.fresh)
			}
			s.Visit(id)
			if got := s.send(http.MethodPatch, path, "[]", match...).status; got != want.gotten {
				t.Errorf("after a visit: %d, want %d", got, want.gotten)
			}
		})
	}
	for _, code := range []int{412, 409, 428} {
		s := newSite(t, fmt.Sprintf("stale-code=%d", code))
		_, path := s.create(guide)
		if got := s.send(http.MethodPatch, path, "[]", "If-Match", `"stale"`).status; got != code {
			t.Errorf("stale: %d, want %d", got, code)
		}
	}
	if tag := newSite(t, "etag-on-write=yes").send(http.MethodPost, "/v2/deployments", guide).header.Get("Etag"); tag == "" {
		t.Error("etag-on-write=yes: the create has no tag")
	}
	if tag := newSite(t).send(http.MethodPost, "/v2/deployments", guide).header.Get("Etag"); tag != "" {
		t.Errorf("etag-on-write=no: the create has the tag %q", tag)
	}
}

func TestSwitch_UpdatedAt(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string][2]bool{ // moves by a read, by a PATCH of nothing
		"updated-at-moves=change": {false, false}, "updated-at-moves=write": {false, true}, "updated-at-moves=use": {true, false},
	} {
		s := newSite(t, setting)
		id, path := s.create(guide)
		updated := func() string { return text(t, s.Document("deployments", id)["updated_at"]) }
		before := updated()
		s.send(http.MethodGet, path, "")
		read := updated()
		s.send(http.MethodPatch, path, "[]")
		if got := [2]bool{read != before, updated() != read}; got != want {
			t.Errorf("%s: moves %v, want %v", setting, got, want)
		}
	}
}

func TestSwitch_Lists(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string][2]string{ // path in the list, value
		"list-shape=wrapped": {"/total_count", "5"}, "list-shape=no-total": {"/total_count", "absent"}, "list-shape=bare": {"/4/name", `"n0"`},
		"items=whole": {"/data/0/has_password", "false"}, "items=partial": {"/data/0/has_password", "absent"},
		"page-cap=3": {"/data/3", "absent"}, "page-cap=100": {"/data/4/name", `"n0"`},
		"pages-from=1": {"/data/0/name", `"n4"`}, "pages-from=0": {"/data/0", "absent"},
	} {
		s := newSite(t, setting)
		for i := range 5 {
			s.create(fmt.Sprintf(`{"pal_id": "p5317866", "channel": "embed", "name": "n%d"}`, i))
		}
		if got := at(t, s.send(http.MethodGet, "/v2/deployments?limit=50&page=1", "").text, want[0]); got != want[1] {
			t.Errorf("%s: %s is %s, want %s", setting, want[0], got, want[1])
		}
	}
}

func TestSwitch_DuplicateNames(t *testing.T) {
	t.Parallel()
	allowed := newSite(t)
	allowed.create(guide)
	allowed.create(guide)
	s := newSite(t, "duplicate-names=refused", "names=stripped")
	s.create(guide)
	s.want(http.StatusConflict, http.MethodPost, "/v2/deployments", guide)
	s.create(bare)
	_, path := s.create(bare) // no name is no duplicate
	s.want(http.StatusConflict, http.MethodPatch, path, patchOf("add", "/name", `"Docs beta"`))
	s.want(http.StatusOK, http.MethodPatch, path, patchOf("add", "/name", `"Other"`))
}

func TestSwitch_Codes(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{
		"errors=error": `{"error":"Deployment not found"}`, "errors=message": `{"message":"Deployment not found"}`,
		"errors=text": "Deployment not found\n", "errors=html": "<title>404 Not Found</title>",
		"unknown-id=documented": `{"error":"Deployment not found"}`, "unknown-id=404": `{"error":"Deployment not found"}`, "unknown-id=400": `{"error":"Invalid deployment_id"}`,
	} {
		if got := newSite(t, setting).send(http.MethodGet, "/v2/deployments/d0", ""); !strings.Contains(got.text, want) {
			t.Errorf("%s: %d %s", setting, got.status, got.text)
		}
	}
	for setting, want := range map[string]bool{"date=sent": true, "date=absent": false} {
		if got := newSite(t, setting).send(http.MethodGet, "/v2/deployments", "").header.Get("Date") != ""; got != want {
			t.Errorf("%s: a Date: %v", setting, got)
		}
	}
}
