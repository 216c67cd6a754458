//go:build unix

package main

import (
	"bufio"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary be the program: a child with this variable
// runs main.
func TestMain(m *testing.M) {
	if os.Getenv("TAVUS_SIMULATOR_TEST_MAIN") == "1" {
		os.Exit(run())
	}
	os.Exit(m.Run())
}

func TestProgram_EndsOnSignalsThoughARequestHangs(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": os.Interrupt} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			command := exec.CommandContext(t.Context(), self, "-faults=GET:1:hang")
			command.Env = append(os.Environ(), "TAVUS_SIMULATOR_TEST_MAIN=1")
			stdout, err := command.StdoutPipe()
			if err = errors.Join(err, command.Start()); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(stdout).ReadString('\n')
			url, ok := strings.CutPrefix(strings.TrimSpace(line), "Tavus simulator listening on ")
			if err != nil || !ok {
				t.Fatalf("the first line is %q, %v", line, err)
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v2/deployments", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			hung := make(chan error, 1)
			go func() {
				resp, err := http.DefaultClient.Do(req)
				if err == nil {
					err = resp.Body.Close()
				}
				hung <- err
			}()
			time.Sleep(100 * time.Millisecond)
			begin := time.Now()
			if err := errors.Join(command.Process.Signal(signal), command.Wait()); err != nil {
				t.Errorf("it ended with %v", err)
			}
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("it took %s to end", took)
			}
			if err := <-hung; err == nil {
				t.Error("the request that hangs was answered")
			}
		})
	}
}
