package provider_test

import (
	"net/http"
	"slices"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// outcome is what an apply must come to.
type outcome struct {
	// failure are words that the error has to have; nil: no error.
	failure []string
	// waived is the entry of the table of waivers that explains the failure.
	waived *waiver
	// patched: a PATCH has to be sent.
	patched bool
	// settled: the provider has written down what it owns now, with an error or without.
	settled bool
	// late: the failure may come before a PATCH or after one.
	late bool
}

// apply moves the model by an apply of the plan. The mirror holds already what the
// server holds when the apply reaches it.
func (m *model) apply(p *plan) outcome {
	switch p.action {
	case actNoop:
		return outcome{}
	case actReplace:
		m.mirror.remove()
		m.forget()
		return m.create(p)
	case actCreate:
		return m.create(p)
	default:
		return m.update(p)
	}
}

func (m *model) handle(p *plan) {
	for argument := range p.config.objects {
		for _, pointer := range leavesOf(p.config.meant(argument)) {
			m.handled[argument][pointer] = true
		}
	}
}

func (m *model) create(p *plan) outcome {
	m.handle(p)
	if !m.mirror.create(p) {
		return m.waive("duplicate-names", string(m.mirror.options.DuplicateNames))
	}
	live, _ := m.mirror.document()
	result := outcome{}
	if p.status != "" && p.status != live.text("status") {
		result.patched = true
		m.mirror.patch(map[string]any{"status": p.status})
		if live, _ = m.mirror.document(); live.text("status") != p.status {
			m.mirror.remove()
			result = m.waive("status-patch", string(m.mirror.options.StatusPatch))
			result.patched = true
			return result
		}
	}
	m.exists, m.recorded = true, true
	none := (*string)(nil)
	for _, argument := range objectNames {
		object := m.objects[argument]
		object.shown = nil
		object.renew(p.config.meant(argument), p.objects[argument], nil, nil, live.object(argument))
		object.shown = p.objects[argument]
	}
	m.name.found(live.text("name"))
	m.origins.found(live.origins())
	if p.name != none {
		m.name.renew(p.config.name, *p.name, true, "", live.text("name"))
		m.name.shown, m.name.null = *p.name, false
	}
	if p.origins != none {
		m.origins.renew(p.config.canonOrigins(), *p.origins, true, "", live.origins())
		m.origins.shown, m.origins.null = *p.origins, false
	}
	m.pal, m.channel, m.status = p.config.pal, p.config.channel, live.text("status")
	m.hasPassword, m.thumbnail = live.hasPassword(), live.text("thumbnail_image_url")
	m.password, m.version = p.config.plain(), p.config.version
	result.settled = true
	return result
}

func (m *model) update(p *plan) outcome {
	live, there := m.mirror.document()
	if !there {
		return outcome{failure: []string{"deleted outside Terraform", "Plan again"}, late: true}
	}
	sends, all, conflicts := m.work(p, live)
	if len(conflicts) > 0 {
		return outcome{failure: append(conflicts, "Plan again"), late: true}
	}
	m.handle(p)
	result := outcome{patched: len(sends) > 0}
	if len(sends) > 0 {
		if code := m.mirror.patch(sends); code/100 != 2 && code != http.StatusNotModified {
			return m.refusal(sends)
		}
	}
	after, _ := m.mirror.document()
	m.settle(p, sends, all, live, after)
	result.settled = true
	return m.judge(p, sends, after, result)
}

// work is what an update sends, what it makes of each object, and what it may not
// touch because somebody else did.
func (m *model) work(p *plan, live document) (sends map[string]any, all map[string]changes, conflicts []string) {
	sends, all = map[string]any{}, map[string]changes{}
	one := func(key string, value any, send, conflict bool) {
		if send {
			sends[key] = value
			if conflict {
				conflicts = append(conflicts, "changed "+key+" on the server")
			}
		}
	}
	one("pal_id", p.config.pal, p.config.pal != m.pal && p.config.pal != live.text("pal_id"), live.text("pal_id") != m.pal)
	one("status", p.status, p.status != m.status && p.status != live.text("status"), live.text("status") != m.status)
	send, conflict := m.name.update(*p.name, live.text("name"))
	one("name", *p.name, send, conflict)
	send, conflict = m.origins.update(*p.origins, live.origins())
	one("allowed_origins", splitOrigins(*p.origins), send, conflict)
	m.updatePassword(p, live, one)
	for _, argument := range objectNames {
		c := m.objects[argument].update(p.objects[argument], live.object(argument), !m.recorded)
		all[argument] = c
		one(argument, c.next, c.touched, false)
		for _, pointer := range c.conflicts {
			conflicts = append(conflicts, "the key "+pointer+" of "+argument)
		}
	}
	return sends, all, conflicts
}

func (m *model) updatePassword(p *plan, live document, one func(string, any, bool, bool)) {
	c := p.config
	switch {
	case c.password == "":
		one("password", nil, m.managesPassword() && live.hasPassword(), false)
	case c.plain() != m.password || c.version != m.version || !m.hasPassword:
		one("password", c.password, true, false)
	}
}

// refusal explains a PATCH that this server refuses as a whole.
func (m *model) refusal(sends map[string]any) outcome {
	result := outcome{}
	for _, w := range waivers {
		if _, sent := sends[w.argument]; sent && w.position == "refused" && w.holds(m.mirror.options) {
			result = m.waive(w.name, w.position)
			break
		}
	}
	if result.waived == nil {
		panic("the mirror refuses a PATCH, and no waiver explains it")
	}
	result.patched = true
	return result
}

// settle moves what the state shows and what is owned.
func (m *model) settle(p *plan, sends map[string]any, all map[string]changes, before, after document) {
	for _, argument := range objectNames {
		object := m.objects[argument]
		object.renew(p.config.meant(argument), p.objects[argument], all[argument].sent, before.object(argument), after.object(argument))
		if p.objects[argument] != nil {
			object.shown = p.objects[argument]
		}
	}
	_, sent := sends["name"]
	m.name.renew(p.config.name, *p.name, sent, before.text("name"), after.text("name"))
	_, sent = sends["allowed_origins"]
	m.origins.renew(p.config.canonOrigins(), *p.origins, sent, before.origins(), after.origins())
	m.name.shown, m.name.null = *p.name, m.name.null && p.left["name"]
	m.origins.shown, m.origins.null = *p.origins, m.origins.null && p.left["allowed_origins"]
	m.recorded = true
	if p.config.pal != m.pal {
		m.thumbnail = after.text("thumbnail_image_url")
	}
	m.pal, m.status, m.hasPassword = p.config.pal, p.status, p.has
}

// judge finds what this server ignored. The state then shows what is live.
func (m *model) judge(p *plan, sends map[string]any, after document, result outcome) outcome {
	add := func(w outcome) {
		result.failure, result.waived = append(result.failure, w.failure...), w.waived
	}
	if _, sent := sends["pal_id"]; sent && after.text("pal_id") != p.config.pal {
		add(m.waive("pal-patch", string(m.mirror.options.PalPatch)))
		m.pal = after.text("pal_id")
	}
	if _, sent := sends["status"]; sent && after.text("status") != p.status {
		add(m.waive("status-patch", string(m.mirror.options.StatusPatch)))
		m.status = after.text("status")
	}
	if _, sent := sends["password"]; sent && after.hasPassword() != (p.config.password != "") {
		add(m.waive("password-patch", string(m.mirror.options.PasswordPatch)))
		m.hasPassword = after.hasPassword()
		return result
	}
	if _, sent := sends["password"]; sent && m.mirror.options.PasswordPatch == simulator.PasswordPatchIgnored {
		m.bites["password-patch unseen"]++
	}
	m.password, m.version = p.config.plain(), p.config.version
	return result
}

// waive finds the waiver for a position of a switch.
func (m *model) waive(name, position string) outcome {
	for i := range waivers {
		if w := &waivers[i]; w.name == name && w.position == position {
			m.bites[w.name+"="+w.position]++
			return outcome{failure: slices.Clone(w.says), waived: w}
		}
	}
	panic("the model takes " + name + "=" + position + " for an obstacle, but no waiver says so")
}
