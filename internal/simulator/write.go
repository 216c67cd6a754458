package simulator

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

func (c *call) isJSON() bool {
	return strings.HasPrefix(c.header.Get("Content-Type"), "application/json")
}

// readBody returns the JSON object of a request.
func (c *call) readBody() (body map[string]any, refused *answer) {
	refuse := func(a answer) (map[string]any, *answer) { return nil, &a }
	if !c.isJSON() {
		return refuse(c.fail(http.StatusUnsupportedMediaType, "Content-Type must be application/json"))
	}
	value, err := decodeJSON(c.body)
	body, isObject := value.(map[string]any)
	if err != nil || !isObject {
		return refuse(c.fail(http.StatusBadRequest, "The body must be a JSON object"))
	}
	return body, nil
}

// create is the POST of a collection.
func (s *Simulator) create(c *call) answer {
	k := c.kind
	body, refused := c.readBody()
	if refused != nil {
		return *refused
	}
	doc := map[string]any{}
	for _, m := range k.members {
		member, given := body[m.name]
		if !given || !m.written() || m.use == later {
			continue // members that do not create are not looked at
		}
		if member == nil && m.is != aText {
			return c.fail(http.StatusBadRequest, "%s must not be null", m.name)
		}
		doc[m.name] = member
	}
	sent := copyDoc(doc)
	problem := s.invalid(k, doc)
	if problem == "" && k.creating != nil {
		problem = k.creating(s, doc)
	}
	if problem != "" {
		return c.fail(http.StatusBadRequest, "%s", problem)
	}
	if s.nameTaken(c, nil, doc) {
		return c.fail(http.StatusConflict, "A %s with this name exists already", strings.ToLower(k.noun))
	}
	if k.taken != nil {
		if refused := k.taken(s, c, nil, doc); refused != nil {
			return *refused
		}
	}
	if k.instead != nil {
		if refused := k.instead(s, c, doc); refused != nil {
			return *refused
		}
	}
	r := s.insert(k, doc)
	r.lag = s.count("lag")
	result := answer{status: cmp.Or(k.createCode, http.StatusOK), value: s.createAnswer(r, sent)}
	s.tagWrite(r, &result)
	return result
}

func (s *Simulator) createAnswer(r *record, sent map[string]any) map[string]any {
	doc := s.view(r)
	switch s.at("write-answer") {
	case "echo":
		s.echo(r, doc, sent)
	case "message", "empty":
		return shortened(r.kind, doc)
	}
	if r.kind.answer != nil && r.kind.answer(s, r, doc) {
		return shortened(r.kind, doc)
	}
	return doc
}

// shortened is what a create answers that does not show the whole object.
func shortened(k *kind, doc map[string]any) map[string]any {
	short := map[string]any{}
	for _, key := range []string{k.id, k.name, "created_at", "conferencing_email", "objective_name", "status"} {
		if value, has := doc[key]; has {
			short[key] = value
		}
	}
	return short
}

// echo puts the members of a request into an answer as they were sent.
func (s *Simulator) echo(r *record, doc, sent map[string]any) {
	for key, value := range sent {
		if m := r.kind.member(key); m != nil && m.written() && !same(doc[key], value) {
			doc[key] = deepCopy(value)
		}
	}
	for _, item := range r.kind.secrets {
		if _, has := lookup(doc, item.path); has {
			drop(doc, item.path)
			if !item.writeOnly {
				put(doc, item.path, mask)
			}
		}
	}
}

func (s *Simulator) tagWrite(r *record, result *answer) {
	if tag := s.tag(r, r.doc); tag != "" && s.is("etag-on-write", "yes") {
		result.header = http.Header{"Etag": {tag}}
	}
}

// nameTaken says whether another object has the name and the switch
// forbids that.
func (s *Simulator) nameTaken(c *call, own *record, doc map[string]any) bool {
	k := c.kind
	if s.is("duplicate-names", "allowed") && !k.unique || k.name == "" || own != nil && same(own.doc[k.name], doc[k.name]) {
		return false
	}
	named := map[string]any{k.name: doc[k.name]}
	s.normalise(k, nil, named)
	for _, other := range s.order {
		if other.kind == k && other != own &&
			textOf(named[k.name]) != "" && other.doc[k.name] == named[k.name] {
			return true
		}
	}
	return false
}

// invalid says what is wrong with the members of a document; empty: nothing.
// What is null counts as unset here.
func (s *Simulator) invalid(k *kind, doc map[string]any) string {
	for _, m := range k.members {
		value := doc[m.name]
		switch {
		case !m.written():
		case value == nil || m.is == aText && value == "":
			if m.use == required || m.use == fixed {
				return m.name + " is required"
			}
		case !m.is.fits(value):
			return m.name + " must be " + m.is.String()
		case m.most > 0 && size(value) > m.most:
			return fmt.Sprintf("%s must be at most %d long", m.name, m.most)
		case len(m.among) > 0 && !slices.Contains(m.among, textOf(value)):
			return m.name + " must be one of " + strings.Join(m.among, ", ")
		}
	}
	if k.problem != nil {
		return k.problem(s, doc)
	}
	return ""
}

// size is the number of characters of a text, or of elements of an array.
func size(value any) int {
	if list, isList := value.([]any); isList {
		return len(list)
	}
	return utf8.RuneCountInString(textOf(value))
}

// preset fills in the server's values for members that are not given.
func (k *kind) preset(doc map[string]any) {
	for _, m := range k.members {
		if m.preset != nil && doc[m.name] == nil {
			doc[m.name] = deepCopy(m.preset)
		}
	}
}
