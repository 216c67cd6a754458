package provider_test

import (
	"archive/zip"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// locked checks the password on the server; "" stands for none.
func (f *fake) locked(want string) stepOption {
	return func(s *resource.TestStep) {
		s.Check = func(*terraform.State) error {
			ids := f.IDs()
			if len(ids) != 1 {
				return fmt.Errorf("the server holds %d deployments instead of 1", len(ids))
			}
			if got, _ := f.Password(ids[0]); got != want {
				return fmt.Errorf("the password is %q instead of %q", got, want)
			}
			return nil
		}
	}
}

// unlock removes the password in the portal.
func (f *fake) unlock(t *testing.T) stepOption {
	t.Helper()
	return first(func() {
		id, _ := f.only(t)
		f.Edit(id, func(doc map[string]any) { doc["password"] = nil })
	})
}

func withPassword(line string) string { return widgetArguments + line + "\n" }

func writeOnly(password, version string) string {
	return withPassword(fmt.Sprintf("password_wo = %q\npassword_wo_version = %q", password, version))
}

func TestAccPassword(t *testing.T) {
	t.Parallel()
	needsWriteOnly(t)
	f := newFake(t, simulator.Options{})
	has, hasNot := inState("has_password", knownvalue.Bool(true)), inState("has_password", knownvalue.Bool(false))
	becomes := planShows(plans("has_password", knownvalue.Bool(true)))
	goes := planShows(plans("has_password", knownvalue.Bool(false)))
	once := func(s *resource.TestStep) { // one operation, and nothing in between
		s.PostApplyFunc = func() {
			var patches []string
			for _, r := range f.Requests() {
				if r.Method == "PATCH" {
					patches = append(patches, string(r.Body))
				}
			}
			if len(patches) != 1 || strings.Count(patches[0], `"op"`) != 1 || !strings.Contains(patches[0], `"path":"/password"`) {
				t.Errorf("the patches were %v", patches)
			}
		}
		before := s.PreConfig
		s.PreConfig = func() {
			if before != nil {
				before()
			}
			f.ResetRequests()
		}
	}
	f.acc(t,
		f.step(withPassword(`password = "one ${1 + 1}"`), plancheck.ResourceActionCreate, f.locked("one 2"), has, becomes),
		f.step(withPassword(`password = "two"`), plancheck.ResourceActionUpdate, f.locked("two"), has, once),
		// Removed in the portal: put back.
		f.step(withPassword(`password = "two"`), plancheck.ResourceActionUpdate, f.unlock(t), f.locked("two"), has, becomes, once),
		// From one argument to the other.
		f.step(writeOnly("three", "1"), plancheck.ResourceActionUpdate, f.locked("three"), has, once,
			inState("password", knownvalue.Null()), inState("password_wo", knownvalue.Null()), textInState("password_wo_version", "1")),
		// A write-only value alone is nothing that Terraform sees. Its version is.
		f.step(writeOnly("four", "1"), plancheck.ResourceActionNoop, f.locked("three")),
		f.step(writeOnly("four", "2"), plancheck.ResourceActionUpdate, f.locked("four"), has, once),
		f.step(writeOnly("four", "2"), plancheck.ResourceActionUpdate, f.unlock(t), f.locked("four"), has, becomes, once),
		// And back.
		f.step(withPassword(`password = "five"`), plancheck.ResourceActionUpdate, f.locked("five"), has, once,
			inState("password_wo_version", knownvalue.Null())),
		// It goes when the argument goes.
		f.step(widgetArguments, plancheck.ResourceActionUpdate, f.locked(""), hasNot, goes, once),
		// Without the arguments, a password of the portal is the portal's.
		f.step(widgetArguments+"name = \"Docs\"\n", plancheck.ResourceActionUpdate, first(func() {
			id, _ := f.only(t)
			f.Edit(id, func(doc map[string]any) { doc["password"] = "by hand" })
		}), f.locked("by hand"), has),
		f.step(withPassword(`password = "ours"`), plancheck.ResourceActionUpdate, f.locked("ours"), has),
	)
}

func TestAccPasswordWriteOnlyFromTheStart(t *testing.T) {
	t.Parallel()
	needsWriteOnly(t)
	f := newFake(t, simulator.Options{})
	f.acc(t,
		f.step(writeOnly("one", "1"), plancheck.ResourceActionCreate, f.locked("one"),
			inState("password_wo", knownvalue.Null()), inState("has_password", knownvalue.Bool(true))),
		f.step(writeOnly("one", "1")+"name = \"Docs\"\n", plancheck.ResourceActionUpdate, f.locked("one")),
		f.step(widgetArguments, plancheck.ResourceActionUpdate, f.locked(""), inState("has_password", knownvalue.Bool(false))),
	)
}

// TestAccPasswordsAreNowhere searches what the CLI prints and keeps for the
// password. A password that stands in the configuration stands in the state, but
// in nothing that is printed; a write-only one stands nowhere.
func TestAccPasswordsAreNowhere(t *testing.T) {
	t.Parallel()
	const secret, next = "xyzzy-plugh-<&>", `frobozz-magic-${é}-"%` //nolint:gosec // Passwords of the test.
	for argument, inState := range map[string]bool{"password": true, "password_wo": false} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			if argument == "password_wo" {
				needsWriteOnly(t)
			}
			f := newFake(t, simulator.Options{Errors: simulator.ErrorsMessage})
			w := f.cli(t)
			var printed strings.Builder
			run := func(want int, args ...string) { printed.WriteString(w.must(want, args...)) }
			config := func(password, version string) {
				w.setenv("TF_VAR_secret=" + password)
				if argument == "password" {
					w.main(secretConfig("", "password = var.secret"))
					return
				}
				w.main(secretConfig("ephemeral = true", "password_wo = var.secret\npassword_wo_version = \""+version+"\""))
			}
			w.setenv("TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH="+filepath.Join(w.dir, "provider.log"))
			config(secret, "1")
			run(0, "plan", "-out=create.tfplan")
			run(0, "show", "create.tfplan")
			run(0, "apply", "create.tfplan")
			run(0, "show")
			config(next, "2")
			run(0, "plan", "-out=change.tfplan")
			run(0, "show", "change.tfplan")
			f.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
				if r.Method != "PATCH" {
					return nil
				}
				return &simulator.Fault{Kind: simulator.FaultStatus, Status: 400, Text: "the password " + next + " is too weak"}
			})
			run(1, "apply", "change.tfplan")
			f.SetFaults(nil)
			run(0, "apply", "-auto-approve")
			run(0, "plan")
			if held, _ := f.Password(w.id()); held != next {
				t.Fatalf("the password is %q", held)
			}
			if !strings.Contains(printed.String(), "too weak") {
				t.Error("the server's words are lost")
			}
			log := w.read("provider.log")
			if !strings.Contains(log, "PATCH") {
				t.Error("the provider's log is empty")
			}
			kept := w.read("terraform.tfstate") + unzipped(t, filepath.Join(w.dir, "create.tfplan")) + unzipped(t, filepath.Join(w.dir, "change.tfplan"))
			for _, password := range []string{secret, next} {
				for _, form := range []string{password, string(encode(t, password))[1 : len(encode(t, password))-1]} {
					if strings.Contains(printed.String(), form) {
						t.Errorf("%s was printed:\n%s", form, printed.String())
					}
					if strings.Contains(log, form) {
						t.Errorf("%s was logged", form)
					}
				}
			}
			for _, form := range []string{next, string(encode(t, next))[1 : len(encode(t, next))-1]} {
				if !inState && strings.Contains(kept, form) {
					t.Errorf("%s was kept in the state or in a plan", form)
				}
			}
			if inState && !strings.Contains(w.read("terraform.tfstate"), "frobozz-magic") {
				t.Error("the search finds nothing, not even where the password is")
			}
			w.destroy()
		})
	}
}

// secretConfig takes the password from a variable. Terraform prints lines of the
// configuration, so a password that stands there in clear is nobody's secret.
func secretConfig(kind, line string) string {
	return "variable \"secret\" {\n  type = string\n  sensitive = true\n  " + kind + "\n}\n" +
		"resource \"tavus_deployment\" \"test\" {\n" + withPassword(line) + "}\n"
}

// unzipped is all that a plan file holds, but for its copy of the configuration.
func unzipped(t *testing.T, file string) string {
	t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var all strings.Builder
	for _, member := range archive.File {
		if strings.HasPrefix(member.Name, "tfconfig/") {
			continue
		}
		reader, err := member.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, reader); err != nil { //nolint:gosec // A plan of our own.
			t.Fatal(err)
		}
		_ = reader.Close()
	}
	if !strings.Contains(all.String(), "tavus_deployment") {
		t.Fatalf("%s could not be read", file)
	}
	return all.String()
}
