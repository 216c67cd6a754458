package ownedjson

import "testing"

func TestRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		owned             map[string]string // nil: no record
		state, live, want string
	}{
		// No record: everything that the state shows is followed.
		"no record: followed":                   {nil, `{"a":1,"b":{"c":2}}`, `{"a":9,"b":{"c":8}}`, `{"a":9,"b":{"c":8}}`},
		"no record: gone":                       {nil, `{"a":1,"b":{"c":2}}`, `{"b":{}}`, `{}`},
		"no record: null is gone":               {nil, `{"a":1}`, `{"a":null}`, `{}`},
		"no record: new keys stay unseen":       {nil, `{"b":{"c":2}}`, `{"a":1,"b":{"c":2,"d":3}}`, `{"b":{"c":2}}`},
		"no record: barred":                     {nil, `{"a":{"b":1,"c":2}}`, `{"a":5}`, `{"a":5}`},
		"no record: barred by an array":         {nil, `{"a":{"b":{"c":1}}}`, `{"a":{"b":[1]}}`, `{"a":{"b":[1]}}`},
		"no record: scalar became object":       {nil, `{"a":1}`, `{"a":{"b":2}}`, `{"a":{"b":2}}`},
		"no record: empty object, filled":       {nil, `{"a":{}}`, `{"a":{"b":2}}`, `{"a":{}}`},
		"no record: empty object, scalar now":   {nil, `{"a":{}}`, `{"a":2}`, `{"a":2}`},
		"no record: empty object, gone":         {nil, `{"a":{}}`, `{}`, `{}`},
		"no record: scalar became empty object": {nil, `{"a":1}`, `{"a":{}}`, `{"a":{}}`},
		"no record: no state":                   {nil, "", `{"a":1}`, `{}`},
		"no record: no live object":             {nil, `{"a":1}`, "", `{}`},

		// A record: what is not owned is frozen.
		"frozen":                        {map[string]string{}, `{"a":1,"b":{"c":2}}`, `{"a":9}`, `{"a":1,"b":{"c":2}}`},
		"frozen beside owned":           {map[string]string{"/b/d": `3`}, `{"a":1,"b":{"c":2,"d":3}}`, `{"a":9,"b":{"c":8,"d":7}}`, `{"a":1,"b":{"c":2,"d":7}}`},
		"frozen, barred beside owned":   {map[string]string{"/b/d": `3`}, `{"a":1,"b":{"c":2,"d":3}}`, `{"b":5}`, `{"a":1,"b":5}`},
		"frozen array":                  {map[string]string{"/b": `3`}, `{"a":[1],"b":3}`, `{"b":4}`, `{"a":[1],"b":4}`},
		"frozen inside of what is gone": {map[string]string{"/b/d": `3`}, `{"b":{"c":2,"d":3}}`, `{}`, `{"b":{"c":2}}`},

		// Owned leaves.
		"owned: as answered":                     {map[string]string{"/a": `1`}, `{"a":1}`, `{"a":1.0}`, `{"a":1}`},
		"owned: changed":                         {map[string]string{"/a": `1`}, `{"a":1}`, `{"a":2}`, `{"a":2}`},
		"owned: gone":                            {map[string]string{"/a": `1`}, `{"a":1}`, `{}`, `{}`},
		"owned: back":                            {map[string]string{"/a": `1`}, `{}`, `{"a":1}`, `{"a":1}`},
		"owned: back, no state":                  {map[string]string{"/a": `1`}, "", `{"a":1}`, `{"a":1}`},
		"owned: no live object":                  {map[string]string{"/a": `1`}, `{"a":1}`, "", `{}`},
		"owned: still another":                   {map[string]string{"/a": `1`}, `{"a":2}`, `{"a":3}`, `{"a":3}`},
		"owned: undone":                          {map[string]string{"/a": `1`}, `{"a":2}`, `{"a":1}`, `{"a":1}`},
		"normalised: as answered":                {map[string]string{"/a": `"#FFF" => "#ffffff"`}, `{"a":"#FFF"}`, `{"a":"#ffffff"}`, `{"a":"#FFF"}`},
		"normalised: changed":                    {map[string]string{"/a": `"#FFF" => "#ffffff"`}, `{"a":"#FFF"}`, `{"a":"#000"}`, `{"a":"#000"}`},
		"normalised: as sent":                    {map[string]string{"/a": `"#FFF" => "#ffffff"`}, `{"a":"#000"}`, `{"a":"#FFF"}`, `{"a":"#FFF"}`},
		"normalised: undone":                     {map[string]string{"/a": `"#FFF" => "#ffffff"`}, `{"a":"#000"}`, `{"a":"#ffffff"}`, `{"a":"#ffffff"}`},
		"normalised: gone":                       {map[string]string{"/a": `"#FFF" => "#ffffff"`}, `{"a":"#FFF"}`, `{}`, `{}`},
		"normalised into an object":              {map[string]string{"/a": `"red" => {"name":"red"}`}, `{"a":"red"}`, `{"a":{"name":"red"}}`, `{"a":"red"}`},
		"dropped: as answered":                   {map[string]string{"/a": `1 =>`}, `{"a":1}`, `{}`, `{"a":1}`},
		"dropped: appeared":                      {map[string]string{"/a": `1 =>`}, `{"a":1}`, `{"a":2}`, `{"a":2}`},
		"dropped with its object":                {map[string]string{"/a/b": `1 =>`}, `{"a":{"b":1}}`, `{}`, `{"a":{"b":1}}`},
		"dropped, state lost it":                 {map[string]string{"/a": `1 =>`}, `{}`, `{}`, `{}`},
		"owned array":                            {map[string]string{"/a": `[1,2]`}, `{"a":[1,2]}`, `{"a":[2,1]}`, `{"a":[2,1]}`},
		"owned array, reordered by the server":   {map[string]string{"/a": `[2,1] => [1,2]`}, `{"a":[2,1]}`, `{"a":[1,2]}`, `{"a":[2,1]}`},
		"owned: barred":                          {map[string]string{"/a/b": `1`, "/a/c": `2`}, `{"a":{"b":1,"c":2}}`, `{"a":5}`, `{"a":5}`},
		"owned: barred by an array":              {map[string]string{"/a/b": `1`}, `{"a":{"b":1}}`, `{"a":[5]}`, `{"a":[5]}`},
		"owned: barred before":                   {map[string]string{"/a/b": `1`}, `{"a":5}`, `{"a":5}`, `{"a":5}`},
		"owned: no longer barred":                {map[string]string{"/a/b": `1`}, `{"a":5}`, `{"a":{"b":1,"c":2}}`, `{"a":{"b":1}}`},
		"owned: bar gone":                        {map[string]string{"/a/b": `1`}, `{"a":5}`, `{}`, `{}`},
		"owned: became an object":                {map[string]string{"/a": `1`}, `{"a":1}`, `{"a":{"b":{"c":2}}}`, `{"a":{"b":{"c":2}}}`},
		"owned: still an object":                 {map[string]string{"/a": `1`}, `{"a":{"b":2,"c":3}}`, `{"a":{"b":4}}`, `{"a":{"b":4}}`},
		"owned: became an empty object":          {map[string]string{"/a": `1`}, `{"a":1}`, `{"a":{}}`, `{"a":{}}`},
		"owned: no longer an object":             {map[string]string{"/a": `1`}, `{"a":{"b":2}}`, `{"a":1}`, `{"a":1}`},
		"owned empty object":                     {map[string]string{"/a": `{}`}, `{"a":{}}`, `{"a":{}}`, `{"a":{}}`},
		"owned empty object, filled":             {map[string]string{"/a": `{}`}, `{"a":{}}`, `{"a":{"b":1}}`, `{"a":{}}`},
		"owned empty object, gone":               {map[string]string{"/a": `{}`}, `{"a":{}}`, `{}`, `{}`},
		"owned empty object, back":               {map[string]string{"/a": `{}`}, `{}`, `{"a":{"b":1}}`, `{"a":{}}`},
		"owned empty object, scalar":             {map[string]string{"/a": `{}`}, `{"a":{}}`, `{"a":1}`, `{"a":1}`},
		"owned empty object, dropped":            {map[string]string{"/a": `{} =>`}, `{"a":{}}`, `{}`, `{"a":{}}`},
		"owned empty object, dropped, appeared":  {map[string]string{"/a": `{} =>`}, `{"a":{}}`, `{"a":{"b":1}}`, `{"a":{}}`},
		"owned empty object around frozen":       {map[string]string{"/a": `{}`}, `{"a":{"b":1}}`, `{"a":{"b":2}}`, `{"a":{"b":1}}`},
		"owned empty object, gone around frozen": {map[string]string{"/a": `{}`}, `{"a":{"b":1}}`, `{}`, `{}`},
		"owned empty object, barred around frozen": {
			map[string]string{"/a": `{}`}, `{"a":{"b":1}}`, `{"a":[]}`, `{"a":[]}`,
		},
		"owned empty object, dropped around frozen": {
			map[string]string{"/a": `{} =>`}, `{"a":{"b":1}}`, `{}`, `{"a":{}}`,
		},
		"odd keys": {
			map[string]string{"/": `1`, "/~1/~0": `1`, "/\u00e9": `1`}, `{}`, "{\"\":1,\"/\":{\"~\":1},\"e\u0301\":1}", "{\"\":1,\"/\":{\"~\":1},\"\u00e9\":1}",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var live *Object
			if test.live != "" {
				live = server(t, test.live)
			}
			owned, state, before := pairs(t, test.owned), orNil(t, test.state), live.Text()
			got := Read(owned, state, live)
			if got.Text() != config(t, test.want).Text() {
				t.Errorf("got %s, want %s", got.Text(), test.want)
			}
			if again := Read(owned, got, live); !Equal(again, got) {
				t.Errorf("read again: %s after %s", again.Text(), got.Text())
			}
			if live.Text() != before || state.Text() != orNil(t, test.state).Text() {
				t.Error("Read changed its arguments")
			}
		})
	}
}
