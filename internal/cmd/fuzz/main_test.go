package main

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	got := parse("FuzzA\nFuzzB\nok  \texample.test/one\t0.004s\n?   \texample.test/none\t[no test files]\nok  \texample.test/two\t0.004s\nFuzzA\nok  \texample.test/three\t(cached)\n")
	want := []target{{"example.test/one", "FuzzA"}, {"example.test/one", "FuzzB"}, {"example.test/three", "FuzzA"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
