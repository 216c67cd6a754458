package simulator

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

// tag is the entity tag of a deployment; empty: this server has none.
func (r *record) tag(o Options) string {
	if o.ETag == ETagNone {
		return ""
	}
	content := fmt.Sprintf("%v/%d", r.doc["deployment_id"], r.revision)
	switch o.ETagMoves {
	case ETagMovesVisit:
		content += fmt.Sprintf("/%v/%v", r.doc["usage_total"], r.doc["usage_today"])
	case ETagMovesAlways:
		content += fmt.Sprintf("/%d", r.tagSeq)
	case ETagMovesNever:
	}
	sum := sha256.Sum256([]byte(content))
	tag := fmt.Sprintf(`"%x"`, sum[:8])
	if o.ETag == ETagWeak || o.ETag == ETagWeakMatched {
		tag = "W/" + tag
	}
	return tag
}

// matches applies If-Match (RFC 9110, section 13.1.1): by strong comparison,
// so a weak tag never matches.
func (r *record) matches(o Options, header http.Header) bool {
	if o.ETag == ETagNone || len(header.Values("If-Match")) == 0 {
		return true
	}
	for _, field := range header.Values("If-Match") {
		for candidate := range strings.SplitSeq(field, ",") {
			candidate = strings.TrimSpace(candidate)
			if candidate == "*" || candidate == r.tag(o) && o.ETag != ETagWeak {
				return true
			}
		}
	}
	return false
}

var readOnly = []string{
	"deployment_id", "has_password", "thumbnail_video_url", "thumbnail_image_url", "replica_thumbnail_video_url",
	"usage_total", "usage_today", "created_at", "updated_at",
}

// patchDeployment is PATCH /v2/deployments/{id}: an RFC 6902 array, applied to
// the document that a GET would show. All of it takes effect, or nothing.
func (s *Simulator) patchDeployment(c *call) answer {
	o := c.options
	r := s.recordOf(c)
	if r == nil {
		return c.unknown("Deployment", "deployment_id")
	}
	if !isJSON(c.header, "application/json-patch+json") {
		return c.fail(http.StatusUnsupportedMediaType, "Content-Type must be application/json")
	}
	if !r.matches(o, c.header) {
		code, err := strconv.Atoi(cmp.Or(string(o.StaleCode), string(Stale412)))
		if err != nil {
			code = http.StatusPreconditionFailed
		}
		return c.fail(code, "The deployment has changed since it was read")
	}
	operations, err := parsePatch(c.body)
	if err != nil {
		return c.failMessage(http.StatusUnprocessableEntity, "Invalid JSON patch format")
	}
	operations, problem := admitOperations(o, operations)
	if problem != "" {
		return c.fail(http.StatusBadRequest, "%s", problem)
	}
	view := s.view(o, r)
	result, err := applyPatch(view, operations)
	if err != nil {
		return c.failMessage(http.StatusUnprocessableEntity, "Invalid JSON patch format")
	}
	if problem := s.invalidResult(view, result); problem != "" {
		return c.fail(http.StatusBadRequest, "%s", problem)
	}
	doc := settle(o, r, view, result)
	if name := textOf(doc["name"]); !same(doc["name"], r.doc["name"]) && s.nameTaken(c, c.id, name) {
		return c.fail(http.StatusConflict, "A deployment with this name exists already")
	}
	password, given := result["password"]
	// A server keeps a hash, so it cannot tell that a password is the old one.
	changed := !same(doc, r.doc) || given && (textOf(password) != "" || r.password != "")
	if changed {
		if given {
			r.password = textOf(password)
		}
		s.movePal(r, doc)
		r.doc = doc
		r.touch(o.now())
	}
	if !changed && o.Unchanged != UnchangedAnswer {
		return answer{status: http.StatusNotModified}
	}
	switch o.PatchAnswer {
	case PatchNoContent:
		return answer{status: http.StatusNoContent}
	case PatchEmpty:
		return answer{status: http.StatusOK}
	case PatchMessage:
		return answer{status: http.StatusOK, value: map[string]any{"message": "Deployment updated"}}
	case PatchNotModified:
		return answer{status: http.StatusNotModified}
	case PatchDocument:
	}
	return answer{status: http.StatusOK, value: s.view(o, r)}
}

