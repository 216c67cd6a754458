package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// running is a CLI under way, in a process group of its own as behind a terminal.
type running struct {
	t      *testing.T
	cmd    *exec.Cmd
	output lockedBuffer
}

// lockedBuffer is written by a process and read by a test.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

func (w *cliFolder) background(args ...string) *running {
	w.t.Helper()
	r := &running{t: w.t, cmd: exec.CommandContext(w.t.Context(), w.path, args...)} //nolint:gosec // The tester's own CLI.
	r.cmd.Dir, r.cmd.Env, r.cmd.Stdout, r.cmd.Stderr = w.dir, w.env, &r.output, &r.output
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := r.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL) })
	return r
}

// wait returns the exit code.
func (r *running) wait() int {
	r.t.Helper()
	late := time.AfterFunc(90*time.Second, func() { _ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL) })
	_ = r.cmd.Wait() // the exit code tells
	if !late.Stop() {
		r.t.Fatalf("the CLI does not end:\n%s", &r.output)
	}
	return r.cmd.ProcessState.ExitCode()
}

// providers are the provider processes that the CLI has started.
func (r *running) providers() []int {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		r.t.Error(err)
	}
	var found []int
	for _, file := range stats {
		text, err := os.ReadFile(file) //nolint:gosec // The kernel's own files.
		if err != nil {
			continue // ended meanwhile
		}
		var pid, parent int
		var state string
		name := string(text[bytes.IndexByte(text, '(')+1 : bytes.LastIndexByte(text, ')')])
		_, _ = fmt.Sscan(string(text), &pid)
		_, err = fmt.Sscan(string(text[bytes.LastIndexByte(text, ')')+1:]), &state, &parent)
		if err == nil && parent == r.cmd.Process.Pid && strings.HasPrefix(name, "terraform-prov") {
			found = append(found, pid)
		}
	}
	return found
}

// stateIDs are the deployments of the state.
func (w *cliFolder) stateIDs() []string {
	w.t.Helper()
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct {
				Attributes struct {
					ID string `json:"deployment_id"`
				}
				Status string
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if err := json.Unmarshal(text, &state); err != nil {
		w.t.Fatal(err)
	}
	var ids []string
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			if instance.Status != "" {
				w.t.Errorf("%s is %s", instance.Attributes.ID, instance.Status)
			}
			if resource.Type == resourceType {
				ids = append(ids, instance.Attributes.ID)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// agree asserts that the state and the server hold the same number of deployments.
func (w *cliFolder) agree(want int) {
	w.t.Helper()
	held := w.f.IDs()
	slices.Sort(held)
	if state := w.stateIDs(); !slices.Equal(state, held) || len(held) != want {
		w.t.Fatalf("the state has %v, the server %v, instead of %d", state, held, want)
	}
}

// threeAndOne are three deployments at the same time, and one after them.
const threeAndOne = `resource "tavus_deployment" "first" {
  count   = 3
  pal_id  = "p5317866"
  channel = "widget"
  name    = "First ${count.index}"
  customization = jsonencode({ text = "%[1]s" })
}

resource "tavus_deployment" "then" {
  pal_id     = "p5317866"
  channel    = "widget"
  name       = "Then"
  customization = jsonencode({ text = "%[1]s" })
  depends_on = [tavus_deployment.first]
}
`

// onWrite runs do when the n-th write with the method has had its effect and its
// answer is still to come.
func (f *fake) onWrite(method string, n int, do func()) {
	var mu sync.Mutex
	f.After(func(r simulator.Request) {
		if r.Method != method {
			return
		}
		mu.Lock()
		n--
		now := n == 0
		mu.Unlock()
		if now {
			do()
		}
		time.Sleep(300 * time.Millisecond)
	})
}

// TestAccInterrupt ends an apply from outside while its requests are under way:
// Ctrl-C at a terminal (SIGINT to the group), and SIGTERM to Terraform alone and
// to all its processes, as service managers and CI runners send it. What is
// under way is finished and stands in the state, and nothing new begins.
// The short run interrupts each kind of write, and with each signal, but not all
// combinations.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	short := map[string]bool{
		"Ctrl-C in a POST": true, "Ctrl-C in a PATCH": true, "SIGTERM to everyone in a DELETE": true,
		"SIGINT to the CLI in a POST": true, "SIGTERM to the CLI in a PATCH": true,
	}
	for name, test := range map[string]struct {
		signal syscall.Signal
		group  bool
	}{
		"Ctrl-C":              {syscall.SIGINT, true},
		"SIGINT to the CLI":   {syscall.SIGINT, false},
		"SIGTERM to the CLI":  {syscall.SIGTERM, false},
		"SIGTERM to everyone": {syscall.SIGTERM, true},
	} {
		for _, method := range []string{"POST", "PATCH", "DELETE"} {
			name := name + " in a " + method
			if !isLong() && !short[name] {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				f := newFake(t, simulator.Options{})
				w := f.cli(t)
				w.main(fmt.Sprintf(threeAndOne, "one"))
				command := []string{"apply", "-auto-approve"}
				if method != "POST" {
					w.apply()
					w.agree(4)
				}
				switch method {
				case "PATCH":
					w.main(fmt.Sprintf(threeAndOne, "two"))
				case "DELETE":
					command = []string{"destroy", "-auto-approve"}
				}
				started := make(chan *running, 1)
				f.onWrite(method, 1, func() {
					r := <-started
					pid := r.cmd.Process.Pid
					if test.group {
						pid = -pid
					}
					if err := syscall.Kill(pid, test.signal); err != nil {
						t.Error(err)
					}
				})
				r := w.background(command...)
				started <- r
				if code := r.wait(); code == 0 {
					t.Fatalf("nothing was interrupted:\n%s", &r.output)
				}
				f.After(nil)
				switch method {
				case "POST":
					if n := len(f.IDs()); n == 0 || n == 4 {
						t.Fatalf("the server holds %d deployments", n)
					}
					w.agree(len(f.IDs()))
				case "PATCH":
					w.agree(4)
				case "DELETE":
					w.agree(len(f.IDs()))
					w.destroy()
					return
				}
				w.apply()
				w.agree(4)
				w.quiet()
				w.destroy()
			})
		}
	}
}

