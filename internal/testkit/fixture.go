package testkit

import (
	"fmt"
	"maps"
	"strings"
)

// Edit is a change that a person makes in the portal: the value at a JSON pointer; nil removes it.
type Edit struct {
	Pointer string
	Value   any
}

// Counts are the requests that an operation may send, as [Server.Log] writes them.
type Counts struct{ Create, Read, Update, Delete string }

// Fixture is what a kind brings so that every law is tested on it.
type Fixture struct {
	// Type is the resource type, such as "tavus_deployment".
	Type string
	// Variant tells fixtures of one type apart; "": the only one.
	Variant string
	// Collection is the simulator's name of the objects, such as "deployments", or "pals/skills" where
	// they are inside others.
	Collection string
	// ID is the member of a document with the id, such as "deployment_id".
	ID string
	// Setup makes objects that have to be there; nil: none.
	Setup func(s *Server)

	// Minimal, Full and Changed are configurations of one object. A change from Full to
	// Changed is made in place.
	Minimal, Full, Changed Config
	// Edits are portal edits of what no configuration owns.
	Edits []Edit
	// Owned is a portal edit of a leaf that Full writes, as the only operation that is needed
	// to repair it.
	Owned Edit
	// Argument is the one that holds Owned, where its name is not the end of the member's.
	Argument string
	// Dropped are JSON pointers of what Full writes and Changed does not.
	Dropped []string
	// Secrets are arguments, such as "password" or "api.auth.secret", and the secrets that the law of
	// silence plants in them.
	Secrets map[string]string
	// Counts are the requests of create, read, update and delete.
	Counts Counts

	// Hold are, by position of a switch such as "pal-patch=refused", the arguments that every
	// configuration has there, because that server never changes them. nil: left out.
	Hold map[string]Config
	// Needs are, by position of a switch, what combinations of switches add to it: without it the server
	// would leave no way out.
	Needs map[string]string
	// Overwrites: a write replaces the whole object, so an edit between its GET and its write is lost.
	Overwrites bool
	// Unlisted: there is no list resource.
	Unlisted bool
	// Late are positions of switches where the server is done some reads after a write.
	Late []string
}

// Address is an address of the fixture's type.
func (f *Fixture) Address(name string) string { return f.Type + "." + name }

// With is a copy of a configuration with other arguments; nil takes one out. An argument inside an
// object has a name with dots: "api.auth.secret". Where there is no such object, nothing changes.
func With(config Config, changes Config) Config {
	changed := maps.Clone(config)
	for name, value := range changes {
		outer, rest, isInside := strings.Cut(name, ".")
		inner, isObject := changed[outer].(map[string]any)
		switch {
		case isInside && isObject:
			changed[outer] = With(inner, Config{rest: value})
		case isInside:
		case value == nil:
			delete(changed, name)
		default:
			changed[name] = value
		}
	}
	return changed
}

// Value is an argument of a configuration, with a name as With takes it; nil: it is not there.
func Value(config Config, name string) any {
	outer, rest, isInside := strings.Cut(name, ".")
	if !isInside {
		return config[name]
	}
	inner, _ := config[outer].(map[string]any)
	return Value(inner, rest)
}

// Held is a copy of the fixture for a server with the settings.
func (f *Fixture) Held(settings ...string) *Fixture {
	held := *f
	for _, setting := range settings {
		hold := f.Hold[setting]
		held.Minimal, held.Full, held.Changed = With(held.Minimal, hold), With(held.Full, hold), With(held.Changed, hold)
	}
	return &held
}

// Prepare makes what the fixture's objects need.
func (f *Fixture) Prepare(s *Server) {
	if f.Setup != nil {
		f.Setup(s)
	}
}

// PortalEdits makes all Edits of an object.
func (f *Fixture) PortalEdits(s *Server, id string) error {
	for _, edit := range f.Edits {
		if !s.EditAt(f.Collection, id, edit.Pointer, edit.Value) {
			return fmt.Errorf("there is no %s in %s", id, f.Collection)
		}
	}
	return nil
}

// Untouched says which of the Edits are not on the server any more.
func (f *Fixture) Untouched(s *Server, id string) error {
	for _, edit := range f.Edits {
		if got := s.At(f.Collection, id, edit.Pointer); JSON(got) != JSON(edit.Value) {
			return fmt.Errorf("the portal's %s of %s is %s instead of %s", edit.Pointer, id, JSON(got), JSON(edit.Value))
		}
	}
	return nil
}
