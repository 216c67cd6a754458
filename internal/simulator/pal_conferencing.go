package simulator

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

var username = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._-]*[a-zA-Z0-9]$`)

func palProblem(_ *Simulator, doc map[string]any) string {
	conferencing, has := lookup(doc, "/layers/conferencing")
	name, _ := lookup(doc, "/layers/conferencing/username")
	if has && conferencing != nil && !username.MatchString(textOf(name)) {
		return "Invalid username"
	}
	return ""
}

// hasUsername reports whether a PAL other than own has a username.
func (s *Simulator) hasUsername(own *record, wanted string) bool {
	for _, other := range s.order {
		held, _ := lookup(other.doc, "/layers/conferencing/username")
		if other.kind.collection == "pals" && other != own && wanted != "" && strings.EqualFold(textOf(held), wanted) {
			return true
		}
	}
	return false
}

// usernameTaken refuses a document with the username of another PAL.
func usernameTaken(s *Simulator, c *call, own *record, doc map[string]any) *answer {
	wanted, _ := lookup(doc, "/layers/conferencing/username")
	if !s.hasUsername(own, textOf(wanted)) {
		return nil
	}
	code, _ := strconv.Atoi(s.at("pal-username-taken"))
	refused := c.fail(code, "This username is taken")
	return &refused
}

// checkUsername is GET /v2/pals/check-username.
func (s *Simulator) checkUsername(c *call) answer {
	result := map[string]any{"available": true}
	switch name := c.query.Get("username"); {
	case !username.MatchString(name):
		result = map[string]any{"available": false, "reason": "invalid"}
	case s.hasUsername(nil, name):
		result = map[string]any{"available": false, "reason": "taken"}
	}
	return answer{status: http.StatusOK, value: result}
}

// addConferencingEmail adds a member that lists and creates show, and a GET
// does not.
func addConferencingEmail(doc map[string]any) {
	if name, _ := lookup(doc, "/layers/conferencing/username"); textOf(name) != "" {
		doc["conferencing_email"] = textOf(name) + "@invite.example.com"
	}
}
