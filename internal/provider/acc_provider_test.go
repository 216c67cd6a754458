package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// TestAccAliases makes deployments in three accounts in one apply.
func TestAccAliases(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Keys: map[string]string{"key-1": "one", "key-2": "two", "key-3": "three"}})
	var config strings.Builder
	for i, alias := range []string{"", "alias = \"two\"", "alias = \"three\""} {
		fmt.Fprintf(&config, "provider \"tavus\" {\n  %s\n  api_key = \"key-%d\"\n  base_url = %q\n}\n", alias, i+1, f.URL)
	}
	for name, meta := range map[string]string{"one": "", "two": "provider = tavus.two", "three": "provider = tavus.three"} {
		fmt.Fprintf(&config, "resource \"tavus_deployment\" %q {\n  %s\n  pal_id = \"p5317866\"\n  channel = \"widget\"\n  name = %q\n}\n", name, meta, name)
	}
	w := f.cli(t)
	w.main(config.String())
	held := func(want int) {
		t.Helper()
		for _, account := range []string{"one", "two", "three"} {
			ids := f.IDsIn(account)
			if len(ids) != want {
				t.Fatalf("account %s has %d deployments instead of %d", account, len(ids), want)
			}
			for _, id := range ids {
				if doc, _ := f.Document(id); doc["name"] != account {
					t.Errorf("account %s has the deployment of %v", account, doc["name"])
				}
			}
		}
	}
	w.apply()
	held(1)
	w.quiet()
	held(1)
	w.must(0, "destroy", "-auto-approve")
	held(0)
}

func TestAccRefusedKey(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]simulator.Options{
		"401 Unauthorized": {Keys: map[string]string{"another": simulator.DefaultAccount}},
		"403 Forbidden":    {Forbidden: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, options)
			w := f.cli(t)
			w.deployment(someKeys)
			m := w.one(1, "", "Cannot create deployment", "apply", "-auto-approve")
			w.mentions(m, name, "api_key", "TAVUS_API_KEY", "bound to IP addresses")
			if strings.Contains(m.String(), "key-of-the-test") {
				t.Errorf("the message shows the key: %s", m)
			}
			// A refused key is said once: it is not tried again.
			if got := f.methods(); got != "POST" {
				t.Errorf("requests: %s", got)
			}
		})
	}
}

// TestAccRefusedKeyForgetsNothing: a key that is refused while Terraform knows
// deployments removes none of them from the state.
func TestAccRefusedKeyForgetsNothing(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	w.deployment(someKeys)
	w.apply()
	f.Configure(func(o *simulator.Options) { o.Forbidden = true })
	m := w.one(1, "", "Cannot read deployment "+w.id(), "plan")
	w.mentions(m, "403 Forbidden", "TAVUS_API_KEY", "bound to IP addresses")
	w.must(1, "refresh")
	f.Configure(func(o *simulator.Options) { o.Forbidden = false })
	w.quiet()
	w.destroy()
}

func TestAccUnknownAPIKey(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Keys: map[string]string{"key-from-elsewhere": simulator.DefaultAccount}})
	config := func(key, arguments string) string {
		return fmt.Sprintf(`
resource "terraform_data" "key" {
  input = %q
}

provider "tavus" {
  api_key  = terraform_data.key.output
  base_url = %q
}

resource "tavus_deployment" "test" {
%s}
`, key, f.URL, arguments)
	}
	f.acc(t,
		// The key comes out of the same apply. A plan of a create needs no request.
		resource.TestStep{
			Config: config("key-from-elsewhere", someKeys), ConfigPlanChecks: action(address, plancheck.ResourceActionCreate),
			Check: func(*terraform.State) error {
				if got := f.methods(); got != "POST" {
					return fmt.Errorf("requests: %s", got)
				}
				return nil
			},
		},
		// With something to read, the plan says what it needs.
		resource.TestStep{
			Config:      config("another-key", someKeys),
			ExpectError: regexp.MustCompile(`provider's\s+api_key\s+is\s+not\s+known\s+while\s+planning(.|\n)*-target`),
		},
		resource.TestStep{
			Config:           config("key-from-elsewhere", strings.Replace(someKeys, "a = 1", "a = 2", 1)),
			ConfigPlanChecks: action(address, plancheck.ResourceActionUpdate),
		},
	)
}

func TestAccAllowHTTP(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	for _, block := range []string{"base_url = \"http://tavus.example.com:8080\"\nallow_http = true", "allow_http = true", ""} {
		w.main("provider \"tavus\" {\n" + block + "\n}\nresource \"tavus_deployment\" \"test\" {\n" + someKeys + "}\n")
		environment := w.env
		if !strings.Contains(block, "base_url") {
			w.setenv("TAVUS_BASE_URL=http://tavus.example.com:8080")
		}
		if block == "" {
			w.setenv("TAVUS_ALLOW_HTTP=true")
		}
		m := w.one(0, "", "API key in clear text", "plan") // which sends nothing
		w.env = environment
		w.mentions(m, "unencrypted", "simulator only")
		if m.Severity != "warning" {
			t.Errorf("%q: %s", block, m)
		}
	}
	// To loopback nothing is said, with or without.
	w.main("provider \"tavus\" {\n  allow_http = true\n}\nresource \"tavus_deployment\" \"test\" {\n" + someKeys + "}\n")
	if code, said := w.messages("plan"); code != 0 || len(said) > 0 {
		t.Errorf("exit code %d, %v", code, said)
	}
}

func TestAccConfigurationWinsOverEnvironment(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Keys: map[string]string{"right": simulator.DefaultAccount}})
	w := f.cli(t)
	w.setenv("TAVUS_API_KEY=wrong", "TAVUS_BASE_URL=https://tavus.invalid", "TAVUS_ALLOW_HTTP=true",
		"TF_APPEND_USER_AGENT=acme-pipeline/7 (build 12)")
	w.main(fmt.Sprintf("provider \"tavus\" {\n  api_key = \" right\\n\"\n  base_url = \"%s/\"\n}\nresource \"tavus_deployment\" \"test\" {\n%s}\n",
		f.URL, someKeys))
	w.apply()
	w.quiet()
	requests := f.Requests()
	if len(requests) == 0 {
		t.Fatal("no request")
	}
	cli, err := findCLI()
	if err != nil {
		t.Fatal(err)
	}
	terraform := "Terraform/" + cli.version.String() + " "
	if cli.tofu {
		terraform = "Terraform/1." // OpenTofu names the Terraform that it takes the place of
	}
	for _, want := range []string{terraform, "terraform-provider-tavus/" + builtVersion, "acme-pipeline/7 (build 12)"} {
		if got := requests[0].UserAgent; !strings.Contains(got, want) {
			t.Errorf("the user agent is %q, without %q", got, want)
		}
	}
	w.destroy()
}
