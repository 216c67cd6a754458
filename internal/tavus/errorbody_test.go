package tavus

import (
	"strings"
	"testing"
)

func TestErrorBody_KnowsTheUsualBodies(t *testing.T) {
	t.Parallel()
	hide := hider(testKey)
	for body, want := range map[string]errorBody{
		``:                                    {},
		`{}`:                                  {},
		`null`:                                {},
		`{"error": "Invalid name"}`:           {text: "Invalid name"},
		`{"message": "Invalid name"}`:         {text: "Invalid name"},
		`{"error": "a", "message": "a"}`:      {text: "a"},
		`{"error": "the status is bad name"}`: {text: "the status is bad name"},
		`"just text"`:                         {text: "just text"},
		`{"odd": [1]}`:                        {},
		"plain\n\ttext":                       {text: "plain text"},
		`{"detail": [{"loc": ["body", "limits", "max", 0], "msg": "too low", "type": "x"}]}`: {text: "limits.max.0: too low", field: "limits.max.0"},
		`{"detail": "nothing here"}`:                                                                   {text: "nothing here"},
		`{"errors": [{"field": "customization.widget", "message": "odd"}]}`:                            {text: "customization.widget: odd", field: "customization.widget"},
		`{"errors": {"name": ["too long"], "zebra": ["no"]}}`:                                          {text: "name: too long; zebra: no", field: "name"},
		`{"error": {"path": "/a~1b/c", "message": "no", "code": "E7"}, "code": "E7"}`:                  {text: "a~1b.c: no", field: "a~1b.c", code: "E7"},
		`{"title": "Bad", "invalid-params": [{"name": "allowed_origins", "reason": "no"}]}`:            {text: "Bad: allowed_origins: no", field: "allowed_origins"},
		`{"type": "about:blank", "title": "Bad", "detail": "why"}`:                                     {text: "Bad: why"},
		`{"error": "draft", "conflict": "maker_changes"}`:                                              {text: "draft", code: "maker_changes"},
		`{"conflict": "maker_changes"}`:                                                                {text: "conflict: maker_changes", code: "maker_changes"},
		`{"message": "x", "path": "/v2/deployments/1", "code": 7}`:                                     {text: "x"},
		`{"detail": {"message": "the name is odd"}}`:                                                   {text: "the name is odd"},
		`{"errors": [{"name": "ValidationError", "message": "x"}]}`:                                    {text: "x"},
		`{"error": {"path": ["customization", "widget"], "message": "x"}}`:                             {text: "customization.widget: x", field: "customization.widget"},
		`{"errors": [{"detail": "x", "pointer": "#/name"}]}`:                                           {text: "name: x", field: "name"},
		`{"message": "x", "field": "the name of it"}`:                                                  {text: "x"},
		`{"message": "x", "field": "$.name"}`:                                                          {text: "name: x", field: "name"},
		`{"error": {"message": "low", "errors": [{"field": "limits", "message": "low"}]}}`:             {text: "limits: low", field: "limits"},
		`[{"field": "name", "message": "long"}, {"path": ["limits", "a"], "message": "low"}]`:          {text: "name: long; limits.a: low", field: "name"},
		`{"detail": [{"loc": ["body", "name"], "msg": "a"}, {"loc": ["body", "status"], "msg": "b"}]}`: {text: "name: a; status: b", field: "name"},
		`{"errors": {"limits": {"total": ["low"]}, "message": "odd"}}`:                                 {text: "limits: total: low; message: odd", field: "limits"},
		`{"message": "x", "details": [{"field": "name", "odd": "y"}]}`:                                 {text: "x", field: "name"},
		`<html><head><TITLE>502 &amp; more</TITLE></head><body>x</body></html>`:                        {text: "502 & more"},
		`<h1>Bad</h1><p>Gateway</p>`:                                                                   {text: "Bad Gateway"},
		`{"error": "cut`:                                                                               {text: `{"error": "cut`},
	} {
		if got := parseErrorBody([]byte(body), false, hide); got != want {
			t.Errorf("%s:\n got %+v\nwant %+v", body, got, want)
		}
	}
}

func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{`{"error": {"path": "a.b"}}`, `<title>x`, `{"detail":[{"loc":["body",1]}]}`, "\xff", `{"errors":{"":1}}`} {
		f.Add([]byte(seed))
	}
	hide := hider(testKey)
	f.Fuzz(func(t *testing.T, body []byte) {
		p := parseErrorBody(body, false, hide)
		for _, text := range []string{p.text, p.field, p.code} {
			if strings.Contains(text, testKey) || strings.ContainsAny(text, "\n\x1b") {
				t.Errorf("%q", text)
			}
		}
	})
}
