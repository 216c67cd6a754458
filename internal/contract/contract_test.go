package contract_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/contract"
)

const (
	deployment = `{"deployment_id":"d1","pal_id":"p1","channel":"widget","status":"active","name":null,"has_password":false,` +
		`"customization":{"a":1e300},"limits":null,"allowed_origins":[],"thumbnail_video_url":null,"extra":1}`
	create = `{"pal_id":"p1","channel":"widget"}`
)

var checker = sync.OnceValues(contract.New)

type exchange struct {
	method, path, body string
	header             http.Header // added to the usual ones
	status             int
	answerType         string // empty: application/json
	answer             string
}

func (e exchange) check(t *testing.T) error {
	t.Helper()
	c, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), e.method, "http://127.0.0.1:4711"+e.path, http.NoBody)
	req.Header.Set("X-Api-Key", "k")
	if e.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, values := range e.header {
		req.Header[name] = values
	}
	header := http.Header{}
	switch {
	case e.answerType != "":
		header.Set("Content-Type", e.answerType)
	case e.answer != "":
		header.Set("Content-Type", "application/json")
	}
	return c.Check(req, []byte(e.body), e.status, header, []byte(e.answer))
}

func TestCheckAccepts(t *testing.T) {
	t.Parallel()
	const one = "/v2/deployments/d1"
	for name, e := range map[string]exchange{
		"create":             {method: "POST", path: "/v2/deployments", body: create, status: 200, answer: deployment},
		"create, 201":        {method: "POST", path: "/v2/deployments", body: create, status: 201, answer: deployment},
		"create, all":        {method: "POST", path: "/v2/deployments", body: `{"pal_id":"p1","channel":"embed","name":"n","password":null,"customization":{"x":[null,{}],"n":1e300},"limits":{},"allowed_origins":["https://a"]}`, status: 200, answer: deployment},
		"get":                {method: "GET", path: one, status: 200, answer: deployment},
		"get, escaped id":    {method: "GET", path: "/v2/deployments/a%2Fb", status: 404, answer: `{"error":"Deployment not found"}`},
		"get, error as text": {method: "GET", path: one, status: 404, answerType: "text/plain; charset=utf-8", answer: "no"},
		"get, error as page": {method: "GET", path: one, status: 502, answerType: "text/html; charset=utf-8", answer: "<html>"},
		"get, error message": {method: "GET", path: one, status: 401, answer: `{"message":"Invalid access token"}`},
		"list":               {method: "GET", path: "/v2/deployments?pal_id=p1&search=a&status=draft&limit=100&page=0", status: 200, answer: `{"data":[` + deployment + `],"total_count":1}`},
		"list, bare":         {method: "GET", path: "/v2/deployments", status: 200, answer: `[]`},
		"list, partial":      {method: "GET", path: "/v2/deployments", status: 200, answer: `{"data":[{"deployment_id":"d1"}]}`},
		"patch":              {method: "PATCH", path: one, body: `[{"op":"add","path":"/a~1b/~0","value":null},{"op":"remove","path":"/x"},{"op":"add","path":"/n","value":1e300},{"op":"move","from":"","path":"/y"}]`, header: http.Header{"If-Match": {`"a"`}}, status: 200, answer: deployment},
		"patch, message":     {method: "PATCH", path: one, body: `[]`, status: 200, answer: `{"message":"ok"}`},
		"patch, empty":       {method: "PATCH", path: one, body: `[]`, status: 200},
		"patch, 204":         {method: "PATCH", path: one, body: `[]`, status: 204},
		"patch, 304":         {method: "PATCH", path: one, body: `[]`, status: 304},
		"delete":             {method: "DELETE", path: one, status: 204},
		"pals":               {method: "GET", path: "/v2/pals?limit=10&page=1&pal_type=user", status: 200, answer: `{"data":[{"pal_id":"p1"}],"total_count":1}`},
		"pal":                {method: "GET", path: "/v2/pals/p1", status: 200, answer: `{"data":[{"pal_id":"p1"}]}`},
		"spoiled answer":     {method: "GET", path: one, status: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := e.check(t); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	const one = "/v2/deployments/d1"
	post := func(body string) exchange {
		return exchange{method: "POST", path: "/v2/deployments", body: body, status: 200, answer: deployment}
	}
	get := func(answer string) exchange {
		return exchange{method: "GET", path: one, status: 200, answer: answer}
	}
	patch := func(body string) exchange {
		return exchange{method: "PATCH", path: one, body: body, status: 204}
	}
	for name, test := range map[string]struct {
		exchange
		want string
	}{
		"unknown path":        {exchange{method: "GET", path: "/v2/deployment", status: 404}, "no matching operation"},
		"start":               {exchange{method: "POST", path: one + "/start", status: 500}, "no matching operation"},
		"unknown method":      {exchange{method: "PUT", path: one, status: 405}, "method not allowed"},
		"no key":              {exchange{method: "GET", path: one, header: http.Header{"X-Api-Key": nil}, status: 401}, "x-api-key is missing"},
		"unknown parameter":   {exchange{method: "GET", path: one + "?verbose=1", status: 200, answer: deployment}, `"verbose" is not documented`},
		"limit too large":     {exchange{method: "GET", path: "/v2/deployments?limit=101", status: 200, answer: `[]`}, "limit"},
		"status of a filter":  {exchange{method: "GET", path: "/v2/deployments?status=x", status: 200, answer: `[]`}, "status"},
		"if-match of a get":   {exchange{method: "GET", path: one, header: http.Header{"If-Match": {"x"}}, status: 200, answer: deployment}, "If-Match"},
		"body of a delete":    {exchange{method: "DELETE", path: one, body: "{}", status: 204}, "no body is documented"},
		"create, status":      {post(`{"pal_id":"p1","channel":"widget","status":"draft"}`), "status"},
		"create, no pal":      {post(`{"channel":"widget"}`), "pal_id"},
		"create, channel":     {post(`{"pal_id":"p1","channel":"landing_page"}`), "channel"},
		"create, null limits": {post(`{"pal_id":"p1","channel":"widget","limits":null}`), "limits"},
		"create, text":        {post(`{"pal_id":"p1","channel":"widget","customization":"{}"}`), "customization"},
		"create, origin":      {post(`{"pal_id":"p1","channel":"widget","allowed_origins":[1]}`), "allowed_origins"},
		"create, no body":     {post(""), "value is required"},
		"create, other type":  {exchange{method: "POST", path: "/v2/deployments", body: create, header: http.Header{"Content-Type": {"text/plain"}}, status: 200, answer: deployment}, "Content-Type"},
		"patch, an object":    {patch(`{"op":"add","path":"/a","value":1}`), "array"},
		"patch, no value":     {patch(`[{"op":"add","path":"/a"}]`), "schema"},
		"patch, no pointer":   {patch(`[{"op":"remove","path":"a"}]`), "schema"},
		"patch, bad escape":   {patch(`[{"op":"remove","path":"/a~2"}]`), "schema"},
		"patch, other op":     {patch(`[{"op":"merge","path":"/a","value":1}]`), "schema"},
		"patch, value":        {patch(`[{"op":"remove","path":"/a","value":1}]`), "schema"},
		"answer, password":    {get(strings.Replace(deployment, `"name"`, `"password":"x","name"`, 1)), "not"},
		"answer, no id":       {get(strings.Replace(deployment, `"deployment_id":"d1",`, ``, 1)), "deployment_id"},
		"answer, status":      {get(strings.Replace(deployment, `active`, `live`, 1)), "status"},
		"answer, not JSON":    {get("<html>"), "invalid character"},
		"answer, empty":       {get(""), "Content-Type"},
		"answer, bad ETag":    {exchange{method: "PATCH", path: one, body: `[]`, status: 200, answer: `{"deployment_id":"d1"}`}, "anyOf"},
		"answer, item":        {exchange{method: "GET", path: "/v2/deployments", status: 200, answer: `{"data":[{}]}`}, "schema"},
		"error, no text":      {exchange{method: "GET", path: one, status: 400, answer: `{"detail":"x"}`}, "anyOf"},
		"body of a 204":       {exchange{method: "DELETE", path: one, status: 204, answer: "{}"}, "204 has no body"},
		"not documented 2xx":  {exchange{method: "DELETE", path: one, status: 200, answer: "{}"}, "anyOf"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := test.check(t)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestCheckETag(t *testing.T) {
	t.Parallel()
	c, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/v2/deployments/d1", http.NoBody)
	req.Header.Set("X-Api-Key", "k")
	for tag, fits := range map[string]bool{`"a"`: true, `W/"a"`: true, `a`: false} {
		header := http.Header{"Content-Type": {"application/json"}, "Etag": {tag}}
		if err := c.Check(req, nil, http.StatusOK, header, []byte(deployment)); (err == nil) != fits {
			t.Errorf("ETag %s: %v", tag, err)
		}
	}
}
