package simulator

import (
	"encoding/json"
	"fmt"
	"strings"
)

// deploymentKind is docs.tavus.io/api-reference/deployments.
func deploymentKind() *kind {
	return &kind{
		collection: "deployments", id: "deployment_id", noun: "Deployment", name: "name",
		members: append([]member{
			{name: "pal_id", use: required, patch: "pal-patch"},
			{name: "channel", use: fixed, among: []string{"widget", "embed", "landing-page"}},
			{name: "status", use: later, among: []string{"draft", "active", "inactive"}, patch: "status-patch"},
			{name: "name"},
			{name: "password", empty: absent, patch: "password-patch"},
			{name: "customization", is: anObject, empty: map[string]any{}},
			{name: "limits", is: anObject, empty: map[string]any{}},
			{name: "allowed_origins", is: aTextList, empty: []any{}},
			{name: "replica_thumbnail_video_url", use: readOnly, empty: absent},
		}, server("deployment_id", "has_password", "thumbnail_video_url", "thumbnail_image_url", "usage_total", "usage_today",
			"created_at", "updated_at")...),
		secrets: []secret{{path: "/password", writeOnly: true}},
		partial: []string{"deployment_id", "name", "pal_id", "channel", "status", "created_at"},
		pages:   "pages-from",
		tags:    true,
		switches: []Switch{
			{Name: "status-after-create", Doc: "status of a new deployment", Positions: positions("active", "draft", "inactive")},
			{Name: "pal-patch", Doc: "operations on /pal_id", Positions: positions("accepted", "refused", "ignored")},
			{Name: "status-patch", Doc: "operations on /status", Positions: positions("accepted", "refused", "ignored")},
			{Name: "password-patch", Doc: "operations on /password", Positions: positions("accepted", "refused", "ignored")},
			{Name: "origins", Doc: "whether origins become lower case and lose a trailing slash", Positions: positions("kept", "lowered")},
			{Name: "other-blocks", Doc: "the blocks of other channels in customization", Positions: positions("absent", "null")},
			{
				Name: "thumbnails", Doc: "thumbnails are the PAL's; those of the first PAL; null for some reads; signed anew in each answer",
				Positions: positions("follow", "stay", "late", "signed"),
			},
			{Name: "usage", Doc: "whether the usage counters grow with each GET", Positions: positions("on", "off")},
			{Name: "pages-from", Doc: "number of the first page of the deployments", Positions: positions("1", "0")},
		},
		reading: func(s *Simulator, r *record) {
			if s.is("usage", "on") {
				s.visit(r)
			}
		},
		problem: deploymentProblem, born: deploymentBorn, changed: deploymentChanged, keep: keepDeployment,
		defaults: deploymentDefaults, show: showDeployment, settle: settleDeployment, normal: normalDeployment,
	}
}

func deploymentProblem(s *Simulator, doc map[string]any) string {
	if s.find("pals", textOf(doc["pal_id"])) == nil {
		return "Invalid pal_id"
	}
	return ""
}

func keepDeployment(_ *Simulator, c *call, doc map[string]any) bool {
	pal, status := c.query.Get("pal_id"), c.query.Get("status")
	return (pal == "" || doc["pal_id"] == pal) && (status == "" || doc["status"] == status) &&
		contains(doc["name"], c.query.Get("search"))
}

func deploymentBorn(s *Simulator, r *record) {
	video, image := thumbnails(textOf(r.doc["pal_id"]))
	for key, value := range map[string]any{
		"pal_id": PalDocsGuide, "channel": "widget", "status": s.at("status-after-create"),
		"usage_total": jsonInt(0), "usage_today": jsonInt(0),
		"thumbnail_video_url": video, "thumbnail_image_url": image,
	} {
		if r.doc[key] == nil {
			r.doc[key] = value
		}
	}
	r.late = 2 // reads without thumbnails, where thumbnails is late
}

