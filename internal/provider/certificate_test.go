package provider_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A proxy of a company that opens TLS connections is the usual reason for a
// certificate that nobody knows, and the error has to say so.
func TestUnknownCertificateAuthority(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	c := newCore(t, server.URL)
	p, err := c.plan(widget(args{"name": "Docs"}))
	if err != nil {
		t.Fatal(err)
	}
	err = c.apply(p)
	if err == nil || !strings.Contains(err.Error(), "SSL_CERT_FILE") || !strings.Contains(err.Error(), "unknown authority") {
		t.Errorf("the error is %v", err)
	}
}
