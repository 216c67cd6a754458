package simulator

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

func server(names ...string) []member {
	members := make([]member, 0, len(names))
	for _, name := range names {
		members = append(members, member{name: name, use: readOnly, is: anything})
	}
	return members
}

// faceKind is docs.tavus.io/api-reference/faces, which are only read.
func faceKind() *kind {
	return &kind{
		collection: "faces", id: "face_id", prefix: "r", noun: "Face", name: "face_name",
		members: server("face_id", "face_name", "face_type", "model_name", "status", "training_progress", "error_message",
			"default_voice_id", "original_voice_id", "thumbnail_video_url", "thumbnail_image_url", "created_at", "updated_at"),
		fixed: true, unknownCode: http.StatusBadRequest, pages: "face-pages-from", seeds: faces(),
		switches: []Switch{
			{Name: "face-pages-from", Doc: "number of the first page of the faces", Positions: positions("1", "0")},
			{Name: "face-list", Doc: "which faces the list shows where no face_type is asked for", Positions: positions("both", "own")},
		},
		keep: func(s *Simulator, c *call, doc map[string]any) bool {
			kind, model, ids := c.query.Get("face_type"), c.query.Get("model_name"), c.query.Get("face_ids")
			if kind == "" && s.is("face-list", "own") {
				kind = "user"
			}
			return (kind == "" || doc["face_type"] == kind) && (model == "" || doc["model_name"] == model) &&
				(ids == "" || slices.Contains(strings.Split(ids, ","), textOf(doc["face_id"])))
		},
	}
}

func faces() []map[string]any {
	docs := []map[string]any{}
	for i, face := range []struct{ id, name, kind, status string }{
		{"r0000000001", "Concierge", "system", "completed"},
		{"r4317e64d25", "Docs Studio", "system", "completed"},
		{"r9d30b0e55a", "Anna", "system", "completed"},
		{"r6583a465c0", "Anna", "system", "completed"},
		{"r7a11c0ffee", "Our Host", "user", "completed"},
		{"r7b22c0ffee", "In training", "user", "started"},
	} {
		docs = append(docs, map[string]any{
			"face_id": face.id, "face_name": face.name, "face_type": face.kind, "model_name": "phoenix-4.5", "status": face.status,
			"default_voice_id": "v1000000001", "created_at": fmt.Sprintf("2025-02-%02dT09:00:00Z", i+1),
		})
	}
	return docs
}

// voiceKind is docs.tavus.io/api-reference/voices, which are only read.
func voiceKind() *kind {
	return &kind{
		collection: "voices", id: "voice_id", prefix: "v", noun: "Voice", name: "voice_name",
		members: server("voice_id", "voice_name", "voice_type", "status", "created_at", "updated_at"),
		fixed:   true, oldestFirst: true, paged: true, pages: "voice-pages-from",
		seeds: []map[string]any{ // by name, as the list is
			{"voice_id": "v1000000001", "voice_name": "Alto", "voice_type": "system", "status": "completed"},
			{"voice_id": "v1000000002", "voice_name": "Baritone", "voice_type": "system", "status": "completed"},
			{"voice_id": "v2000000001", "voice_name": "Our Voice", "voice_type": "user", "status": "completed"},
		},
		switches: []Switch{
			{Name: "voice-pages-from", Doc: "number of the first page of the voices", Positions: positions("1", "0")},
		},
		keep: func(_ *Simulator, c *call, doc map[string]any) bool {
			return contains(doc["voice_name"], c.query.Get("search"))
		},
	}
}
