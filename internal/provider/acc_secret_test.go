package provider_test

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// secretConfig takes the secrets from variables. Terraform prints lines of the configuration, so
// a password that stands there in clear is nobody's secret.
func secretConfig(kind, line string) string {
	return "variable \"key\" {\n  sensitive = true\n}\nvariable \"secret\" {\n  sensitive = true\n" + kind + "}\n" +
		"provider \"tavus\" {\n  api_key = var.key\n  max_retries = 0\n}\n" + deploymentBlock("test", "name = \"Docs\"\n"+line)
}

// firstSecret and nextSecret are found wherever they leak. The odd characters are
// those that JSON, URLs and HTML write in another way.
const (
	firstSecret = "firstCanary<&>-1c"  //nolint:gosec // A password of the test.
	nextSecret  = `nextCanary-${é}-"%` //nolint:gosec // A password of the test.
)

// leaked returns the secrets that stand in a text, in clear or as JSON has them. Their beginnings
// are enough.
func leaked(text string) (found []string) {
	for _, secret := range []string{"keyCanary", "firstCanary", "nextCanary"} {
		if strings.Contains(text, secret) {
			found = append(found, secret)
		}
	}
	return found
}

// TestAccSecrets_AreNowhere: the key and the passwords stand in no output, no log at TRACE, and
// in no state or plan but for a password that the user chose to keep there. The server repeats in
// its errors what it was sent.
func TestAccSecrets_AreNowhere(t *testing.T) {
	t.Parallel()
	for argument, config := range map[string]func(version int) string{
		"password": func(int) string { return secretConfig("", "password = var.secret") },
		"password_wo": func(version int) string {
			return secretConfig("  ephemeral = true\n", fmt.Sprintf("password_wo = var.secret\npassword_wo_version = \"%d\"", version))
		},
	} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			s, c := newAcc(t, "errors=message")
			c.Needs(11, 11, "a write-only argument")
			c.Setenv("TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(c.Dir, "trace.log"), "TF_VAR_key="+keyCanary, "TF_VAR_secret="+firstSecret)
			kept := argument == "password"
			run := func(want int, args ...string) string {
				t.Helper()
				out := c.Must(want, args...)
				if found := leaked(out); len(found) > 0 {
					t.Errorf("%v: %v was printed\n%s", args, found, out)
				}
				return out
			}
			c.Main(config(1))
			run(0, "plan", "-out=create.tfplan")
			run(0, "apply", "create.tfplan")
			run(0, "show")
			// A write-only value alone is nothing that Terraform sees; its version is.
			c.Setenv("TF_VAR_secret=" + nextSecret)
			if !kept {
				run(0, "plan", "-detailed-exitcode")
			}
			c.Main(config(2))
			run(2, "plan", "-detailed-exitcode", "-out=change.tfplan")
			run(0, "show", "change.tfplan")
			s.SetFault(func(_ int, r simulator.Request) *simulator.Fault {
				if r.Method != "PATCH" {
					return nil
				}
				return &simulator.Fault{Kind: simulator.FaultStatus, Status: 400, Text: "too weak: " + nextSecret + ", sent " + string(r.Body) + " with " + keyCanary}
			})
			says(t, run(1, "apply", "change.tfplan"), "too weak", "password")
			s.SetFault(nil)
			run(0, "apply", "-auto-approve")
			if got := s.Secret("deployments", onlyID(t, s), "/password"); got != nextSecret {
				t.Errorf("the password is %q", got)
			}
			c.Quiet()
			nothingKept(t, c, kept)
			removed := strings.NewReplacer("password_wo = var.secret", "", "password_wo_version = \"2\"", "", "password = var.secret", "").Replace(config(2))
			c.Main(removed)
			run(0, "apply", "-auto-approve")
			holds(t, s, "/has_password", "false")
			run(0, "destroy", "-auto-approve")
		})
	}
}

