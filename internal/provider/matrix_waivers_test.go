package provider_test

import (
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// A waiver is a promise that a position of a switch makes impossible to keep. The
// life and the histories assert instead that the error says what to do, that
// nothing is lost, and that the plan goes on to tell the truth.
type waiver struct {
	name, position string
	argument       string   // the argument that cannot be written
	says           []string // words of the error
	reason         string
	// giveUp does what the error advises, in the configuration or in the portal.
	giveUp func(m *model, c *configuration) []edit
}

// waivers is the whole list. A position that is not here has no excuse.
var waivers = []waiver{
	{
		"pal-patch", string(simulator.PalPatchRefused), "pal_id",
		[]string{"pal_id"},
		"the server never changes the PAL of a deployment", keepPal,
	},
	{
		"pal-patch", string(simulator.PalPatchIgnored), "pal_id",
		[]string{"did not take the new pal_id", "-replace"},
		"the server never changes the PAL of a deployment, and does not say so", keepPal,
	},
	{
		"status-patch", string(simulator.StatusPatchRefused), "status",
		[]string{"status"},
		"the server never changes the status", leaveStatus,
	},
	{
		"status-patch", string(simulator.StatusPatchIgnored), "status",
		[]string{"status"},
		"the server never changes the status, and does not say so", leaveStatus,
	},
	{
		"password-patch", string(simulator.PasswordPatchRefused), "password",
		[]string{"password"},
		"the server never changes a password", keepPassword,
	},
	{
		"password-patch", string(simulator.PasswordPatchIgnored), "password",
		[]string{"did not take the new password"},
		"the server never changes a password, and does not say so", keepPassword,
	},
	{
		"duplicate-names", string(simulator.DuplicateNamesRefused), "name",
		[]string{"name"},
		"another deployment has the name", otherName,
	},
}

// observed are the promises that a position bends without an error.
var observed = map[string]string{
	"password-patch unseen": "a password that the server ignores cannot be told from one that it took, because no answer shows it",
	"thumbnails=late":       "thumbnails that come late are a drift once, when they come",
	"ignore_changes of nothing": "after an import, ignore_changes of an argument that the configuration does not have looks like that argument " +
		"with the text of the state, so one plan asks for it",
	"etag=none": "without an ETag, an edit between GET and PATCH of a key that the update sets is overwritten",
}

// holds reports whether the server's switch is in the position.
func (w *waiver) holds(o simulator.Options) bool {
	for _, item := range simulator.Switches() {
		if item.Name == w.name {
			return item.Get(o) == w.position
		}
	}
	return false
}

func keepPal(m *model, c *configuration) []edit {
	live, _ := m.mirror.document()
	c.pal = live.text("pal_id")
	return nil
}

func leaveStatus(_ *model, c *configuration) []edit {
	c.status = ""
	return nil
}

// keepPassword goes back to what the state has. A password that a person took away
// only a person can bring back.
func keepPassword(m *model, c *configuration) []edit {
	switch {
	case m.version != "":
		c.version = m.version
		if c.password == "" {
			c.password = "any, because it is not sent"
		}
	case m.password != "":
		c.password, c.version = m.password, ""
	default:
		c.password, c.version = "", ""
		return nil
	}
	if m.hasPassword {
		return nil
	}
	return []edit{{target: "password", value: `"Set-in-the-portal"`}}
}

func otherName(_ *model, c *configuration) []edit {
	name := *c.name + " again"
	c.name = &name
	return nil
}
