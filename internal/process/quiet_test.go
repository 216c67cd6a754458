package process

import (
	"maps"
	"slices"
	"testing"
)

// Logs that somebody asks for must not be lost.
func TestQuietOnlyWhereNobodyAsksForLogs(t *testing.T) {
	t.Parallel()
	off := []string{"TF_LOG_PROVIDER_TAVUS=OFF", "TF_LOG_SDK=OFF"}
	for _, test := range []struct{ environ, want []string }{
		{nil, off},
		{[]string{"HOME=/", "TF_LOG=", "TF_INPUT=0", "LOG=TF_LOG=TRACE"}, off},
		{[]string{"TF_LOG=off", "TF_LOG_SDK=OFF"}, off},
		{[]string{"TF_LOG=TRACE"}, nil},
		{[]string{"TF_LOG_SDK=OFF", "TF_LOG=ERROR"}, nil},
		{[]string{"TF_LOG=json"}, nil},
		{[]string{"TF_LOG_PROVIDER=DEBUG"}, nil},
		{[]string{"TF_LOG_PROVIDER_TAVUS=DEBUG"}, nil},
		{[]string{"HOME=/", "TF_LOG_SDK=TRACE"}, nil},
		{[]string{"TF_LOG_SDK_PROTO=INFO"}, nil},
		{[]string{"TF_LOG_SDK_FRAMEWORK=INFO"}, nil},
		{[]string{"TF_LOG_CORE=ERROR"}, nil},
	} {
		set := map[string]string{}
		Quiet(test.environ, func(key, value string) error {
			set[key+"="+value] = value
			return nil
		})
		if got := slices.Sorted(maps.Keys(set)); !slices.Equal(got, test.want) {
			t.Errorf("with %v it sets %v instead of %v", test.environ, got, test.want)
		}
	}
}
