package ownedjson

import (
	"slices"
	"testing"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	type strs = []string
	none := map[string]string{}
	tests := map[string]struct {
		owned         map[string]string // nil: no record
		config, state string
		keep          bool
		claims        strs
		removed, left strs
	}{
		"no record: subset of the state":  {nil, `{"a":1}`, `{"a":1,"b":2}`, true, nil, nil, nil},
		"no record: nothing":              {nil, `{}`, `{"b":2}`, true, nil, nil, nil},
		"no record: another spelling":     {nil, `{"a":1.0,"b":null}`, `{"a":1}`, true, nil, nil, nil},
		"no record: a change":             {nil, `{"a":3}`, `{"a":1,"b":2}`, false, nil, nil, strs{"/b"}},
		"no record: a new leaf":           {nil, `{"a":1,"c":3}`, `{"a":1,"b":{"d":1,"e":[]}}`, false, nil, nil, strs{"/b/d", "/b/e"}},
		"no record: state is null":        {nil, `{"a":1}`, "", false, nil, nil, nil},
		"no record: object of scalar":     {nil, `{"a":{"b":1}}`, `{"a":1}`, false, nil, nil, nil},
		"no record: scalar of object":     {nil, `{"a":1}`, `{"a":{"b":1,"c":{"d":{}}}}`, false, nil, strs{"/a/b", "/a/c/d"}, nil},
		"no record: array of object":      {nil, `{"a":{"b":[]}}`, `{"a":{"b":{"c":1},"d":2}}`, false, nil, strs{"/a/b/c"}, strs{"/a/d"}},
		"no record: empty object is kept": {nil, `{"a":{}}`, `{"a":{"b":1}}`, true, nil, nil, nil},
		"no record: both are null":        {nil, "", "", true, nil, nil, nil},

		"owned":                           {map[string]string{"/a": `1`}, `{"a":1}`, `{"a":1}`, true, nil, nil, nil},
		"owned, another spelling":         {map[string]string{"/a": `1`}, `{"a":1e0}`, `{"a":1}`, true, nil, nil, nil},
		"owned, drifted":                  {map[string]string{"/a": `1`}, `{"a":1}`, `{"a":2}`, false, nil, nil, nil},
		"owned, changed":                  {map[string]string{"/a": `1`}, `{"a":2}`, `{"a":1}`, false, nil, nil, nil},
		"owned, changed to what is live":  {map[string]string{"/a": `1`}, `{"a":2}`, `{"a":2}`, true, nil, nil, nil},
		"owned, gone":                     {map[string]string{"/a": `1`}, `{"a":1}`, `{}`, false, nil, nil, nil},
		"owned, removed":                  {map[string]string{"/a": `1`}, `{}`, `{"a":1}`, false, nil, strs{"/a"}, nil},
		"owned, drifted, removed":         {map[string]string{"/a": `1`}, `{}`, `{"a":2}`, false, nil, strs{"/a"}, nil},
		"owned, null is removed":          {map[string]string{"/a": `1`}, `{"a":null}`, `{"a":1}`, false, nil, strs{"/a"}, nil},
		"owned, gone from both":           {map[string]string{"/a": `1`}, `{}`, `{}`, true, nil, nil, nil},
		"owned, gone, beside frozen":      {map[string]string{"/a": `1`, "/b": `1`}, `{"b":1}`, `{"b":1,"c":2}`, true, nil, nil, nil},
		"normalised":                      {map[string]string{"/a": `"A" => "a"`}, `{"a":"A"}`, `{"a":"a"}`, true, nil, nil, nil},
		"normalised, state shows sent":    {map[string]string{"/a": `"A" => "a"`}, `{"a":"A"}`, `{"a":"A"}`, true, nil, nil, nil},
		"normalised, config shows answer": {map[string]string{"/a": `"A" => "a"`}, `{"a":"a"}`, `{"a":"A"}`, false, nil, nil, nil},
		"normalised, changed":             {map[string]string{"/a": `"A" => "a"`}, `{"a":"b"}`, `{"a":"a"}`, false, nil, nil, nil},
		"normalised, drifted":             {map[string]string{"/a": `"A" => "a"`}, `{"a":"A"}`, `{"a":"b"}`, false, nil, nil, nil},
		"dropped by the server":           {map[string]string{"/a": `1 =>`}, `{"a":1}`, `{"a":1}`, true, nil, nil, nil},
		"dropped, state lost it":          {map[string]string{"/a": `1 =>`}, `{"a":1}`, `{}`, true, nil, nil, nil},

		"frozen, not in the configuration":  {none, `{}`, `{"a":1}`, true, nil, nil, nil},
		"frozen, claimed":                   {none, `{"a":1}`, `{"a":1}`, false, strs{"/a"}, nil, nil},
		"frozen, claimed beside frozen":     {none, `{"a":1,"b":{}}`, `{"a":1,"b":{"c":1},"d":1}`, false, strs{"/a", "/b"}, nil, strs{"/b/c", "/d"}},
		"frozen, claimed beside an owned":   {map[string]string{"/a": `1`}, `{"a":1,"b":2}`, `{"a":1,"b":2,"c":3}`, false, strs{"/b"}, nil, strs{"/c"}},
		"frozen, changed":                   {none, `{"a":2}`, `{"a":1,"b":1}`, false, nil, nil, strs{"/b"}},
		"frozen, replaced by a scalar":      {none, `{"a":1}`, `{"a":{"b":1}}`, false, nil, strs{"/a/b"}, nil},
		"frozen, replaced by an object":     {none, `{"a":{"b":1}}`, `{"a":1}`, false, nil, nil, nil},
		"frozen, beside a removed one":      {map[string]string{"/a/b": `1`}, `{}`, `{"a":{"b":1,"c":1},"d":1}`, false, nil, strs{"/a/b"}, strs{"/a/c", "/d"}},
		"frozen in an owned empty object":   {map[string]string{"/a": `{}`}, `{}`, `{"a":{"b":1}}`, false, nil, nil, strs{"/a/b"}},
		"owned empty object, removed":       {map[string]string{"/a": `{}`}, `{}`, `{"a":{}}`, false, nil, strs{"/a"}, nil},
		"owned empty object, gets a leaf":   {map[string]string{"/a": `{}`}, `{"a":{"b":1}}`, `{"a":{}}`, false, nil, nil, nil},
		"owned empty object, scalar now":    {map[string]string{"/a": `{}`}, `{"a":1}`, `{"a":{}}`, false, nil, nil, nil},
		"owned empty object, kept":          {map[string]string{"/a": `{}`}, `{"a":{}}`, `{"a":{"b":1}}`, true, nil, nil, nil},
		"owned leaf, object emptied":        {map[string]string{"/a/b": `1`}, `{"a":{}}`, `{"a":{"b":1}}`, false, strs{"/a"}, strs{"/a/b"}, nil},
		"owned scalar, object in state":     {map[string]string{"/a": `1`}, `{"a":1}`, `{"a":{"b":1}}`, false, nil, strs{"/a/b"}, nil},
		"the same, key removed":             {map[string]string{"/a": `1`}, `{}`, `{"a":{"b":1}}`, false, nil, strs{"/a/b"}, nil},
		"the same, configuration follows":   {map[string]string{"/a": `1`}, `{"a":{"c":1}}`, `{"a":{"b":1}}`, false, nil, nil, strs{"/a/b"}},
		"owned in an object, scalar bars":   {map[string]string{"/a/b": `1`}, `{}`, `{"a":5}`, true, nil, nil, nil},
		"the same, configuration repairs":   {map[string]string{"/a/b": `1`}, `{"a":{"b":1}}`, `{"a":5}`, false, nil, nil, nil},
		"the same, something else changes":  {map[string]string{"/a/b": `1`}, `{"c":1}`, `{"a":5}`, false, nil, nil, strs{"/a"}},
		"ignored: all of the state, frozen": {map[string]string{"/a": `1`}, `{"a":1,"b":2}`, `{"a":1,"b":2}`, false, strs{"/b"}, nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Plan(pairs(t, test.owned), orNil(t, test.config), orNil(t, test.state))
			if got.Keep != test.keep || !slices.Equal(got.Claims, test.claims) {
				t.Errorf("keep %v, claims %q; want %v, %q", got.Keep, got.Claims, test.keep, test.claims)
			}
			if !slices.Equal(got.Removed, test.removed) || !slices.Equal(got.Left, test.left) {
				t.Errorf("removed %q, left %q; want %q, %q", got.Removed, got.Left, test.removed, test.left)
			}
		})
	}
}
