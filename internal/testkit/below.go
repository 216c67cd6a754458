package testkit

import (
	"slices"
	"strings"
)

// This file lets tests look at objects that the simulator keeps inside others. Their collection is
// written as "pals/skills", and their ids as in Terraform, "p1/magic_canvas".

// inside splits a collection and an id. below: the object is inside another one.
func inside(collection, id string) (outer, outerID string, path []string, below bool) {
	outer, member, below := strings.Cut(collection, "/")
	outerID, innerID, _ := strings.Cut(id, "/")
	return outer, outerID, []string{member, innerID}, below
}

// Document is the object on the server; nil: there is none.
func (s *Server) Document(collection, id string) map[string]any {
	outer, outerID, path, below := inside(collection, id)
	if !below {
		return s.Simulator.Document(collection, id)
	}
	object, _ := valueAt(s.Simulator.Document(outer, outerID), path).(map[string]any)
	return object
}

// Edit changes an object as a person does in the portal. It reports whether there is such an object.
func (s *Server) Edit(collection, id string, edit func(doc map[string]any)) bool {
	outer, outerID, path, below := inside(collection, id)
	if !below {
		return s.Simulator.Edit(collection, id, edit)
	}
	found := false
	s.Simulator.Edit(outer, outerID, func(doc map[string]any) {
		var object map[string]any
		if object, found = valueAt(doc, path).(map[string]any); found {
			edit(object)
		}
	})
	return found
}

// Delete deletes an object as a person does in the portal.
func (s *Server) Delete(collection, id string) bool {
	outer, outerID, path, below := inside(collection, id)
	if !below {
		return s.Simulator.Delete(collection, id)
	}
	return s.Simulator.Edit(outer, outerID, func(doc map[string]any) { setAt(doc, path, nil) })
}

// idsBelow are the ids of all objects inside others.
func (s *Server) idsBelow(outer, member string) []string {
	ids := []string{}
	for _, doc := range s.Documents(outer) {
		objects, _ := doc[member].(map[string]any)
		for id := range objects {
			outerID, _ := doc[strings.TrimSuffix(outer, "s")+"_id"].(string)
			ids = append(ids, outerID+"/"+id)
		}
	}
	slices.Sort(ids)
	return ids
}
