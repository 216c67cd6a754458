package simulator

import (
	"fmt"
	"io"
	"net/http"
)

const portalPath = "/_simulator/"

const portalHelp = `Control API of the Tavus simulator. It needs no key, and it is in no log.

GET    /_simulator/requests                  the request log, oldest first
DELETE /_simulator/requests                  empty the log
GET    /_simulator/deployments               what is stored, oldest first (?account=NAME)
POST   /_simulator/deployments               make a deployment in the portal (?account=NAME)
GET    /_simulator/deployments/{id}          one deployment; this is no visit
PATCH  /_simulator/deployments/{id}          edit it in the portal: a JSON merge patch (RFC 7396)
DELETE /_simulator/deployments/{id}          delete it in the portal
POST   /_simulator/deployments/{id}/visit    a visitor: the usage counters grow
POST   /_simulator/pals                      make a PAL
PUT    /_simulator/faults                    faults in their text form, e.g. POST:2:cut-after
DELETE /_simulator/faults                    no more faults
GET    /_simulator/switches                  the position of every switch
PATCH  /_simulator/switches                  move some: {"stale-code": "409"}
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
		reply(w, http.StatusOK, map[string]any{"requests": s.Requests(), "starts": s.Starts()})
	})
	mux.HandleFunc("DELETE /_simulator/requests", func(w http.ResponseWriter, _ *http.Request) {
		s.ResetRequests()
		w.WriteHeader(http.StatusNoContent)
	})
	s.portalDeployments(mux)
	mux.HandleFunc("POST /_simulator/pals", func(w http.ResponseWriter, r *http.Request) {
		if doc, ok := readObject(w, r); ok {
			reply(w, http.StatusCreated, map[string]any{"pal_id": s.AddPal(doc)})
		}
	})
	mux.HandleFunc("PUT /_simulator/faults", s.portalFaults)
	mux.HandleFunc("DELETE /_simulator/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.SetFaults(nil)
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /_simulator/switches", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, s.positions())
	})
	mux.HandleFunc("PATCH /_simulator/switches", s.portalSwitches)
	return mux
}

func (s *Simulator) portalDeployments(mux *http.ServeMux) {
	const one = "/_simulator/deployments/{id}"
	mux.HandleFunc("GET /_simulator/deployments", func(w http.ResponseWriter, r *http.Request) {
		docs := []any{}
		for _, id := range s.IDsIn(r.URL.Query().Get("account")) {
			if doc, ok := s.Document(id); ok {
				docs = append(docs, doc)
			}
		}
		reply(w, http.StatusOK, map[string]any{"deployments": docs})
	})
	mux.HandleFunc("POST /_simulator/deployments", func(w http.ResponseWriter, r *http.Request) {
		if doc, ok := readObject(w, r); ok {
			s.replyDocument(w, http.StatusCreated, s.PutIn(r.URL.Query().Get("account"), doc))
		}
	})
	mux.HandleFunc("GET "+one, func(w http.ResponseWriter, r *http.Request) {
		s.replyDocument(w, http.StatusOK, r.PathValue("id"))
	})
	mux.HandleFunc("PATCH "+one, func(w http.ResponseWriter, r *http.Request) {
		patch, ok := readObject(w, r)
		if !ok {
			return
		}
		s.Edit(r.PathValue("id"), func(doc map[string]any) {
			password, given := patch["password"]
			mergePatch(doc, patch)
			if given {
				doc["password"] = password // null clears it, and is no absence
			}
		})
		s.replyDocument(w, http.StatusOK, r.PathValue("id"))
	})
	mux.HandleFunc("DELETE "+one, func(w http.ResponseWriter, r *http.Request) {
		if !s.Remove(r.PathValue("id")) {
			problem(w, http.StatusNotFound, "no such deployment")
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST "+one+"/visit", func(w http.ResponseWriter, r *http.Request) {
		s.Visit(r.PathValue("id"))
		s.replyDocument(w, http.StatusOK, r.PathValue("id"))
	})
}

func (s *Simulator) portalFaults(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	faults, err := ParseFaults(string(text))
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	s.SetFaults(faults)
	w.WriteHeader(http.StatusNoContent)
}

func (s *Simulator) positions() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	positions := map[string]any{}
	for _, item := range Switches() {
		positions[item.Name] = item.Get(s.options)
	}
	return positions
}

func (s *Simulator) portalSwitches(w http.ResponseWriter, r *http.Request) {
	wanted, ok := readObject(w, r)
	if !ok {
		return
	}
	// Tried on a copy first: all of them move, or none.
	var err error
	s.Configure(func(o *Options) {
		changed := o.clone()
		for name, value := range wanted {
			if err = setSwitch(&changed, name, fmt.Sprint(value)); err != nil {
				return
			}
		}
		*o = changed
	})
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	reply(w, http.StatusOK, s.positions())
}

func setSwitch(o *Options, name, value string) error {
	for _, item := range Switches() {
		if item.Name == name {
			return item.Set(o, value)
		}
	}
	return fmt.Errorf("there is no switch %q", name)
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

func (s *Simulator) replyDocument(w http.ResponseWriter, status int, id string) {
	doc, ok := s.Document(id)
	if !ok {
		problem(w, http.StatusNotFound, "no such deployment")
		return
	}
	reply(w, status, doc)
}

func readObject(w http.ResponseWriter, r *http.Request) (map[string]any, bool) {
	text, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return nil, false
	}
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