// TestAccKilledProvider kills the provider process, which nobody can handle. A
// create that had its effect leaves a deployment behind that nobody knows of, as
// the documentation says. Everything else is found again.
func TestAccKilledProvider(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method string
		before bool // the effect
		orphan bool
	}{
		{method: "POST", before: true},
		{method: "POST", orphan: true},
		{method: "PATCH", before: true},
		{method: "PATCH"},
		{method: "DELETE", before: true},
		{method: "DELETE"},
	} {
		t.Run(fmt.Sprintf("%s before=%v", test.method, test.before), func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{})
			w := f.cli(t)
			config := "resource \"tavus_deployment\" \"test\" {\n  pal_id  = \"p5317866\"\n  channel = \"widget\"\n  name    = \"Docs\"\n" +
				"  customization = jsonencode({ text = \"%s\" })\n}\n"
			w.main(fmt.Sprintf(config, "one"))
			command := []string{"apply", "-auto-approve"}
			if test.method != "POST" {
				w.apply()
			}
			switch test.method {
			case "PATCH":
				f.portal(t, w.id(), "dark", "customization", "theme", "mode")
				w.main(fmt.Sprintf(config, "two"))
			case "DELETE":
				command = []string{"destroy", "-auto-approve"}
			}
			before := f.IDs()
			started := make(chan *running, 1)
			var once sync.Once
			kill := func(r simulator.Request) {
				if r.Method != test.method {
					return
				}
				once.Do(func() {
					all := (<-started).providers()
					for _, pid := range all {
						if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
							t.Error(err)
						}
					}
					if len(all) != 1 {
						t.Errorf("%d provider processes", len(all))
					}
				})
			}
			if test.before {
				// A request that the server never got: the connection ends with the process.
				f.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
					if r.Method != test.method {
						return nil
					}
					kill(r)
					return &simulator.Fault{Kind: simulator.FaultCutBefore}
				})
			} else {
				f.After(kill)
			}
			r := w.background(command...)
			started <- r
			if code := r.wait(); code == 0 {
				t.Fatalf("nothing was killed:\n%s", &r.output)
			}
			f.SetFaults(nil)
			f.After(nil)
			if test.method == "DELETE" {
				w.destroy()
				return
			}
			w.apply()
			w.quiet()
			left := slices.DeleteFunc(f.IDs(), func(id string) bool { return slices.Contains(w.stateIDs(), id) })
			if test.orphan != (len(left) == 1) || len(left) > 1 {
				t.Fatalf("left behind: %v", left)
			}
			if test.method == "PATCH" {
				doc, _ := f.Document(w.id())
				if !slices.Equal(before, f.IDs()) || lookup(doc, "customization", "theme", "mode") != "dark" {
					t.Fatalf("the server holds %v: %v", f.IDs(), doc)
				}
			}
			for _, id := range left {
				f.Remove(id)
			}
			w.destroy()
		})
	}
}
