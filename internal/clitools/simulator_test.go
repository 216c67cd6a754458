package clitools

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// script writes a program for a test to start.
func script(t *testing.T, text string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the program is a shell script")
	}
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSimulatorStartsAndStops(t *testing.T) {
	t.Parallel()
	program := script(t, `trap 'exit 0' INT
echo "Tavus simulator listening on http://127.0.0.1:1234/"
while :; do sleep 0.02; done
`)
	s, err := StartSimulator(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	if s.URL != "http://127.0.0.1:1234" {
		t.Errorf("its address is %q", s.URL)
	}
	start := time.Now()
	if err := s.Stop(); err != nil || time.Since(start) > 3*time.Second {
		t.Errorf("stopping took %s: %v", time.Since(start), err)
	}
	if err := s.Stop(); err != nil {
		t.Errorf("stopping twice: %v", err)
	}
}

func TestSimulatorThatFails(t *testing.T) {
	t.Parallel()
	_, err := StartSimulator(t.Context(), script(t, "echo no such flag >&2; exit 2\n"))
	if err == nil || !strings.Contains(err.Error(), "no such flag") || !strings.Contains(err.Error(), "exit status 2") {
		t.Errorf("one that does not start: %v", err)
	}
	s, err := StartSimulator(t.Context(), script(t, "echo listening on http://x; exit 3\n"))
	if err != nil {
		t.Fatal(err)
	}
	<-s.done
	if err := s.Stop(); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("one that ended by itself: %v", err)
	}
}

func TestInterruptedCLIIsAskedOnce(t *testing.T) {
	t.Parallel()
	path := script(t, `trap 'echo asked' INT
i=0
while [ $i -lt 25 ]; do sleep 0.02; i=$((i + 1)); done
echo finished
`)
	box := &Sandbox{CLI: CLI{Path: path}, Dir: t.TempDir()}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	result, err := box.Run(ctx, box.Dir, nil, "apply")
	if err == nil {
		t.Error("no error from an interrupted command")
	}
	if result.Stdout != "asked\nfinished\n" {
		t.Errorf("it wrote %q", result.Stdout)
	}
}

func TestUnknownTool(t *testing.T) {
	t.Parallel()
	if _, err := Tool(t.Context(), "hammer", t.Logf); err == nil || !strings.Contains(err.Error(), "golangci-lint, goreleaser") {
		t.Errorf("got %v", err)
	}
}
