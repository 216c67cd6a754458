package tavus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Defaults of Config, used where a field is zero.
const (
	defaultRequestTimeout   = 30 * time.Second
	defaultRetryWait        = 500 * time.Millisecond
	defaultOperationTimeout = 10 * time.Minute
	defaultSearchWindow     = 5 * time.Second
)

// Config is what a Client needs to know.
type Config struct {
	// APIKey is sent as x-api-key (docs.tavus.io/api-reference/authentication).
	APIKey string
	// BaseURL is the address without the version, such as https://tavusapi.com. It may have a
	// path prefix.
	BaseURL string
	// AllowHTTP allows plain http to hosts other than the own machine.
	AllowHTTP bool
	// MaxRetries is the number of repeats after the first attempt. Waiting for a 429 does not count.
	MaxRetries int
	// RequestTimeout bounds one request, its body included. 0 means 30 s.
	RequestTimeout time.Duration
	// UserAgent is sent as it is when it is not empty.
	UserAgent string
	// Log gets one line for each request, and never a body. It may be nil.
	Log func(ctx context.Context, message string, fields map[string]any)
	// RetryWait is the wait before the first repeat. It doubles with each further one. 0 means 500 ms.
	RetryWait time.Duration
	// OperationTimeout bounds a whole operation with all its requests and waits. 0 means 10 min.
	OperationTimeout time.Duration
	// SearchWindow is how long a create of unknown outcome looks for its object. 0 means 5 s.
	SearchWindow time.Duration
	// ReadAgainWait is the wait before a document that may lag behind is read again. It
	// doubles. 0 means 500 ms.
	ReadAgainWait time.Duration
	// PollWait is the shortest wait between two looks at an object that the server works on. 0 means 2 s.
	PollWait time.Duration
	// Transport takes the place of the network in tests.
	Transport http.RoundTripper
}

// String keeps the key out of a Config that is printed by accident.
func (c Config) String() string { return "tavus.Config for " + c.BaseURL }

// GoString does the same for %#v.
func (c Config) GoString() string { return c.String() }

// Client talks to one server with one key. It is safe for concurrent use.
type Client struct {
	cfg  Config
	base string // without a slash at the end
	http *http.Client
	pace *pace

	mu       sync.Mutex
	owned    map[string]bool     // objects that this process created, by Collection.key
	creating map[string]int      // creates so far, by what tells them apart
	walks    map[string]*walk    // by the path of the collection
	seen     map[string]sighting // by Collection.key
	locks    map[string]chan struct{}
}

// New returns a client, or an error that says what is wrong with cfg.
func New(cfg Config) (*Client, error) {
	if err := CheckBaseURL(cfg.BaseURL, cfg.AllowHTTP); err != nil {
		return nil, err
	}
	if strings.TrimSpace(cfg.APIKey) == "" {
		return nil, errors.New("the API key is empty")
	}
	if err := CheckHeaderValue(cfg.APIKey); err != nil {
		return nil, fmt.Errorf("the API key %w", err)
	}
	setDefault(&cfg.RequestTimeout, defaultRequestTimeout)
	setDefault(&cfg.RetryWait, defaultRetryWait)
	setDefault(&cfg.OperationTimeout, defaultOperationTimeout)
	setDefault(&cfg.SearchWindow, defaultSearchWindow)
	setDefault(&cfg.ReadAgainWait, defaultRetryWait)
	setDefault(&cfg.PollWait, defaultPollWait)
	transport := cfg.Transport
	if transport == nil {
		transport = newTransport()
	}
	return &Client{
		cfg: cfg, base: strings.TrimRight(cfg.BaseURL, "/"), pace: newPace(),
		owned: map[string]bool{}, creating: map[string]int{}, walks: map[string]*walk{}, seen: map[string]sighting{},
		locks: map[string]chan struct{}{},
		http: &http.Client{
			Transport: transport,
			// Go would send x-api-key to the host that a redirect names.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

func setDefault(d *time.Duration, value time.Duration) {
	if *d == 0 {
		*d = value
	}
}

// CheckHeaderValue says why no HTTP header can carry a text (RFC 9110, section 5.5), or nil. The
// error completes a sentence and does not repeat the text.
func CheckHeaderValue(text string) error {
	for _, r := range text {
		if r < ' ' || r == 0x7f {
			return errors.New("holds a line break or another control character, which no HTTP header can carry")
		}
		if r > 0x7e {
			return errors.New("holds a character outside ASCII, which no HTTP header can carry")
		}
	}
	return nil
}

// CheckBaseURL says what is wrong with an address, or nil. Plain http is for the own machine,
// unless allowHTTP is set. The text never repeats the address, which may hold a password.
func CheckBaseURL(raw string, allowHTTP bool) error {
	const example = "a good address is https://tavusapi.com"
	u, err := url.Parse(raw)
	if err != nil || strings.TrimSpace(raw) != raw || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") {
		return errors.New("the base URL is not a complete URL: " + example)
	}
	scheme := strings.ToLower(u.Scheme)
	switch {
	case scheme != "https" && scheme != "http":
		return fmt.Errorf("the base URL must begin with https://: %s", example)
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return errors.New("the base URL has a user, a query or a fragment: keep scheme, host, port and path")
	case strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/v2"):
		return errors.New("the base URL ends in /v2, which every request adds by itself: leave it out")
	case scheme == "http" && !allowHTTP && !isLoopback(u.Hostname()):
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

// own marks an object as one that this process created. It reports false where it was marked already.
func (c *Client) own(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.owned[key] {
		return false
	}
	c.owned[key] = true
	return true
}

func (c *Client) isOwned(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.owned[key]
}
