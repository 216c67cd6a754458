package ownership

import (
	"slices"
	"testing"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		at, sent, config, state string
		keep                    bool
		removed, left           []string
	}{
		"the same":                       {at: "/layers", config: `{"layers":{"a":1}}`, state: `{"layers":{"a":1.0}}`, keep: true},
		"three of thirty keys":           {at: "/layers", config: `{"layers":{"a":1}}`, state: `{"layers":{"a":1,"b":2}}`, keep: true},
		"another value":                  {at: "/layers", config: `{"layers":{"a":2}}`, state: `{"layers":{"a":1,"b":2}}`, left: []string{"/layers/b"}},
		"an owned key goes":              {at: "/layers", sent: `{"layers":{"a":1,"b":2}}`, config: `{"layers":{"a":1}}`, state: `{"layers":{"a":1,"b":2}}`, removed: []string{"/layers/b"}},
		"an owned key that is gone":      {at: "/layers", sent: `{"layers":{"a":1,"b":2}}`, config: `{"layers":{"a":1}}`, state: `{"layers":{"a":1}}`, keep: true},
		"an object for a scalar":         {at: "/layers", config: `{"layers":{"a":{"b":1}}}`, state: `{"layers":{"a":1}}`},
		"a scalar for an object":         {at: "/layers", config: `{"layers":{"a":1}}`, state: `{"layers":{"a":{"b":1}}}`, removed: []string{"/layers/a/b"}},
		"another argument inside":        {at: "/layers", config: `{"layers":{"a":1,"tts":{"id":"v2"}}}`, state: `{"layers":{"a":1,"tts":{"id":"v1"}}}`, keep: true},
		"that argument":                  {at: "/layers/tts/id", config: `{"layers":{"tts":{"id":"v2"}}}`, state: `{"layers":{"tts":{"id":"v1"}}}`},
		"an empty name and none":         {at: "/name", config: `{"name":""}`, state: `{}`, keep: true},
		"a set in another order":         {at: "/tags", config: `{"tags":["b","a","a"]}`, state: `{"tags":["a","b"]}`, keep: true},
		"a name":                         {at: "/name", config: `{"name":"a"}`, state: `{"name":"b"}`},
		"an argument that is not there":  {at: "/nothing", config: `{"name":"a"}`, state: `{"name":"b"}`, keep: true},
		"keys that the portal has, kept": {at: "/layers", sent: `{"layers":{"a":1}}`, config: `{"layers":{"c":1}}`, state: `{"layers":{"a":1,"b":2}}`, removed: []string{"/layers/a"}, left: []string{"/layers/b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var record *Record
			if test.sent != "" {
				record = recordOf(t, test.sent, test.sent, "")
			}
			got := record.Plan(testSchema, test.at, config(t, test.config), config(t, test.state))
			if got.Keep != test.keep || !slices.Equal(got.Removed, test.removed) || !slices.Equal(got.Left, test.left) {
				t.Errorf("%+v", got)
			}
		})
	}
}