// TestAccSecrets_OfEveryTypeOfAuth: the same holds for the secrets inside tools, one of each type.
func TestAccSecrets_OfEveryTypeOfAuth(t *testing.T) {
	t.Parallel()
	for _, writeOnly := range []bool{false, true} {
		t.Run(fmt.Sprintf("write-only %v", writeOnly), func(t *testing.T) {
			t.Parallel()
			s, c := newAcc(t, "errors=message")
			c.Needs(11, 11, "a write-only argument")
			config := func(version int) string {
				text := "variable \"key\" {\n  sensitive = true\n}\nvariable \"secret\" {\n  sensitive = true\n"
				secret := testkit.Config{"secret": "var.secret"}
				if writeOnly {
					text += "  ephemeral = true\n"
					secret = testkit.Config{"secret_wo": "var.secret", "secret_wo_version": strconv.Itoa(version)}
				}
				text += "}\nprovider \"tavus\" {\n  api_key = var.key\n  max_retries = 0\n}\n"
				for kind, one := range toolAuths() {
					text += testkit.HCL("resource", []string{"tavus_tool", kind}, testkit.Config{
						"name": kind, "description": "A tool.",
						"api": map[string]any{"url": "https://hooks.example.com", "auth": testkit.With(one.auth, secret)},
					})
				}
				return strings.ReplaceAll(text, `"var.secret"`, "var.secret")
			}
			run := func(want int, args ...string) string {
				t.Helper()
				out := c.Must(want, args...)
				if found := leaked(out); len(found) > 0 {
					t.Errorf("%v: %v was printed\n%s", args, found, out)
				}
				return out
			}
			c.Setenv("TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(c.Dir, "trace.log"), "TF_VAR_key="+keyCanary, "TF_VAR_secret="+firstSecret)
			c.Main(config(1))
			run(0, "plan", "-out=create.tfplan")
			run(0, "apply", "create.tfplan")
			run(0, "show")
			c.Setenv("TF_VAR_secret=" + nextSecret)
			c.Main(config(2))
			s.SetFault(func(_ int, r simulator.Request) *simulator.Fault {
				if r.Method != "PATCH" {
					return nil
				}
				return &simulator.Fault{Kind: simulator.FaultStatus, Status: 400, Text: "too weak: " + nextSecret + ", sent " + string(r.Body) + " with " + keyCanary}
			})
			says(t, run(1, "apply", "-auto-approve"), "too weak", "tavus_tool.hmac", "tavus_tool.oauth2_client_credentials")
			s.SetFault(nil)
			run(0, "apply", "-auto-approve")
			for _, tool := range s.Documents("tools") {
				kind, _ := tool["name"].(string)
				id, _ := tool["tool_id"].(string)
				if one, ours := toolAuths()[kind]; ours && s.Secret("tools", id, "/delivery/api/auth/"+one.member) != nextSecret {
					t.Errorf("the server does not have the secret of %s", kind)
				}
			}
			c.Quiet()
			nothingKept(t, c, !writeOnly)
			run(0, "destroy", "-auto-approve")
		})
	}
}

// ownWarning is what OpenTofu itself writes into its log of values that a refresh changed.
var ownWarning = regexp.MustCompile(`(?m)^.*\[WARN\]  Provider "\S+" produced an unexpected new value for \S+ during refresh\.\n(?:      - \..*: was .*\n)+`)

// nothingKept searches every file of the folder. A password in the state is what the argument
// password means, and no leak.
func nothingKept(t *testing.T, c *testkit.CLI, passwordInState bool) {
	t.Helper()
	err := filepath.WalkDir(c.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path) //nolint:gosec // A file of the test's own folder.
		if err != nil {
			return err
		}
		text := ownWarning.ReplaceAllString(string(raw), "")
		if strings.HasSuffix(path, ".tfplan") {
			text = unzipped(t, path)
		}
		if passwordInState && (strings.HasSuffix(path, ".tfplan") || strings.Contains(entry.Name(), ".tfstate")) {
			text = strings.NewReplacer("firstCanary", "", "nextCanary", "").Replace(text)
		}
		if strings.HasSuffix(path, ".tfplan") {
			text = strings.ReplaceAll(text, keyCanary, "") // a plan keeps the values of variables
		}
		if found := leaked(text); len(found) > 0 {
			i := strings.Index(text, found[0])
			t.Errorf("%v in %s: %s", found, entry.Name(), text[max(0, i-300):min(len(text), i+100)])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"Tavus API request", "[TRACE]", "PATCH"} {
		if !strings.Contains(c.Read("trace.log"), words) {
			t.Errorf("the log has no %q, so this test sees nothing", words)
		}
	}
	var state map[string]any
	if err := json.Unmarshal([]byte(c.Read("terraform.tfstate")), &state); err != nil || passwordInState != strings.Contains(c.Read("terraform.tfstate"), "nextCanary") {
		t.Errorf("the state has the password, or lacks it: %v", err)
	}
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
	if !strings.Contains(all.String(), "registry.") {
		t.Fatalf("%s could not be read", file)
	}
	return all.String()
}