// operation is one member of an RFC 6902 array.
type operation struct {
	raw  json.RawMessage
	op   string
	path []string // unescaped tokens
	from []string // of move and copy
	// value is what a test compares with. The others go to the library as raw.
	value any
}

var escapes = regexp.MustCompile(`~(?:[^01]|$)`)

func pointer(value any) ([]string, error) {
	text, ok := value.(string)
	if !ok || text != "" && text[0] != '/' || escapes.MatchString(text) {
		return nil, errors.New("not a JSON pointer (RFC 6901)")
	}
	tokens := strings.Split(text, "/")[1:]
	for i, token := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens, nil
}

// parsePatch checks the form of a patch (RFC 6902, sections 3 and 4).
func parsePatch(body []byte) ([]operation, error) {
	if value, err := decodeJSON(body); err != nil {
		return nil, err
	} else if _, isList := value.([]any); !isList {
		return nil, errors.New("not an array")
	}
	var raws []json.RawMessage
	if err := json.Unmarshal(body, &raws); err != nil {
		return nil, err
	}
	operations := make([]operation, 0, len(raws))
	for _, raw := range raws {
		value, err := decodeJSON(raw)
		if err != nil {
			return nil, err
		}
		members, _ := value.(map[string]any)
		o := operation{raw: raw, op: textOf(members["op"]), value: members["value"]}
		if o.path, err = pointer(members["path"]); err != nil {
			return nil, err
		}
		switch o.op {
		case "add", "replace", "test":
			if _, given := members["value"]; !given {
				return nil, errors.New("an operation without a value")
			}
		case "move", "copy":
			if o.from, err = pointer(members["from"]); err != nil {
				return nil, err
			}
		case "remove":
		default:
			return nil, errors.New("unknown operation")
		}
		operations = append(operations, o)
	}
	return operations, nil
}

// admitOperations applies the switches for paths that this server does not
// let everybody write: it refuses the patch, or leaves the operation out.
func admitOperations(o Options, operations []operation) (admitted []operation, problem string) {
	for _, op := range operations {
		verdict := "accepted"
		var targets [][]string // what the operation writes
		switch op.op {
		case "test":
		case "move":
			targets = [][]string{op.path, op.from}
		default:
			targets = [][]string{op.path}
		}
		for _, target := range targets {
			if len(target) == 0 {
				return nil, "A deployment cannot be replaced as a whole"
			}
			verdict = cmp.Or(verdictOn(o, target[0]), verdict)
			if verdict == "refused" {
				return nil, target[0] + " cannot be changed"
			}
		}
		if verdict == "accepted" {
			admitted = append(admitted, op)
		}
	}
	return admitted, ""
}

// verdictOn returns "refused", "ignored" or, for accepted, an empty string.
func verdictOn(o Options, key string) string {
	verdict := ""
	switch {
	case key == "channel":
		return "refused"
	case slices.Contains(readOnly, key):
		verdict = cmp.Or(string(o.ReadOnlyPatch), string(ReadOnlyPatchRefused))
	case key == "pal_id":
		verdict = string(o.PalPatch)
	case key == "status":
		verdict = string(o.StatusPatch)
	case key == "password":
		verdict = string(o.PasswordPatch)
	}
	if verdict == "accepted" {
		return ""
	}
	return verdict
}

// applyPatch applies the operations one by one, each with a strict look at
// its path first, because the library is not RFC 6902 to the letter: it takes
// "01" as an array index, it takes an empty key for the document itself, and
// in a test it takes null for a missing value and 1.0 for something else than 1.
func applyPatch(doc map[string]any, operations []operation) (map[string]any, error) {
	text := encodeJSON(doc)
	options := jsonpatch.NewApplyOptions()
	options.SupportNegativeIndices = false
	for _, op := range operations {
		current, err := decodeJSON(text)
		if err != nil {
			return nil, err
		}
		if op.from != nil {
			if _, err := reach(current, op.from, false); err != nil {
				return nil, err
			}
		}
		adds := op.op == "add" || op.op == "move" || op.op == "copy"
		if op.op != "move" || !slices.Equal(op.from, op.path) {
			target, err := reach(current, op.path, adds)
			if err != nil {
				return nil, err
			}
			if op.op == "test" {
				if !same(target, op.value) {
					return nil, errors.New("a test failed")
				}
				continue
			}
		}
		emptyKeys := slices.Contains(op.path, "") || slices.Contains(op.from, "")
		if emptyKeys {
			text = encodeJSON(renameKey(current, "", emptyKey))
			op.raw = op.withoutEmptyKeys()
		}
		patch, err := jsonpatch.DecodePatch(slices.Concat([]byte("["), op.raw, []byte("]")))
		if err != nil {
			return nil, err
		}
		if text, err = patch.ApplyWithOptions(text, options); err != nil {
			return nil, err
		}
		if emptyKeys {
			if current, err = decodeJSON(text); err != nil {
				return nil, err
			}
			text = encodeJSON(renameKey(current, emptyKey, ""))
		}
	}
	value, err := decodeJSON(text)
	if err != nil {
		return nil, err
	}
	result, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("not an object any more")
	}
	return result, nil
}

