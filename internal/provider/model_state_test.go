package provider_test

import (
	"slices"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// model is what must hold: what the state shows, who owns what, and, in mirror,
// what the server must hold. mirror is a simulator of its own, with the same
// switches, to which nobody but the model talks.
type model struct {
	mirror *mirror

	exists   bool
	recorded bool // there is a record of what was written
	// handled are the leaves of each object that some applied configuration ever
	// had. All others are other people's, whatever the rest of the model says.
	handled map[string]map[string]bool

	objects       map[string]*modelObject
	name, origins modelSetting
	// stateText is the text that the state has for an object. ignored says that the
	// last update planned it although the configuration had another one.
	stateText map[string]string
	ignored   map[string]bool

	pal, channel string
	status       string
	hasPassword  bool
	password     string // of the argument password
	version      string // of the argument password_wo_version
	thumbnail    string
	bites        map[string]int // waived promises, by switch
}

func newModel(options simulator.Options) *model { return emptyModel(newMirror(options)) }

func emptyModel(m *mirror) *model {
	return &model{
		mirror: m, objects: map[string]*modelObject{"customization": {}, "limits": {}},
		handled: map[string]map[string]bool{"customization": {}, "limits": {}}, bites: map[string]int{},
		stateText: map[string]string{}, ignored: map[string]bool{},
	}
}

// forget is `terraform state rm`, or a deployment that was found to be gone.
func (m *model) forget() {
	fresh := emptyModel(m.mirror)
	fresh.bites, fresh.handled = m.bites, m.handled
	*m = *fresh
}

func (m *model) managesPassword() bool { return m.password != "" || m.version != "" }

// refresh predicts which attributes a refresh changes. A deployment that is gone changes "all".
func (m *model) refresh() (changed []string) {
	if !m.exists {
		return nil
	}
	live, there := m.mirror.document()
	if !there {
		m.forget()
		return []string{"all"}
	}
	note := func(attribute string, differs bool) {
		if differs {
			changed = append(changed, attribute)
		}
	}
	for _, argument := range objectNames {
		note(argument, m.objects[argument].refresh(live.object(argument), !m.recorded))
	}
	note("name", m.name.refresh(live.text("name")))
	note("allowed_origins", m.origins.refresh(live.origins()))
	note("pal_id", m.pal != live.text("pal_id"))
	note("status", m.status != live.text("status"))
	note("has_password", m.hasPassword != live.hasPassword())
	note("thumbnail_image_url", m.thumbnail != live.text("thumbnail_image_url"))
	note("thumbnail_video_url", m.thumbnail != live.text("thumbnail_image_url"))
	m.pal, m.status, m.hasPassword = live.text("pal_id"), live.text("status"), live.hasPassword()
	m.thumbnail = live.text("thumbnail_image_url")
	slices.Sort(changed)
	return changed
}

// imports is `terraform import` of the mirror's deployment, with its refresh.
func (m *model) imports() {
	live, _ := m.mirror.document()
	m.forget()
	m.exists = true
	for _, argument := range objectNames {
		if shown := clean(live.object(argument)); len(shown) > 0 {
			m.objects[argument].shown = shown
		}
	}
	m.name.found(live.text("name"))
	m.origins.found(live.origins())
	m.pal, m.channel, m.status = live.text("pal_id"), live.text("channel"), live.text("status")
	m.hasPassword, m.thumbnail = live.hasPassword(), live.text("thumbnail_image_url")
}

// plan is what a plan must show, and what an apply of it needs.
type plan struct {
	action  string
	changed []string // of an update
	config  configuration
	asks    bool            // whether a configuration takes over keys is asked by an update that changes no text
	objects map[string]tree // as planned; nil: null, or unknown in a create
	name    *string         // nil: the server chooses
	origins *string
	status  string          // "": the server chooses
	has     bool            // has_password
	left    map[string]bool // arguments that keep what the state has
}

func (m *model) ignores(c *configuration, argument string) bool {
	return m.exists && slices.Contains(c.ignore, argument)
}

// plan predicts a plan without a refresh.
func (m *model) plan(c configuration) *plan {
	p := &plan{config: c, objects: map[string]tree{}, status: c.status, left: map[string]bool{}}
	note := func(attribute string, differs bool) {
		if differs {
			p.changed = append(p.changed, attribute)
		}
	}
	replace := m.exists && c.channel != m.channel
	for _, argument := range objectNames {
		config := c.meant(argument)
		if m.ignores(&c, argument) {
			config = m.objects[argument].shown
		}
		p.objects[argument] = config
		if !m.exists || replace {
			continue
		}
		keep, claims := true, false
		if config != nil {
			keep, claims = m.objects[argument].keeps(config, !m.recorded)
		}
		if claims && (m.ignores(&c, argument) || c.text(argument) == m.stateText[argument]) {
			// The text does not change, so the plan needs another sign.
			keep, p.asks = true, p.asks || !m.ignored[argument]
		}
		if keep {
			p.objects[argument] = m.objects[argument].shown
		}
		note(argument, !keep)
	}
	name, origins := c.name, c.canonOrigins()
	if m.ignores(&c, "name") {
		name = m.name.ignored()
	}
	if m.ignores(&c, "allowed_origins") {
		origins = m.origins.ignored()
	}
	if m.ignores(&c, "status") {
		p.status = m.status
	}
	p.name, p.origins, p.has = name, origins, c.password != ""
	p.action = actCreate
	if !m.exists {
		return p
	}
	if replace {
		p.action = actReplace
		return p
	}
	plannedName, changed := m.name.planned(name)
	note("name", changed)
	p.left["name"] = !changed
	plannedOrigins, changed := m.origins.planned(origins)
	note("allowed_origins", changed)
	p.left["allowed_origins"] = !changed
	note("pal_id", c.pal != m.pal)
	note("thumbnail_image_url", p.asks || c.pal != m.pal)
	note("thumbnail_video_url", p.asks || c.pal != m.pal)
	note("status", p.status != "" && p.status != m.status)
	note("password", c.plain() != m.password)
	note("password_wo_version", c.version != m.version)
	if c.password == "" && !m.managesPassword() {
		p.has = m.hasPassword
	}
	note("has_password", p.has != m.hasPassword)
	slices.Sort(p.changed)
	p.action = actUpdate
	if len(p.changed) == 0 {
		p.action = actNoop
	}
	p.name, p.origins = &plannedName, &plannedOrigins
	if p.status == "" {
		p.status = m.status
	}
	return p
}

func (c *configuration) plain() string {
	if c.version != "" {
		return ""
	}
	return c.password
}

func (c *configuration) canonOrigins() *string {
	if c.origins == nil {
		return nil
	}
	text := canonOrigins(c.origins)
	return &text
}

// document is a deployment as the simulator stores it.
type document map[string]any

func (d document) object(argument string) tree {
	object, _ := d[argument].(tree)
	return object
}

func (d document) text(key string) string {
	text, _ := d[key].(string)
	return text
}

func (d document) hasPassword() bool {
	has, _ := d["has_password"].(bool)
	return has
}

func (d document) origins() string {
	list, _ := d["allowed_origins"].([]any)
	origins := make([]string, 0, len(list))
	for _, item := range list {
		text, _ := item.(string)
		origins = append(origins, text)
	}
	return canonOrigins(origins)
}

// comparable is what two servers that were treated alike agree in.
func (d document) comparable() string {
	var lines []string
	for _, key := range []string{"pal_id", "channel", "status", "name", "thumbnail_image_url"} {
		lines = append(lines, key+": "+canon(d.text(key), true))
	}
	for _, argument := range objectNames {
		lines = append(lines, argument+": "+canon(d[argument], true))
	}
	lines = append(lines, "has_password: "+canon(d["has_password"], true), "allowed_origins: "+strings.ReplaceAll(d.origins(), "\n", " "))
	return strings.Join(lines, "\n")
}
