package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
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
		if _, err := edit(result, op.path, op.op, deepCopy(op.value)); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// addParents makes the objects on the way to a path.
func addParents(value any, path []string) {
	for _, key := range path[:max(0, len(path)-1)] {
		members, isObject := value.(map[string]any)
		if !isObject {
			return
		}
		if members[key] == nil {
			members[key] = map[string]any{}
		}
		value = members[key]
	}
}

// edit changes what stands at the path and returns the changed value.
func edit(value any, path []string, op string, to any) (any, error) {
	if len(path) == 0 {
		return nil, errors.New("the whole document cannot be changed")
	}
	key := path[0]
	switch container := value.(type) {
	case map[string]any:
		member, has := container[key]
		switch {
		case !has && (op != "add" || len(path) > 1):
			return nil, fmt.Errorf("no member %q", key)
		case len(path) > 1:
			changed, err := edit(member, path[1:], op, to)
			if err == nil {
				container[key] = changed
			}
			return container, err
		case op == "remove":
			delete(container, key)
		default:
			container[key] = to
		}
		return container, nil
	case []any:
		return editList(container, path, op, to)
	}
	return nil, fmt.Errorf("%q is inside a value that holds nothing", key)
}

func editList(list []any, path []string, op string, to any) (any, error) {
	adds := op == "add" && len(path) == 1
	i, err := index(path[0], len(list), adds)
	switch {
	case err != nil:
		return nil, err
	case len(path) > 1:
		changed, err := edit(list[i], path[1:], op, to)
		if err == nil {
			list[i] = changed
		}
		return list, err
	case op == "remove":
		return slices.Delete(list, i, i+1), nil
	case adds:
		return slices.Insert(list, i, to), nil
	}
	list[i] = to
	return list, nil
}

// index reads an array index (RFC 6901, section 4): no sign, no leading zero.
func index(token string, length int, adds bool) (int, error) {
	if token == "-" && adds {
		return length, nil
	}
	i, err := strconv.Atoi(token)
	if err != nil || strconv.Itoa(i) != token || i < 0 || i > length || i == length && !adds {
		return 0, fmt.Errorf("no element %q", token)
	}
	return i, nil
}

// reach returns what stands at the path.
func reach(value any, path []string) (any, error) {
	for _, key := range path {
		switch container := value.(type) {
		case map[string]any:
			member, has := container[key]
			if !has {
				return nil, fmt.Errorf("no member %q", key)
			}
			value = member
		case []any:
			i, err := index(key, len(container), false)
			if err != nil {
				return nil, err
			}
			value = container[i]
		default:
			return nil, fmt.Errorf("%q is inside a value that holds nothing", key)
		}
	}
	return value, nil
}

// lookup returns the value at a pointer of a kind's own table.
func lookup(doc map[string]any, at string) (any, bool) {
	value, err := reach(doc, strings.Split(at, "/")[1:])
	return value, err == nil
}

// put sets the value at a pointer, parents included.
func put(doc map[string]any, at string, value any) {
	path := strings.Split(at, "/")[1:]
	addParents(doc, path)
	_, _ = edit(doc, path, "add", value) // a parent that is no object keeps its value
}

// drop removes the value at a pointer; none there is fine.
func drop(doc map[string]any, at string) {
	_, _ = edit(doc, strings.Split(at, "/")[1:], "remove", nil)
}
