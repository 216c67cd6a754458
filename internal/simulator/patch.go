package simulator

import (
	"net/http"
	"strconv"
)

// patch is the PATCH of an object: an RFC 6902 array, applied to the document
// that a GET would show. All of it takes effect, or nothing.
func (s *Simulator) patch(c *call) answer {
	r := s.recordOf(c)
	if r == nil {
		return c.unknown()
	}
	if !c.isJSON() {
		return c.fail(http.StatusUnsupportedMediaType, "Content-Type must be application/json")
	}
	if r.kind.tags && !s.matches(r, c.header) {
		code, _ := strconv.Atoi(s.at("stale-code"))
		return c.fail(code, "The %s has changed since it was read", r.kind.noun)
	}
	if r.kind.writing != nil {
		if refused := r.kind.writing(s, c, r); refused != nil {
			return *refused
		}
	}
	view := s.view(r)
	result, refused := s.patched(c, r, view)
	if refused != nil {
		return *refused
	}
	for key := range result {
		if _, known := view[key]; !known && r.kind.member(key) == nil {
			return c.fail(http.StatusBadRequest, "Unknown field %s", key)
		}
	}
	if problem := s.invalid(r.kind, result); problem != "" {
		return c.fail(http.StatusBadRequest, "%s", problem)
	}
	sent := copyDoc(result)
	secrets, changed := r.kind.takeSecrets(r.secrets, view, result)
	doc := s.settle(r, view, result)
	if s.nameTaken(c, r, doc) {
		return c.fail(http.StatusConflict, "A %s with this name exists already", r.kind.noun)
	}
	if r.kind.taken != nil {
		if refused := r.kind.taken(s, c, r, doc); refused != nil {
			return *refused
		}
	}
	changed = changed || !same(doc, r.doc)
	if changed || s.is("updated-at-moves", "write") {
		s.write(r, doc, secrets)
	}
	return s.patchAnswer(r, changed, sent)
}

// patched applies the body of a PATCH to the view.
func (s *Simulator) patched(c *call, r *record, view map[string]any) (map[string]any, *answer) {
	refuse := func(a answer) (map[string]any, *answer) { return nil, &a }
	operations, refused := c.operations()
	if refused != nil {
		return nil, refused
	}
	operations, problem := s.admit(r.kind, operations)
	if problem != "" {
		return refuse(c.fail(http.StatusBadRequest, "%s", problem))
	}
	result, err := applyPatch(view, operations)
	if err != nil {
		return refuse(c.failMessage(http.StatusUnprocessableEntity, "Invalid JSON patch format"))
	}
	if r.kind.merging != nil {
		if problem := r.kind.merging(s, view, result); problem != "" {
			return refuse(c.fail(http.StatusBadRequest, "%s", problem))
		}
	}
	return result, nil
}

// operations are those of the body. A plain object sets its members.
func (c *call) operations() (operations []operation, refused *answer) {
	if !c.kind.merge {
		operations, err := parsePatch(c.body)
		if err != nil {
			problem := c.failMessage(http.StatusUnprocessableEntity, "Invalid JSON patch format")
			return nil, &problem
		}
		return operations, nil
	}
	body, refused := c.readBody()
	for key, value := range body {
		operations = append(operations, operation{op: "add", path: []string{key}, value: value})
	}
	return operations, refused
}

// admit applies the switches for paths that this server does not let
// everybody write: it refuses the patch, or leaves the operation out.
func (s *Simulator) admit(k *kind, operations []operation) (admitted []operation, problem string) {
	for _, op := range operations {
		if len(op.path) == 0 {
			return nil, "The whole document cannot be replaced"
		}
		switch s.verdict(k, op.path[0]) {
		case "refused":
			return nil, op.path[0] + " cannot be changed"
		case "accepted":
			admitted = append(admitted, op)
		}
	}
	return admitted, ""
}

// verdict says what becomes of a write to a member: accepted, refused or
// ignored.
func (s *Simulator) verdict(k *kind, key string) string {
	m := k.member(key)
	switch {
	case m == nil:
		return "accepted" // and refused as an unknown field
	case m.patch != "":
		return s.at(m.patch)
	case m.use == fixed:
		return "refused"
	case m.use == readOnly:
		return s.at("read-only-patch")
	}
	return "accepted"
}

// settle makes the document to store out of a patched view. Members that the
// patch left alone stay as they are stored.
func (s *Simulator) settle(r *record, view, result map[string]any) map[string]any {
	doc := copyDoc(r.doc)
	for _, m := range r.kind.members {
		value, has := result[m.name]
		switch {
		case !m.written() || has && same(view[m.name], value):
		case !has || value == nil:
			delete(doc, m.name)
		default:
			doc[m.name] = value
		}
	}
	r.kind.preset(doc)
	if r.kind.settle != nil {
		r.kind.settle(s, r, doc)
	}
	if r.kind.defaults != nil && s.is("refill", "default") && s.is("defaults", "filled") {
		r.kind.defaults(doc)
	}
	s.normalise(r.kind, r.doc, doc)
	return doc
}

func (s *Simulator) patchAnswer(r *record, changed bool, sent map[string]any) answer {
	if !changed && s.is("unchanged", "304") {
		return answer{status: http.StatusNotModified}
	}
	position := s.at("patch-answer")
	if position == "document" {
		position = s.at("write-answer")
	}
	result := answer{status: http.StatusOK}
	switch position {
	case "no-content":
		return answer{status: http.StatusNoContent}
	case "empty":
		return result
	case "message":
		result.value = map[string]any{"message": r.kind.noun + " updated"}
		return result
	}
	doc := s.view(r)
	if position == "echo" {
		s.echo(r, doc, sent)
	}
	if r.kind.patched != nil {
		r.kind.patched(s, doc)
	}
	result.value = doc
	s.tagWrite(r, &result)
	return result
}
