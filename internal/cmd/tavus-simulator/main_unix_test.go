//go:build unix

package main

import (
	"bufio"
	"io"
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

// launch starts the program and returns its address.
func launch(t *testing.T, args ...string) (command *exec.Cmd, url string, errors io.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command = exec.CommandContext(t.Context(), self, args...)
	command.Env = append(os.Environ(), "TAVUS_SIMULATOR_TEST_MAIN=1")
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "Tavus simulator listening on ")
	if !ok {
		t.Fatalf("the first line is %q", line)
	}
	return command, url, stderr
}

func get(t *testing.T, url string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", "k")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func TestProgramEndsOnSignals(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": os.Interrupt} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command, url, _ := launch(t, "-key=k:acct", "-faults=GET:2:hang", "-unset=null", "-seed=3")
			if !strings.HasPrefix(url, "http://127.0.0.1:") {
				t.Errorf("it listens on %s", url)
			}
			resp := get(t, url+"/v2/deployments")
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				t.Errorf("got %s", resp.Status)
			}
			// A request that hangs must not keep the program.
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v2/deployments", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			hung := make(chan error, 1)
			go func() {
				resp, err := http.DefaultClient.Do(req)
				if err == nil {
					_ = resp.Body.Close()
				}
				hung <- err
			}()
			time.Sleep(100 * time.Millisecond)
			begin := time.Now()
			if err := command.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := command.Wait(); err != nil {
				t.Errorf("it ended with %v", err)
			}
			if took := time.Since(begin); took > 2*time.Second {
				t.Errorf("it took %s to end", took)
			}
			if err := <-hung; err == nil {
				t.Error("the request that hangs was answered")
			}
		})
	}
}

func TestProgramWarnsBeyondLoopback(t *testing.T) {
	t.Parallel()
	command, _, stderr := launch(t, "-listen=0.0.0.0:0")
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(stderr)
	if err != nil || !strings.Contains(string(text), "can be reached from other machines") {
		t.Errorf("%s %v", text, err)
	}
	if err := command.Wait(); err != nil {
		t.Error(err)
	}
}
