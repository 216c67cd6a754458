package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// configuration is what the user has written. The zero value of a field is an
// argument that is left out.
type configuration struct {
	pal, channel string
	name         *string
	status       string
	objects      map[string]map[string]string // argument, pointer, JSON text of the value
	origins      []string                     // nil: left out
	password     string                       // of either argument
	version      string                       // "": the argument is password, else password_wo
	ignore       []string
	pretty       bool // written on many lines
}

// objectNames are the arguments that hold a JSON object.
var objectNames = []string{"customization", "limits"}

func firstConfiguration() configuration {
	return configuration{pal: pal, channel: "widget", objects: map[string]map[string]string{}}
}

func (c *configuration) clone() configuration {
	to := *c
	to.objects = map[string]map[string]string{}
	for argument, members := range c.objects {
		to.objects[argument] = maps.Clone(members)
	}
	to.origins, to.ignore = slices.Clone(c.origins), slices.Clone(c.ignore)
	return to
}

// object is what the user wrote for an argument; nil: nothing. A key inside an
// object that is written empty fills that object.
func (c *configuration) object(argument string) tree {
	members := c.objects[argument]
	if members == nil {
		return nil
	}
	to := tree{}
	for _, pointer := range slices.Sorted(maps.Keys(members)) {
		put(to, pointer, parseJSON(members[pointer]))
	}
	return to
}

// meant is object as Terraform understands it: null counts as not written.
func (c *configuration) meant(argument string) tree {
	if object := c.object(argument); object != nil {
		return clean(object)
	}
	return nil
}

// text is the JSON text that the user wrote. Numbers keep their spelling.
func (c *configuration) text(argument string) string {
	object := c.object(argument)
	if c.pretty {
		return marshal(object, "  ")
	}
	return marshal(object, "")
}

// written is the text of an argument, "" where it is left out.
func (c *configuration) written(argument string) string {
	if c.objects[argument] == nil {
		return ""
	}
	return c.text(argument)
}

func marshal(value any, indent string) string {
	text, err := json.Marshal(value)
	if indent != "" {
		text, err = json.MarshalIndent(value, "", indent)
	}
	if err != nil {
		panic(err)
	}
	return string(text)
}

func canonOrigins(origins []string) string {
	return strings.Join(slices.Compact(slices.Sorted(slices.Values(origins))), "\n")
}

// arguments is the configuration for the small core.
func (c *configuration) arguments() args {
	a := args{"pal_id": c.pal, "channel": c.channel}
	if c.name != nil {
		a["name"] = *c.name
	}
	if c.status != "" {
		a["status"] = c.status
	}
	for argument := range c.objects {
		a[argument] = c.text(argument)
	}
	if c.origins != nil {
		a["allowed_origins"] = c.origins
	}
	switch {
	case c.password != "" && c.version != "":
		a["password_wo"], a["password_wo_version"] = c.password, c.version
	case c.password != "":
		a["password"] = c.password
	}
	return a
}

// An edit changes one thing, in the configuration or in the portal.
type edit struct {
	target  string // an argument, or "ignore_changes", or "layout"
	pointer string // of a key in an object
	value   string // JSON text; "" takes the key or the line away
}

// apply changes the configuration.
func (e edit) apply(c *configuration) {
	text := func() string {
		if e.value == "" {
			return ""
		}
		s, _ := parseJSON(e.value).(string)
		return norm.NFC.String(s) // Terraform brings every string into this form
	}
	switch e.target {
	case "pal_id":
		c.pal = text()
	case "channel":
		c.channel = text()
	case "status":
		c.status = text()
	case "name":
		c.name = nil
		if e.value != "" {
			name := text()
			c.name = &name
		}
	case "allowed_origins":
		c.origins = e.list()
	case "password":
		c.password, c.version = text(), ""
	case "password_wo":
		c.password, c.version, _ = strings.Cut(text(), "@")
	case "ignore_changes":
		c.ignore = e.list()
	case "layout":
		c.pretty = !c.pretty
	case "customization", "limits":
		switch {
		case e.pointer == "" && e.value == "":
			delete(c.objects, e.target)
		case e.pointer == "":
			c.objects[e.target] = map[string]string{}
		case e.value == "":
			delete(c.objects[e.target], e.pointer)
		default:
			if c.objects[e.target] == nil {
				c.objects[e.target] = map[string]string{}
			}
			c.objects[e.target][e.pointer] = e.value
		}
	default:
		panic("edit of " + e.target)
	}
}

func (e edit) list() []string {
	if e.value == "" {
		return nil
	}
	list := []string{}
	if err := json.Unmarshal([]byte(e.value), &list); err != nil {
		panic(err)
	}
	return list
}

// portal changes a server's document as a person does.
func (e edit) portal(doc map[string]any) {
	switch e.target {
	case "deployment": // see editPortal
	case "customization", "limits":
		object, ok := doc[e.target].(tree)
		if !ok {
			object = tree{}
			doc[e.target] = object
		}
		if e.value == "" {
			drop(object, e.pointer)
			return
		}
		put(object, e.pointer, parseJSON(e.value))
	default:
		doc[e.target] = nil
		if e.value != "" {
			doc[e.target] = parseJSON(e.value)
		}
	}
}

// deletes says that a person deletes the whole deployment.
func (e edit) deletes() bool { return e.target == "deployment" }

func (e edit) String() string {
	what := e.target
	if e.pointer != "" {
		what += fmt.Sprintf(" key %q", strings.Join(splitPointer(e.pointer), `" / "`))
	}
	if e.value == "" {
		return "remove " + what
	}
	return what + " = " + e.value
}
