package simulator

import (
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

func (s *Simulator) recordOf(c *call) *record {
	r := s.records[c.id]
	if r == nil || r.account != c.account {
		return nil
	}
	return r
}

// view is the deployment as the API shows it, in the form of the switches.
func (s *Simulator) view(o Options, r *record) map[string]any {
	doc := r.canonical()
	for _, key := range []string{"customization", "limits", "allowed_origins", "name"} {
		if r.doc[key] != nil {
			continue
		}
		switch o.Unset {
		case UnsetNull:
			doc[key] = nil
		case UnsetAbsent:
			delete(doc, key)
		case UnsetObject:
		}
	}
	for _, key := range []string{"thumbnail_video_url", "thumbnail_image_url"} {
		if o.Thumbnails == ThumbnailsLate && r.late > 0 {
			doc[key] = nil
		}
		if link, ok := doc[key].(string); ok && o.Thumbnails == ThumbnailsSigned {
			s.signSeq++
			doc[key] = fmt.Sprintf("%s?signature=%08x", link, s.signSeq)
		}
	}
	return doc
}

func (s *Simulator) getDeployment(c *call) answer {
	r := s.recordOf(c)
	if r == nil {
		return c.unknown("Deployment", "deployment_id")
	}
	if c.options.Usage != UsageOff {
		r.visit()
	}
	result := answer{status: http.StatusOK, value: s.view(c.options, r)}
	if tag := r.tag(c.options); tag != "" {
		result.header = http.Header{"Etag": {tag}}
	}
	if c.options.ETagMoves == ETagMovesAlways {
		r.tagSeq++
	}
	r.late = max(0, r.late-1)
	return result
}

func (s *Simulator) deleteDeployment(c *call) answer {
	if s.recordOf(c) == nil {
		return c.unknown("Deployment", "deployment_id")
	}
	s.remove(c.id)
	return answer{status: http.StatusNoContent}
}

func isJSON(header http.Header, others ...string) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && (kind == "application/json" || slices.Contains(others, kind))
}

func (s *Simulator) createDeployment(c *call) answer {
	if !isJSON(c.header) {
		return c.fail(http.StatusUnsupportedMediaType, "Content-Type must be application/json")
	}
	value, err := decodeJSON(c.body)
	body, isObject := value.(map[string]any)
	if err != nil || !isObject {
		return c.fail(http.StatusBadRequest, "The body must be a JSON object")
	}
	for _, key := range []string{"customization", "limits", "allowed_origins"} {
		if member, given := body[key]; given && member == nil {
			return c.fail(http.StatusBadRequest, "%s must not be null", key)
		}
	}
	if body["channel"] == nil {
		return c.fail(http.StatusBadRequest, "channel is required")
	}
	if problem := s.invalid(body); problem != "" {
		return c.fail(http.StatusBadRequest, "%s", problem)
	}
	doc := map[string]any{"status": cmp.Or(string(c.options.StatusAfterCreate), string(CreatedActive))}
	// Only these fields create; others, such as status, are not looked at.
	for _, key := range []string{"pal_id", "channel", "name", "password", "customization", "limits", "allowed_origins"} {
		if member, given := body[key]; given {
			doc[key] = member
		}
	}
	if name := normalName(c.options, doc["name"]); s.nameTaken(c, "", name) {
		return c.fail(http.StatusConflict, "A deployment with this name exists already")
	}
	r := s.insert(c.account, doc)
	result := answer{status: http.StatusOK, value: s.view(c.options, r)}
	if c.options.CreateCode == Create201 {
		result.status = http.StatusCreated
	}
	if tag := r.tag(c.options); tag != "" && c.options.ETagOnCreate == ETagOnCreateYes {
		result.header = http.Header{"Etag": {tag}}
	}
	return result
}

func normalName(o Options, name any) string {
	doc := map[string]any{"name": name}
	normalise(o, nil, doc)
	return textOf(doc["name"])
}

// nameTaken says whether another deployment of the account has the name and
// the switch forbids that.
func (s *Simulator) nameTaken(c *call, id, name string) bool {
	if c.options.DuplicateNames != DuplicateNamesRefused || name == "" {
		return false
	}
	for _, other := range s.records {
		if other.account == c.account && other.doc["deployment_id"] != id && other.doc["name"] == name {
			return true
		}
	}
	return false
}

var (
	channels = []string{"widget", "embed", "landing-page"}
	statuses = []string{"draft", "active", "inactive"}
)