func thumbnails(pal string) (video, image string) {
	base := "https://cdn.example.com/pals/" + pal + "/thumbnail"
	return base + ".mp4", base + ".png"
}

// deploymentChanged gives the document the thumbnails of a new PAL, unless
// they were set together with it.
func deploymentChanged(s *Simulator, r *record, doc map[string]any) {
	if s.is("thumbnails", "stay") || same(doc["pal_id"], r.doc["pal_id"]) {
		return
	}
	r.late = 2 // reads without thumbnails, where thumbnails is late
	video, image := thumbnails(textOf(doc["pal_id"]))
	if same(doc["thumbnail_video_url"], r.doc["thumbnail_video_url"]) {
		doc["thumbnail_video_url"] = video
	}
	if same(doc["thumbnail_image_url"], r.doc["thumbnail_image_url"]) {
		doc["thumbnail_image_url"] = image
	}
}

// deploymentDefaults are settings whose keys the vendor's widget knows; their
// values are those of its documentation or made up.
func deploymentDefaults(doc map[string]any) {
	customization := map[string]any{
		"schema_version": jsonInt(1), "show_haircheck": true,
		"style": map[string]any{"mode": "system", "boxes_radius": jsonInt(1)},
	}
	if textOf(doc["channel"]) == "widget" {
		customization["widget"] = map[string]any{"variant": "compact", "position": "bottom-right"}
	}
	fillUnder(doc, "customization", customization)
	fillUnder(doc, "limits", map[string]any{"max_call_duration": jsonInt(3600), "daily_call_limit_per_user": jsonInt(5)})
}

// otherBlocks are the members of customization that belong to one channel.
var otherBlocks = map[string]string{"widget": "widget", "landing_page": "landing-page"}

func showDeployment(s *Simulator, r *record, doc map[string]any) {
	if blocks, ok := doc["customization"].(map[string]any); ok && s.is("other-blocks", "null") {
		for block, channel := range otherBlocks {
			if _, has := blocks[block]; !has && channel != doc["channel"] {
				blocks[block] = nil
			}
		}
	}
	for _, key := range []string{"thumbnail_video_url", "thumbnail_image_url"} {
		if s.is("thumbnails", "late") && r.late > 0 {
			doc[key] = nil
		}
		if link, ok := doc[key].(string); ok && s.is("thumbnails", "signed") {
			s.signSeq++
			doc[key] = fmt.Sprintf("%s?signature=%08x", link, s.signSeq)
		}
	}
}

// settleDeployment takes the blocks out again that only the view shows.
func settleDeployment(s *Simulator, r *record, doc map[string]any) {
	blocks, _ := doc["customization"].(map[string]any)
	stored, _ := r.doc["customization"].(map[string]any)
	for block := range otherBlocks {
		_, has := stored[block]
		if value, shown := blocks[block]; shown && value == nil && !has && s.is("other-blocks", "null") {
			delete(blocks, block)
		}
	}
}

func normalDeployment(s *Simulator, before, doc map[string]any) {
	origins, isList := doc["allowed_origins"].([]any)
	if !isList || same(origins, before["allowed_origins"]) || s.is("origins", "kept") {
		return
	}
	origins = lowered(origins)
	for i, origin := range origins {
		origins[i] = strings.TrimSuffix(textOf(origin), "/")
	}
	doc["allowed_origins"] = origins
}

// visit counts a visitor of the deployment's page.
func (s *Simulator) visit(r *record) {
	for _, key := range []string{"usage_total", "usage_today"} {
		number, _ := r.doc[key].(json.Number)
		count, _ := number.Int64() // 0 where an edit left something else there
		r.doc[key] = jsonInt(int(count) + 1)
	}
}

// Visit counts a visitor of a deployment's page: the usage counters grow.
func (s *Simulator) Visit(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find("deployments", id); r != nil {
		s.visit(r)
		if s.is("updated-at-moves", "use") {
			s.touch(r)
		}
	}
}
