package simulator_test

import (
	"net/http"
	"testing"
)

// patches holds what a valid patch makes of
// {"a":{"b":1},"l":[1,2],"n":null} below /customization; "" means 422.
var patches = map[string]string{
	`[{"op":"add","path":"/customization/c","value":null}]`:                                                    `{"a":{"b":1},"c":null,"l":[1,2],"n":null}`,
	`[{"op":"add","path":"/customization/a","value":2}]`:                                                       `{"a":2,"l":[1,2],"n":null}`,
	`[{"op":"add","path":"/customization/","value":{"":1}},{"op":"add","path":"/customization//x","value":2}]`: `{"":{"":1,"x":2},"a":{"b":1},"l":[1,2],"n":null}`,
	`[{"op":"add","path":"/customization/x~1y~0z","value":10000000000000000000000.50}]`:                        `{"a":{"b":1},"l":[1,2],"n":null,"x/y~z":10000000000000000000000.50}`,
	`[{"op":"replace","path":"/customization/a/b","value":2}]`:                                                 `{"a":{"b":2},"l":[1,2],"n":null}`,
	`[{"op":"remove","path":"/customization/a"},{"op":"remove","path":"/customization/n"}]`:                    `{"l":[1,2]}`,
	`[{"op":"add","path":"/customization/d","value":{}},{"op":"add","path":"/customization/d/e","value":1}]`:   `{"a":{"b":1},"d":{"e":1},"l":[1,2],"n":null}`,
	`[{"op":"remove","path":"/customization/zz"}]`:                                                             "",
	`[{"op":"replace","path":"/customization/zz","value":1}]`:                                                  "",
	`[{"op":"add","path":"/customization/zz/y","value":1}]`:                                                    "",
	`[{"op":"add","path":"/customization/n/y","value":1}]`:                                                     "",
	`[{"op":"add","path":"/customization/a/b/c","value":1}]`:                                                   "",
	`[{"op":"remove","path":"/customization/l/2"}]`:                                                            "",
	`[{"op":"remove","path":"/password"}]`:                                                                     "",
	`[{"op":"add","path":"/customization/c","value":1},{"op":"remove","path":"/customization/zz"}]`:            "",
}

// malformed are bodies that are no JSON Patch at all.
var malformed = []string{
	`[{"op":"add","path":"/customization/c"}]`, `[{"op":"add","path":"customization/c","value":1}]`,
	`[{"op":"move","from":"/customization/a","path":"/customization/c","value":1}]`, `[{"path":"/customization/c","value":1}]`,
	`[1]`, `{"customization":{"c":1}}`, `null`, `[`, `[] []`,
}

func TestPatch_IsStrict(t *testing.T) {
	t.Parallel()
	s := newSite(t, "defaults=none")
	s.SetContract(nil) // many of these requests are outside the contract
	const before = `{"a":{"b":1},"l":[1,2],"n":null}`
	try := func(patch, want string) {
		t.Helper()
		id := s.Put("deployments", map[string]any{"customization": map[string]any{"a": map[string]any{"b": 1}, "l": []int{1, 2}, "n": nil}})
		answer := s.send(http.MethodPatch, "/v2/deployments/"+id, patch)
		status := http.StatusOK
		if want == "" {
			status, want = http.StatusUnprocessableEntity, before
		}
		if answer.status != status {
			t.Errorf("%s: got %d %s, want %d", patch, answer.status, answer.text, status)
		}
		if got := text(t, s.Document("deployments", id)["customization"]); got != want {
			t.Errorf("%s: got %s, want %s", patch, got, want)
		}
	}
	for patch, want := range patches {
		try(patch, want)
	}
	for _, patch := range malformed {
		try(patch, "")
	}
}
