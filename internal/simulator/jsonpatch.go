package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// operation is one member of an RFC 6902 array. Of its six operations it knows
// the three that change a value in place: add, replace and remove.
type operation struct {
	op    string
	path  []string // unescaped tokens
	value any
}

// parsePatch checks the form of a patch (RFC 6902, sections 3 and 4).
func parsePatch(body []byte) ([]operation, error) {
	var list []struct {
		Op, Path string
		Value    json.RawMessage
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	if list == nil {
		return nil, errors.New("not an array")
	}
	operations := make([]operation, len(list))
	for i, item := range list {
		o := operation{op: item.Op}
		switch {
		case item.Op == "remove":
		case item.Op != "add" && item.Op != "replace":
			return nil, fmt.Errorf("unknown operation %q", item.Op)
		case item.Value == nil:
			return nil, errors.New("an operation without a value")
		default:
			o.value, _ = decodeJSON(item.Value) // which is JSON already
		}
		if item.Path != "" && item.Path[0] != '/' {
			return nil, errors.New("not a JSON pointer")
		}
		o.path = strings.Split(item.Path, "/")[1:] // RFC 6901
		for i, token := range o.path {
			o.path[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		}
		operations[i] = o
	}
	return operations, nil
}

// applyPatch applies the operations to a copy of the document, one by one
// (RFC 6902, section 4).
func applyPatch(doc map[string]any, operations []operation) (map[string]any, error) {
	result := copyDoc(doc)
	for _, op := range operations {
		if err := edit(result, op.path, op.op, deepCopy(op.value)); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// edit changes what stands at the path. Nothing goes into an array, which is a
// value as a whole.
func edit(doc map[string]any, path []string, op string, to any) error {
	if len(path) == 0 {
		return errors.New("the whole document cannot be changed")
	}
	last := len(path) - 1
	for _, key := range path[:last] {
		inner, isObject := doc[key].(map[string]any)
		if !isObject {
			return fmt.Errorf("%q is no object", key)
		}
		doc = inner
	}
	_, has := doc[path[last]]
	switch {
	case !has && op != "add":
		return fmt.Errorf("no member %q", path[last])
	case op == "remove":
		delete(doc, path[last])
	default:
		doc[path[last]] = to
	}
	return nil
}

// lookup returns the value at a pointer of a kind's own table.
func lookup(doc map[string]any, at string) (value any, has bool) {
	value, has = doc, true
	for _, key := range strings.Split(at, "/")[1:] {
		members, _ := value.(map[string]any)
		value, has = members[key]
	}
	return value, has
}

// put sets the value at a pointer, parents included. A parent that is no object
// keeps its value.
func put(doc map[string]any, at string, value any) {
	path := strings.Split(at, "/")[1:]
	for i := 1; i < len(path); i++ {
		if held, _ := lookup(doc, "/"+strings.Join(path[:i], "/")); held == nil {
			_ = edit(doc, path[:i], "add", map[string]any{})
		}
	}
	_ = edit(doc, path, "add", value)
}

// drop removes the value at a pointer; none there is fine.
func drop(doc map[string]any, at string) { _ = edit(doc, strings.Split(at, "/")[1:], "remove", nil) }
