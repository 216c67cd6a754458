package tavus

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Defaults of Config, used where a field is zero.
const (
	defaultRequestTimeout   = 30 * time.Second
	defaultRetryWait        = 500 * time.Millisecond
	defaultOperationTimeout = 10 * time.Minute
	defaultSearchWindow     = 5 * time.Second

	// searchLimit bounds the search after a create of unknown outcome. The
	// search outlives a cancelled context, so it needs a bound of its own.
	searchLimit = 30 * time.Second
)

// Config is what a Client needs to know.
type Config struct {
	// APIKey is sent as x-api-key (docs.tavus.io/api-reference/authentication).
	APIKey string

	// BaseURL is the address without the version, such as https://tavusapi.com.
	// It may have a path prefix. A slash at the end does not matter.
	BaseURL string

	// AllowHTTP allows plain http to hosts other than the own machine.
	AllowHTTP bool

	// MaxRetries is the number of repeats after the first try. Waiting for a 429 does not count.
	MaxRetries int

	// RequestTimeout bounds one request, its body included. 0 means 30 s.
	RequestTimeout time.Duration

	// UserAgent is sent as it is when it is not empty.
	UserAgent string

	// Log gets one line for each request, and never a body or the value of a setting. It may be nil.
	Log func(ctx context.Context, message string, fields map[string]any)

	// RetryWait is the wait before the first repeat. It doubles with each further one. 0 means 500 ms.
	RetryWait time.Duration

	// OperationTimeout bounds a whole operation with all its requests and waits. 0 means 10 min.
	OperationTimeout time.Duration

	// SearchWindow is how long a create of unknown outcome looks again for its
	// deployment. 0 means 5 s; a negative value means one look.
	SearchWindow time.Duration

	// transport stands in for the network in tests.
	transport http.RoundTripper
}

// Client talks to one server with one key. It is safe for concurrent use.
type Client struct {
	cfg  Config
	base string // without a slash at the end
	http *http.Client
	gate *gate
	room *room // what all clients of this server know about creates
	// found: the server has shown a deployment or a list of them, so its 404 is
	// about an id and not about the address.
	found atomic.Bool
}

// New returns a client, or an error that says what is wrong with cfg.
func New(cfg Config) (*Client, error) {
	if err := CheckBaseURL(cfg.BaseURL, cfg.AllowHTTP); err != nil {
		return nil, err
	}
	if strings.TrimSpace(cfg.APIKey) == "" {
		return nil, errors.New("the API key is empty")
	}
	for _, r := range cfg.APIKey {
		if r < ' ' || r == 0x7f {
			return nil, errors.New("the API key holds a line break or another control character, which no HTTP header can carry")
		}
	}
	if cfg.MaxRetries < 0 {
		return nil, fmt.Errorf("the number of retries is negative: %d", cfg.MaxRetries)
	}
	setDefault(&cfg.RequestTimeout, defaultRequestTimeout)
	setDefault(&cfg.RetryWait, defaultRetryWait)
	setDefault(&cfg.OperationTimeout, defaultOperationTimeout)
	setDefault(&cfg.SearchWindow, defaultSearchWindow)

	base := strings.TrimRight(cfg.BaseURL, "/")
	transport := cfg.transport
	if transport == nil {
		transport = newTransport()
	}
	return &Client{
		cfg:  cfg,
		base: base,
		http: &http.Client{
			Transport: transport,
			// Go would send x-api-key to the host that a redirect names.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		gate: gateFor(base, cfg.APIKey),
		room: roomFor(base),
	}, nil
}

// String keeps the key out of a Config that is printed by accident.
func (c Config) String() string { return "tavus.Config for " + c.BaseURL }

// GoString does the same for %#v.
func (c Config) GoString() string { return c.String() }

func setDefault(d *time.Duration, value time.Duration) {
	if *d == 0 {
		*d = value
	}
}

// newTransport returns a transport that keeps as many connections as Terraform
// can use at once. The default one keeps two for each host, and would open and
// close the others all the time.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   128,
		IdleConnTimeout:       60 * time.Second,
		TLSHandshakeTimeout:   15 * time.Second,
		ExpectContinueTimeout: time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
	}
}

// CheckBaseURL says what is wrong with an address, or nil. Plain http is for
// the own machine, unless allowHTTP. The text never repeats the address, which
// may hold a password.
func CheckBaseURL(raw string, allowHTTP bool) error {
	const example = " (an example of a good address: https://tavusapi.com)"
	if raw == "" {
		return errors.New("the base URL is empty" + example)
	}
	if strings.TrimSpace(raw) != raw {
		return errors.New("the base URL begins or ends with a space or a line break")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return errors.New("the base URL is not a URL" + example)
	}
	switch scheme := strings.ToLower(u.Scheme); {
	case scheme == "" || (u.Opaque != "" && !strings.Contains(raw, "://")):
		return errors.New("the base URL has no scheme: it must begin with https://" + example)
	case scheme != "https" && scheme != "http":
		return fmt.Errorf("the base URL has the scheme %q: only https is possible, and http to the own machine", scheme)
	}
	if u.Hostname() == "" {
		return errors.New("the base URL has no host" + example)
	}
	if u.User != nil {
		return errors.New("the base URL holds a user name or a password: remove the part before the @")
	}
	if u.RawQuery != "" || u.ForceQuery {
		return errors.New("the base URL has a query: remove the question mark and what follows it")
	}
	if strings.Contains(raw, "#") {
		return errors.New("the base URL has a fragment: remove the # and what follows it")
	}
	if strings.HasSuffix(u.Host, ":") {
		return errors.New("the base URL has a colon after the host, but no port")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return fmt.Errorf("the base URL has the port %s: ports are between 1 and 65535", port)
		}
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return errors.New("the path of the base URL holds . or .. as a segment")
		}
	}
	if last := strings.TrimRight(u.Path, "/"); strings.HasSuffix(last, "/v2") {
		return errors.New("the base URL ends in /v2, which every request adds by itself: leave it out")
	}
	if strings.EqualFold(u.Scheme, "http") && !allowHTTP && !isLoopback(u.Hostname()) {
		return fmt.Errorf("the base URL is plain http to %s, where everybody on the way can read the API key: use https", u.Hostname())
	}
	return nil
}

// isLoopback knows the addresses of RFC 1122 and RFC 4291 and the names of RFC 6761, section 6.3.
func isLoopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
