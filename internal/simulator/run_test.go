package simulator_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestRun_Flags(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args   string
		code   int
		stdout string
		stderr string
	}{
		{"-help", 0, "-stale-code 412|409|428", ""},
		{"-stale-code=500", 2, "", "the positions are 412, 409, 428"},
		{"-faults=GET", 2, "", "want METHOD:WHICH:KIND"},
		{"-no-flag", 2, "", "-no-flag"},
		{"extra", 2, "", `unexpected argument "extra"`},
		{"-listen=127.0.0.1:99999", 1, "", "Choose another address with -listen"},
	} {
		var stdout, stderr bytes.Buffer
		code := simulator.Run(t.Context(), []string{test.args}, &stdout, &stderr)
		if code != test.code || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) ||
			(test.stdout == "") != (stdout.Len() == 0) {
			t.Errorf("%s: %d\n%s\n%s", test.args, code, stdout.String(), stderr.String())
		}
	}
}
