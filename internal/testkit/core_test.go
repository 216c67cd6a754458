package testkit_test

import (
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

func TestCore_LifeOfADeployment(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t)
	core, err := testkit.NewCore(provider.New("test")(), server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	docs := core.Resource("tavus_deployment.docs")
	config := testkit.Config{
		"pal_id": "p5317866", "channel": "widget", "name": "Docs", "allowed_origins": []string{"https://a.example"},
		"customization": `{"widget":{"text":"Ask"}}`,
	}
	docs.Must(t, testkit.Create, config)
	id := docs.ID()
	config["name"] = "Other"
	docs.Must(t, testkit.Update, config)
	if docs.ID() != id || docs.Text("name") != "Other" {
		t.Fatalf("the state is %v", docs.State())
	}
	other := core.Resource("tavus_deployment.other")
	if err := other.Import(id); err != nil {
		t.Fatal(err)
	}
	other.Quiet(t, other.GenerateConfig())
	if err := other.ImportIdentity(docs.Identity()); err != nil {
		t.Fatal(err)
	}
	other.Forget()
	data, err := core.Data("tavus_deployment", testkit.Config{"deployment_id": id})
	if err != nil || data["name"] != "Other" {
		t.Fatalf("data source: %v, %v", data, err)
	}
	listed, err := core.List("tavus_deployment", nil, 10, true)
	if err != nil || len(listed) != 1 || listed[0].Identity["deployment_id"] != id {
		t.Fatalf("list: %v, %v", listed, err)
	}
	delete(config, "name")
	config["channel"] = "embed"
	docs.Must(t, testkit.Replace, config)
	if err := docs.Destroy(); err != nil || docs.Exists() {
		t.Fatalf("destroy: %v", err)
	}
	if err := docs.Validate(testkit.Config{"channel": "widget"}); err == nil || len(core.Errors) == 0 {
		t.Fatal("a missing pal_id is no error")
	}
}
