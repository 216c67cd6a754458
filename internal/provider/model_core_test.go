package provider_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// coreDriver is the small Terraform core of core_test.go.
type coreDriver struct {
	r       *run
	c       *core
	planned *planned
	noted   string
	timeout time.Duration // of one request; 0: a long one
}

var processNumber atomic.Int64

// connectCore starts a provider whose waits are short.
func connectCore(r *run) driver {
	d := &coreDriver{r: r}
	d.connect()
	return d
}

// connect is a new process of the provider. It keeps the state and nothing else.
func (d *coreDriver) connect() {
	url := fmt.Sprintf("%s/process-%d", d.r.url, processNumber.Add(1))
	implementation := provider.NewAdjusted("test", func(config *tavus.Config) {
		config.RetryWait = time.Millisecond
		config.SearchWindow = -1
		config.RequestTimeout = cmp.Or(d.timeout, time.Minute)
		config.MaxRetries = 2
	})
	c, err := startCoreWith(implementation(), url, "key-of-the-test")
	if err != nil {
		d.r.fail("the provider does not start: %v", err)
	}
	if d.c != nil {
		c.state, c.private, c.identity, c.tainted = d.c.state, d.c.private, d.c.identity, d.c.tainted
	}
	d.c = c
}

func (d *coreDriver) note() { d.noted = strings.Join(d.c.warnings, "\n") }

func (d *coreDriver) refresh() ([]string, error) {
	had := !d.c.state.IsNull()
	changed, err := d.c.drift()
	d.note()
	if had && d.c.state.IsNull() {
		return []string{"all"}, err
	}
	return changed, err
}

func (d *coreDriver) plan(c *configuration) (action string, changed []string, err error) {
	d.planned, err = d.c.plan(c.arguments(), c.ignore...)
	if err != nil {
		return "", nil, err
	}
	d.noted = strings.Join(d.planned.warnings, "\n")
	return d.planned.action, d.planned.changed, nil
}

func (d *coreDriver) apply() error {
	err := d.c.apply(d.planned)
	d.note()
	return err
}

func (d *coreDriver) destroy() error { return d.c.destroy() }

func (d *coreDriver) importID(id string) error {
	err := d.c.importID(id)
	d.note()
	return err
}

func (d *coreDriver) forget() { d.c.forget() }

func (d *coreDriver) losePrivate() { d.c.private = nil }

func (d *coreDriver) warnings() string { return d.noted }

func (d *coreDriver) secrets() []string { return secretTexts }

func (d *coreDriver) attribute(name string) string {
	name, raw := strings.CutSuffix(name, " text")
	value := attributes(d.c.state)[name]
	switch {
	case value.IsNull() || !value.IsKnown():
		return ""
	case value.Type().Is(tftypes.Bool):
		var is bool
		_ = value.As(&is) // the type was just looked at
		return canon(is, true)
	case value.Type().Is(tftypes.Set{ElementType: tftypes.String}):
		var elements []tftypes.Value
		_ = value.As(&elements)
		origins := make([]string, len(elements))
		for i := range elements {
			_ = elements[i].As(&origins[i])
		}
		return canonOrigins(origins)
	}
	return canonAttribute(name, d.c.get(name), raw)
}

// canonAttribute brings a string of the state into canonical form.
func canonAttribute(name, text string, raw bool) string {
	if !raw && (name == "customization" || name == "limits") {
		return canon(parseTree(text), false)
	}
	return text
}

// key returns one key of the private state, nil for none.
func (d *coreDriver) key(name string) []byte {
	var keys map[string][]byte
	if err := json.Unmarshal(d.c.private, &keys); err != nil {
		return nil
	}
	return keys[name]
}

// record is the record that the provider keeps, nil for none.
func (d *coreDriver) record() []byte { return d.key("record") }

func (d *coreDriver) isNull(name string) bool { return attributes(d.c.state)[name].IsNull() }
