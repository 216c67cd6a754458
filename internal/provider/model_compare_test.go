package provider_test

import (
	"slices"
	"strings"
)

// since returns the methods of the requests since the last call.
func (r *run) since() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	methods := r.requests
	r.requests = nil
	return methods
}

func (r *run) readOnly(what string) {
	r.t.Helper()
	r.count++
	if methods := r.since(); slices.ContainsFunc(methods, func(method string) bool { return method != "GET" }) {
		r.fail("%s sends %v", what, methods)
	}
}

// contract asserts that everything so far fits the documented API.
func (r *run) contract() {
	r.t.Helper()
	r.mu.Lock()
	outside := r.outside
	r.mu.Unlock()
	if len(outside) > 0 {
		r.fail("outside the contract: %s", strings.Join(outside, "\n"))
	}
	if n := r.sim.Starts(); n > 0 {
		r.fail("%d billed conversations were started", n)
	}
}

// bystander asserts that the other deployment is as it was.
func (r *run) bystander() {
	r.t.Helper()
	got, there := r.sim.Document(r.other)
	clean := newMirror(r.history.options())
	want, _ := clean.sim.Document(clean.sim.IDs()[0])
	if !there || document(got).comparable() != document(want).comparable() {
		r.fail("somebody else's deployment was touched: %v", got)
	}
}

func (r *run) compareError(want outcome, err error) {
	r.t.Helper()
	switch {
	case err == nil && want.failure == nil:
		r.discreet(r.d.warnings())
		return
	case err == nil:
		r.fail("the apply must fail with %q, but it does not", want.failure)
	case want.failure == nil:
		r.fail("the apply fails: %v", err)
	}
	for _, words := range want.failure {
		if !strings.Contains(err.Error(), words) {
			r.fail("the error does not say %q: %v", words, err)
		}
	}
	r.discreet(err.Error())
}

// discreet asserts that a message holds no value of a setting and no password.
func (r *run) discreet(message string) {
	r.t.Helper()
	for _, secret := range r.d.secrets() {
		if strings.Contains(message, secret) {
			r.fail("a message holds the value %q: %s", secret, message)
		}
	}
}

// compareServer asserts that the server holds what the model says, and no more.
func (r *run) compareServer() {
	r.t.Helper()
	want, has := r.m.mirror.document()
	id := r.id()
	if len(r.sim.IDs()) > 2 || has != (id != "") {
		r.fail("the server holds %d deployments; ours must be there: %t", len(r.sim.IDs()), has)
	}
	if !has {
		return
	}
	got, _ := r.sim.Document(id)
	if got, want := document(got).comparable(), want.comparable(); got != want {
		r.fail("the server must hold\n%s\nbut it holds\n%s", want, got)
	}
	password, _ := r.sim.Password(id)
	if want, _ := r.m.mirror.sim.Password(r.m.mirror.id); password != want {
		r.fail("the password on the server must be %q, but it is %q", want, password)
	}
}

// untouched asserts what the whole provider is about, without the help of the
// model: a key that no configuration ever had is as it was.
func (r *run) untouched(before map[string]any) {
	r.t.Helper()
	after, _ := r.sim.Document(r.id())
	for _, argument := range objectNames {
		was, is := clean(document(before).object(argument)), clean(document(after).object(argument))
		for _, pointer := range leavesOf(was) {
			if had, has := meansAt(was, pointer, true), meansAt(is, pointer, true); !r.m.handled[argument][pointer] && had != has {
				r.fail("the key %s of %s, which no configuration ever had, was %s and is %q", pointer, argument, had, has)
			}
		}
	}
}

// compareState asserts what the state shows.
func (r *run) compareState(when string) {
	r.t.Helper()
	want := map[string]string{"pal_id": "", "channel": "", "status": "", "name": "", "allowed_origins": "", "has_password": "", "deployment_id": ""}
	for _, argument := range objectNames {
		want[argument] = ""
		if shown := r.m.objects[argument].shown; shown != nil {
			want[argument] = canon(shown, false)
		}
	}
	if r.m.exists {
		want["pal_id"], want["channel"], want["status"] = r.m.pal, r.m.channel, r.m.status
		want["name"], want["allowed_origins"] = r.m.name.shown, r.m.origins.shown
		want["has_password"] = canon(r.m.hasPassword, true)
		want["password"], want["password_wo_version"] = r.m.password, r.m.version
		want["deployment_id"] = r.d.attribute("id")
		if id := r.id(); id != "" {
			want["deployment_id"] = id
		}
	}
	for name, want := range want {
		if got := r.d.attribute(name); got != want {
			r.fail("%s, the state must show %s = %q, but it shows %q", when, name, want, got)
		}
	}
}
