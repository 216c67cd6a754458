package provider

import (
	"strings"
	"testing"
)

func TestPasswordProblem(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"": "", "correct horse": "", "line\n": "line break", " x": "white space", "a\tb": "control character",
		"\ufeffsecret": "invisible", "sec\u200bret": "invisible", "********": "mask", "••••": "mask", "a*": "", "👩‍🚒": "",
	} {
		if problem := passwordProblem(password); want == "" && problem != "" || !strings.Contains(problem, want) {
			t.Errorf("%q: %q instead of %q", password, problem, want)
		}
	}
}
