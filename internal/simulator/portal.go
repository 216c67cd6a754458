package simulator

import (
	"fmt"
	"io"
	"net/http"
)

const portalPath = "/_simulator/"

const portalHelp = `Control API of the Tavus simulator. It needs no key, and it is in no log.
COLLECTION is deployments, pals and so on.

GET    /_simulator/requests                  the request log, oldest first
DELETE /_simulator/requests                  empty the log
PATCH  /_simulator/settings                  switches and faults: {"stale-code": "409", "faults": "POST:2:cut-after"}
GET    /_simulator/COLLECTION                what is stored, oldest first
POST   /_simulator/COLLECTION                make an object in the portal
GET    /_simulator/COLLECTION/{id}           one object; this is no visit
PATCH  /_simulator/COLLECTION/{id}           edit it in the portal: a JSON merge patch (RFC 7396)
DELETE /_simulator/COLLECTION/{id}           delete it in the portal
POST   /_simulator/deployments/{id}/visit    a visitor: the usage counters grow
`

// newPortal returns the control API. It does for a shell script what the
// methods of Simulator do for a test.
func (s *Simulator) newPortal() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_simulator/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, portalHelp)
	})
	mux.HandleFunc("GET /_simulator/requests", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]any{"requests": s.Requests()})
	})
	mux.HandleFunc("DELETE /_simulator/requests", func(w http.ResponseWriter, _ *http.Request) {
		s.ResetRequests()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("PATCH /_simulator/settings", s.portalSettings)
	s.portalObjects(mux)
	mux.HandleFunc("POST /_simulator/deployments/{id}/visit", func(w http.ResponseWriter, r *http.Request) {
		s.Visit(r.PathValue("id"))
		s.replyDocument(w, http.StatusOK, "deployments", r.PathValue("id"))
	})
	return mux
}

func (s *Simulator) portalObjects(mux *http.ServeMux) {
	handle := func(pattern string, handler func(w http.ResponseWriter, r *http.Request, k *kind, id string)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			k := s.kindOf(r.PathValue("collection"))
			if k == nil {
				problem(w, http.StatusNotFound, "no such collection")
				return
			}
			handler(w, r, k, r.PathValue("id"))
		})
	}
	handle("GET /_simulator/{collection}", func(w http.ResponseWriter, _ *http.Request, k *kind, _ string) {
		reply(w, http.StatusOK, map[string]any{k.collection: s.Documents(k.collection)})
	})
	handle("POST /_simulator/{collection}", func(w http.ResponseWriter, r *http.Request, k *kind, _ string) {
		if doc, ok := readObject(w, r); ok {
			s.replyDocument(w, http.StatusCreated, k.collection, s.Put(k.collection, doc))
		}
	})
	handle("GET /_simulator/{collection}/{id}", func(w http.ResponseWriter, _ *http.Request, k *kind, id string) {
		s.replyDocument(w, http.StatusOK, k.collection, id)
	})
	handle("PATCH /_simulator/{collection}/{id}", func(w http.ResponseWriter, r *http.Request, k *kind, id string) {
		if patch, ok := readObject(w, r); ok {
			s.Edit(k.collection, id, func(doc map[string]any) { k.mergeEdit(doc, patch) })
			s.replyDocument(w, http.StatusOK, k.collection, id)
		}
	})
	handle("DELETE /_simulator/{collection}/{id}", func(w http.ResponseWriter, _ *http.Request, k *kind, id string) {
		if !s.Delete(k.collection, id) {
			problem(w, http.StatusNotFound, "no such object")
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// mergeEdit applies a merge patch. null clears a secret, and is no absence.
func (k *kind) mergeEdit(doc, patch map[string]any) {
	mergePatch(doc, patch)
	for _, item := range k.secrets {
		if value, given := lookup(patch, item.path); given {
			put(doc, item.path, value)
		}
	}
}

func (s *Simulator) portalSettings(w http.ResponseWriter, r *http.Request) {
	wanted, ok := readObject(w, r)
	if !ok {
		return
	}
	settings := []string{}
	for name, value := range wanted {
		settings = append(settings, fmt.Sprintf("%s=%v", name, value))
	}
	if err := s.Set(settings...); err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// mergePatch applies a JSON merge patch (RFC 7396).
func mergePatch(doc, patch map[string]any) {
	for key, value := range patch {
		inner, isObject := value.(map[string]any)
		switch {
		case value == nil:
			delete(doc, key)
		case isObject:
			target, ok := doc[key].(map[string]any)
			if !ok {
				target = map[string]any{}
			}
			mergePatch(target, inner)
			doc[key] = target
		default:
			doc[key] = value
		}
	}
}

func (s *Simulator) replyDocument(w http.ResponseWriter, status int, collection, id string) {
	doc := s.Document(collection, id)
	if doc == nil {
		problem(w, http.StatusNotFound, "no such object")
		return
	}
	reply(w, status, doc)
}

func readObject(w http.ResponseWriter, r *http.Request) (map[string]any, bool) {
	text, _ := io.ReadAll(r.Body)
	value, err := decodeJSON(text)
	doc, isObject := value.(map[string]any)
	if err != nil || !isObject {
		problem(w, http.StatusBadRequest, "the body must be a JSON object")
		return nil, false
	}
	return doc, true
}

func problem(w http.ResponseWriter, status int, text string) {
	reply(w, status, map[string]any{"error": text})
}

func reply(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(encodeJSON(value), '\n'))
}
