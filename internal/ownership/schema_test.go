package ownership

import "testing"

func TestPolicySame_EmptyAndAbsentAreTheSame(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		a, b      string
		unordered bool
		want      bool
	}{
		"nothing and an empty text":      {`{}`, `{"x":""}`, false, true},
		"an empty list and a null":       {`{"x":[]}`, `{"x":null}`, false, true},
		"an empty object and nothing":    {`{"x":{}}`, `{}`, false, true},
		"CRLF and LF":                    {`{"x":"a\r\nb"}`, `{"x":"a\nb"}`, false, true},
		"two spellings of a number":      {`{"x":1.0}`, `{"x":1}`, false, true},
		"false is a value":               {`{"x":false}`, `{}`, false, false},
		"another order of a list":        {`{"x":["a","b"]}`, `{"x":["b","a"]}`, false, false},
		"another order of a set":         {`{"x":["a","b","a"]}`, `{"x":["b","a"]}`, true, true},
		"sets that differ":               {`{"x":["a"]}`, `{"x":["b"]}`, true, false},
		"a text and a list":              {`{"x":"a"}`, `{"x":["a"]}`, false, false},
		"what other arguments stand for": {`{"x":1,"y":1}`, `{"x":1,"y":2}`, false, true},
	} {
		policy := Policy{At: "/x", Leaf: true, Unordered: test.unordered}
		a, errA := ParseServer([]byte(test.a))
		b, errB := ParseServer([]byte(test.b))
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if got := policy.Same(a, b); got != test.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}
