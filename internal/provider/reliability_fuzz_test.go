package provider_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// FuzzAnswers gives the provider any bytes as the answer to every request: an
// import, a plan and an apply end with an error or work, and never panic. What
// works once, works again and shows no drift.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"deployment_id":"d1","pal_id":"p","channel":"widget"}`,
		`{"deployment_id":"d1","pal_id":"p","channel":"widget","status":"active","name":"n","has_password":true,"customization":{"a":{"b":[1,{"c":null}]},"":1e400},` +
			`"limits":{"x":1.0},"allowed_origins":["","x","x"],"thumbnail_image_url":"%zz","usage_total":-1e9,"created_at":"x","updated_at":null}`,
		`{"deployment_id":"d1","pal_id":"p","channel":"widget","customization":{"a":1,"a":{"b":2},"á":1,"á":2}}`,
		`{"data":[null,{},{"deployment_id":"d1"}],"total_count":1e3}`, `[]`, `{}`, `null`, ``, `"`, "\xff", `{"deployment_id":1}`,
		strings.Repeat("[", 200),
	} {
		f.Add([]byte(seed), uint16(200))
	}
	f.Add([]byte(`{"error":"no"}`), uint16(404))
	f.Add([]byte(`<html>`), uint16(502))
	var answer atomic.Pointer[[]byte]
	var status atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(int(status.Load()))
		_, _ = w.Write(*answer.Load())
	}))
	f.Cleanup(server.Close)
	s := &site{fake: &fake{}, url: server.URL}
	f.Fuzz(func(t *testing.T, body []byte, code uint16) {
		if code < 200 || code > 599 || code == http.StatusTooManyRequests {
			code = http.StatusOK // a rate limit only makes it wait
		}
		answer.Store(&body)
		status.Store(int64(code))
		c := s.mustCore(t, func(config *tavus.Config) {
			quick(config)
			config.MaxRetries, config.SearchWindow = 0, -1
		})
		if err := c.importID("d1"); err == nil {
			if drift, err := c.drift(); err != nil || len(drift) > 0 && !c.state.IsNull() {
				t.Errorf("a second read shows %v: %v", drift, err)
			}
			if p, err := c.plan(widget(args{"customization": `{"a":1,"b":{"c":2}}`, "allowed_origins": []string{"x"}})); err == nil {
				_ = c.apply(p) // an error is fine
			}
		}
		c.forget()
		if p, err := c.plan(widget(args{"name": "n", "status": "draft"})); err == nil {
			_ = c.apply(p)
		}
	})
}