// invalid says what is wrong with the settings of a deployment; empty:
// nothing. What is null counts as unset here.
func (s *Simulator) invalid(doc map[string]any) string {
	pal, isText := doc["pal_id"].(string)
	switch {
	case doc["pal_id"] == nil || pal == "" && isText:
		return "pal_id is required"
	case !isText:
		return "pal_id must be a string"
	case s.pal(pal) == nil:
		return "Invalid pal_id"
	}
	for _, enum := range []struct {
		key    string
		values []string
	}{{"channel", channels}, {"status", statuses}} {
		if value := doc[enum.key]; value != nil && !slices.Contains(enum.values, textOf(value)) {
			return enum.key + " must be one of " + strings.Join(enum.values, ", ")
		}
	}
	for _, key := range []string{"name", "password"} {
		if _, isText := doc[key].(string); doc[key] != nil && !isText {
			return key + " must be a string or null"
		}
	}
	for _, key := range []string{"customization", "limits"} {
		if _, isObject := doc[key].(map[string]any); doc[key] != nil && !isObject {
			return key + " must be an object"
		}
	}
	if doc["allowed_origins"] == nil {
		return ""
	}
	origins, isList := doc["allowed_origins"].([]any)
	if !isList || slices.ContainsFunc(origins, func(origin any) bool { _, ok := origin.(string); return !ok }) {
		return "allowed_origins must be an array of strings"
	}
	return ""
}

// listDeployments is GET /v2/deployments: newest first.
func (s *Simulator) listDeployments(c *call) answer {
	search := strings.ToLower(c.query.Get("search"))
	var found []any
	for _, id := range slices.Backward(s.order) {
		r := s.records[id]
		pal, status := c.query.Get("pal_id"), c.query.Get("status")
		switch {
		case r.account != c.account,
			pal != "" && r.doc["pal_id"] != pal,
			status != "" && r.doc["status"] != status,
			!strings.Contains(strings.ToLower(textOf(r.doc["name"])), search):
			continue
		}
		found = append(found, s.item(c.options, r))
	}
	first := 1
	if c.options.PagesFrom == PagesFrom0 {
		first = 0
	}
	page, problem := pageOf(c.query, found, first, c.options.pageCap())
	if problem != "" {
		return c.fail(http.StatusBadRequest, "%s", problem)
	}
	switch c.options.ListShape {
	case ListBare:
		return answer{status: http.StatusOK, value: page}
	case ListNoTotal:
		return answer{status: http.StatusOK, value: map[string]any{"data": page}}
	case ListWrapped:
	}
	return answer{status: http.StatusOK, value: map[string]any{"data": page, "total_count": len(found)}}
}

func (s *Simulator) item(o Options, r *record) map[string]any {
	doc := s.view(o, r)
	if o.Items != ItemsPartial {
		return doc
	}
	partial := map[string]any{}
	for _, key := range []string{"deployment_id", "name", "pal_id", "channel", "status", "created_at"} {
		if value, has := doc[key]; has {
			partial[key] = value
		}
	}
	return partial
}

// pageOf cuts one page out of a list. Without the parameter it is the first
// one; a number below the first page is the first one, too.
func pageOf(query url.Values, items []any, first, limitCap int) (page []any, problem string) {
	number := func(name string, otherwise int) (int, bool) {
		if !query.Has(name) {
			return otherwise, true
		}
		n, err := strconv.Atoi(query.Get(name))
		return n, err == nil && n >= 0
	}
	limit, ok := number("limit", 10)
	if !ok || limit == 0 {
		return nil, "limit must be a number between 1 and 100"
	}
	at, ok := number("page", first)
	if !ok {
		return nil, "page must be a number"
	}
	limit = min(limit, limitCap, 100)
	index := max(0, at-first)
	page = []any{}
	if index <= len(items)/limit {
		page = append(page, items[index*limit:min(len(items), (index+1)*limit)]...)
	}
	return page, ""
}

// initDeployment is GET /v2/deployments/{id}/init, which pages call without a
// key. A browser sends its origin.
func (s *Simulator) initDeployment(c *call) answer {
	r := s.records[c.id]
	if r == nil {
		return c.unknown("Deployment", "deployment_id")
	}
	origins, _ := r.doc["allowed_origins"].([]any)
	if origin := c.header.Get("Origin"); origin != "" && len(origins) > 0 && !slices.Contains(origins, any(origin)) {
		return c.fail(http.StatusForbidden, "Origin not allowed")
	}
	doc := s.view(c.options, r)
	limits, _ := r.doc["limits"].(map[string]any)
	return answer{status: http.StatusOK, value: map[string]any{
		"channel": doc["channel"], "customization": doc["customization"], "has_password": doc["has_password"],
		"thumbnail_video_url": doc["thumbnail_video_url"], "thumbnail_image_url": doc["thumbnail_image_url"],
		"show_tavus_branding": true, "captcha": nil,
		"limits": map[string]any{
			"max_call_duration":         limits["max_call_duration"],
			"daily_call_limit_per_user": limits["daily_call_limit_per_user"],
		},
		"is_available": doc["status"] == string(CreatedActive), "unavailable_reason": nil,
	}}
}

// startDeployment is POST /v2/deployments/{id}/start, which is billed. Nothing
// in a provider may call it: it is counted, and it fails.
func (s *Simulator) startDeployment(c *call) answer {
	s.starts++
	return c.fail(http.StatusInternalServerError, "The simulator starts no conversations")
}
