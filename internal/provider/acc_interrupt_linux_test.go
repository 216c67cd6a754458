package provider_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// threeAndOne are three deployments at the same time, and one after them.
func threeAndOne(text string) string {
	customization := "customization = jsonencode({ text = \"" + text + "\" })"
	return three("name = \"First ${count.index}\"\n"+customization) +
		deploymentBlock("then", "name = \"Then\"\n"+customization+"\ndepends_on = [tavus_deployment.test]")
}

// interrupted runs a command in a process group of its own, as behind a terminal, and sends it a
// signal once the first write with the method has had its effect and its answer is still to come.
func interrupted(t *testing.T, s *testkit.Server, c *testkit.CLI, method string, signal syscall.Signal, group bool, args ...string) {
	t.Helper()
	var out bytes.Buffer
	cmd := c.Command(args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	started := make(chan *exec.Cmd, 1)
	var once sync.Once
	s.OnAnswer(func(r simulator.Request) {
		if r.Method != method {
			return
		}
		once.Do(func() {
			pid := (<-started).Process.Pid
			if group {
				pid = -pid
			}
			if err := syscall.Kill(pid, signal); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(300 * time.Millisecond)
	})
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	started <- cmd
	late := time.AfterFunc(90*time.Second, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	_ = cmd.Wait() // the exit code tells
	s.OnAnswer(nil)
	if !late.Stop() || cmd.ProcessState.ExitCode() == 0 {
		t.Fatalf("nothing was interrupted, or the CLI does not end:\n%s", &out)
	}
}

// stateIDs are the ids of the state, none of which may be tainted.
func stateIDs(t *testing.T, c *testkit.CLI) (ids []string) {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes struct {
					ID string `json:"id"`
				}
				Status string
			}
		}
	}
	if err := json.Unmarshal([]byte(c.Read("terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			if instance.Status != "" {
				t.Errorf("%s is %s", instance.Attributes.ID, instance.Status)
			}
			ids = append(ids, instance.Attributes.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// TestAccInterrupt_LosesNothing ends an apply from outside while its requests are under way:
// SIGINT to the group as Ctrl-C does, SIGTERM to Terraform alone, and SIGTERM to all its processes
// as service managers and CI runners send it. What is under way is finished and stands in the
// state, nothing new begins, and the next apply converges.
func TestAccInterrupt_LosesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method string
		signal syscall.Signal
		group  bool
	}{
		"Ctrl-C in a create":              {"POST", syscall.SIGINT, true},
		"SIGTERM to all in a create":      {"POST", syscall.SIGTERM, true},
		"SIGTERM to the CLI in an update": {"PATCH", syscall.SIGTERM, false},
		"SIGTERM to all in a delete":      {"DELETE", syscall.SIGTERM, true},
	} {
		if !long && strings.HasPrefix(name, "SIGTERM to all in a delete") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newAcc(t)
			c.Main(threeAndOne("one"))
			command := []string{"apply", "-auto-approve"}
			if test.method != "POST" {
				c.Apply()
				c.Main(threeAndOne("two"))
			}
			if test.method == "DELETE" {
				command[0] = "destroy"
			}
			interrupted(t, s, c, test.method, test.signal, test.group, command...)
			held := deploymentIDs(s)
			if test.method == "POST" && (len(held) == 0 || len(held) == 4) {
				t.Fatalf("the server holds %v", held)
			}
			if state := stateIDs(t, c); !slices.Equal(state, held) {
				t.Fatalf("the state has %v, the server %v", state, held)
			}
			c.Apply()
			c.Quiet()
			if now := deploymentIDs(s); !slices.Equal(now, stateIDs(t, c)) || len(now) != 4 {
				t.Errorf("the server holds %v", now)
			}
		})
	}
}

// TestAccInterrupt_WaitKeepsTheDocument ends an apply while it waits for a document, as Ctrl-C does.
// The document is in the state, not tainted, and the next apply goes on where this one stopped.
func TestAccInterrupt_WaitKeepsTheDocument(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t, slow)
	c.Main(`
		resource "tavus_document" "first" { url = "https://docs.example.com/" }
		resource "tavus_document" "then" {
			url  = "https://docs.example.com/then"
			tags = [tavus_document.first.id]
		}`)
	interrupted(t, s, c, "GET", syscall.SIGINT, true, "apply", "-auto-approve")
	held := s.IDs("documents", "document_id")
	if state := stateIDs(t, c); len(held) != 1 || !slices.Equal(state, held) {
		t.Fatalf("the state has %v, the server %v", state, held)
	}
	if err := s.Set("document-speed=0"); err != nil {
		t.Fatal(err)
	}
	c.Apply()
	c.Quiet()
	if now := s.IDs("documents", "document_id"); len(now) != 2 || !slices.Contains(now, held[0]) {
		t.Errorf("the server holds %v", now)
	}
}