// emptyKey stands for the empty key while the library works, because the
// library takes an empty token of a pointer for the document itself.
const emptyKey = "\x00"

func renameKey(value any, from, to string) any {
	switch container := value.(type) {
	case map[string]any:
		renamed := make(map[string]any, len(container))
		for key, member := range container {
			if key == from {
				key = to
			}
			renamed[key] = renameKey(member, from, to)
		}
		return renamed
	case []any:
		renamed := make([]any, 0, len(container))
		for _, element := range container {
			renamed = append(renamed, renameKey(element, from, to))
		}
		return renamed
	}
	return value
}

// withoutEmptyKeys is the operation for a document whose empty keys have
// another name.
func (o operation) withoutEmptyKeys() json.RawMessage {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	text := func(tokens []string) string {
		var b strings.Builder
		for _, token := range tokens {
			b.WriteByte('/')
			b.WriteString(escape.Replace(cmp.Or(token, emptyKey)))
		}
		return b.String()
	}
	members := map[string]any{"op": o.op, "path": text(o.path), "value": renameKey(o.value, "", emptyKey)}
	if o.from != nil {
		members["from"] = text(o.from)
	}
	return encodeJSON(members)
}

var arrayIndex = regexp.MustCompile(`^(?:0|[1-9]\d{0,8})$`)

// reach walks a pointer and returns what stands there. The last token may be
// missing where adds is set; its parent never may.
func reach(value any, tokens []string, adds bool) (any, error) {
	for i, token := range tokens {
		last := adds && i == len(tokens)-1
		switch container := value.(type) {
		case map[string]any:
			member, has := container[token]
			if !has && !last {
				return nil, fmt.Errorf("no member %q", token)
			}
			value = member
		case []any:
			if last && token == "-" {
				return nil, nil
			}
			index, err := strconv.Atoi(token)
			if !arrayIndex.MatchString(token) || err != nil || index > len(container) || index == len(container) && !last {
				return nil, fmt.Errorf("no element %q", token)
			}
			if value = nil; index < len(container) {
				value = container[index]
			}
		default:
			return nil, fmt.Errorf("%q is inside a value that holds nothing", token)
		}
	}
	return value, nil
}

// invalidResult says what is wrong with a patched document; empty: nothing.
func (s *Simulator) invalidResult(view, result map[string]any) string {
	for key := range result {
		_, known := view[key]
		if !known && !slices.Contains([]string{"name", "password", "customization", "limits", "allowed_origins"}, key) {
			return "Unknown field " + key
		}
	}
	if result["status"] == nil {
		return "status must be one of " + strings.Join(statuses, ", ")
	}
	return s.invalid(result)
}

// settle makes the document to store out of a patched view.
func settle(o Options, r *record, view, result map[string]any) map[string]any {
	doc := copyDoc(r.doc)
	doc["name"], doc["pal_id"], doc["status"] = result["name"], result["pal_id"], result["status"]
	for _, key := range []string{"customization", "limits", "allowed_origins"} {
		if r.doc[key] == nil && same(view[key], result[key]) {
			continue // still unset
		}
		doc[key] = result[key]
	}
	dropUnset(doc)
	if o.Refill == RefillDefault && o.Defaults != DefaultsNone {
		fillDefaults(doc)
	}
	normalise(o, r.doc, doc)
	return doc
}
