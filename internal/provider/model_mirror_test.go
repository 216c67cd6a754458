package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// mirror is the server as it must be: a second simulator with the same switches,
// to which the model sends what it says must be sent. So the model need not know
// what a server makes of a name or of a number.
type mirror struct {
	options simulator.Options
	sim     *simulator.Simulator
	id      string // "": there is no deployment
}

func newMirror(options simulator.Options) *mirror {
	m := &mirror{options: options, sim: simulator.New(options)}
	putBystander(m.sim)
	return m
}

// bystanderName is the name of a deployment that is nobody's business.
const bystanderName = "Bystander"

func putBystander(sim *simulator.Simulator) (id string) {
	sim.AddPal(map[string]any{"pal_id": otherPal, "pal_name": "Another"})
	return sim.Put(map[string]any{
		"pal_id": pal, "channel": "widget", "name": bystanderName,
		"customization": map[string]any{"a": "theirs"}, "created_at": "2020-01-01T00:00:00Z",
	})
}

func (m *mirror) document() (document, bool) {
	doc, ok := m.sim.Document(m.id)
	return doc, ok
}

// send does one request as the model wants it, and returns the status code. No
// fault and no ETag is in the way.
func (m *mirror) send(method, path string, body any) (status int) {
	r := httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader(marshal(body, "")))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Api-Key", "the-model")
	w := httptest.NewRecorder()
	m.sim.ServeHTTP(w, r)
	return w.Code
}

// create makes the deployment of a plan.
func (m *mirror) create(p *plan) (created bool) {
	body := map[string]any{"pal_id": p.config.pal, "channel": p.config.channel}
	if p.name != nil {
		body["name"] = *p.name
	}
	if p.origins != nil {
		body["allowed_origins"] = splitOrigins(*p.origins)
	}
	if p.config.password != "" {
		body["password"] = p.config.password
	}
	for argument, object := range p.objects {
		if object != nil {
			body[argument] = object
		}
	}
	status := m.send(http.MethodPost, "/v2/deployments", body)
	ids := m.sim.IDs()
	if status/100 != 2 {
		return false
	}
	m.id = ids[len(ids)-1]
	return true
}

func splitOrigins(canonical string) []string {
	if canonical == "" {
		return []string{}
	}
	return strings.Split(canonical, "\n")
}

// patch sets members of the document, each as a whole.
func (m *mirror) patch(members map[string]any) (status int) {
	operations := []any{}
	for _, key := range []string{"pal_id", "status", "name", "allowed_origins", "password", "customization", "limits"} {
		if value, ok := members[key]; ok {
			operations = append(operations, map[string]any{"op": "add", "path": "/" + key, "value": value})
		}
	}
	return m.send(http.MethodPatch, "/v2/deployments/"+m.id, operations)
}

func (m *mirror) remove() {
	m.sim.Remove(m.id)
	m.id = ""
}

// edit is what a person does in the portal.
func (m *mirror) edit(edits []edit) {
	editPortal(m.sim, m.id, edits)
}

func editPortal(sim *simulator.Simulator, id string, edits []edit) {
	if slices.ContainsFunc(edits, edit.deletes) {
		sim.Remove(id)
		return
	}
	sim.Edit(id, func(doc map[string]any) {
		for _, e := range edits {
			e.portal(doc)
		}
	})
}

// positions are the switches that are not in their first position, as flags of
// the simulator.
func positions(options simulator.Options) []string {
	var flags []string
	for _, item := range simulator.Switches() {
		if position := item.Get(options); position != item.Values[0] {
			flags = append(flags, fmt.Sprintf("-%s=%s", item.Name, position))
		}
	}
	return flags
}
