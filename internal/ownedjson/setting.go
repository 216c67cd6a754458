package ownedjson

// Setting is an argument that is a single leaf: the name, or the allowed
// origins as a set. It follows the rules of the leaves of an object, except
// that it is always followed: the state shows what the server holds.
// Digests come from DigestString and DigestSet, so null and empty are Absent.
type Setting struct {
	// Managed tells whether the configuration has the argument.
	Managed             bool
	Config, Plan, State Digest
	Owned               *Pair // nil: not owned
}

func (s Setting) pair() Pair {
	if s.Owned == nil {
		return Pair{Sent: "-", Answered: "-"} // equal to no digest
	}
	return *s.Owned
}

// Shows reports whether the state goes on to show what it shows, given what the
// server holds; else it should show what the server holds.
func (s Setting) Shows(live Digest) bool {
	return s.pair().means(s.State, live)
}

// Keep reports whether the configuration means what the state shows.
func (s Setting) Keep() bool {
	return s.pair().means(s.Config, s.State)
}

// Send reports whether an update has to send the planned value, and whether
// somebody changed the server's value since the state was read to something
// that is not planned either.
func (s Setting) Send(live Digest) (send, conflict bool) {
	pair := s.pair()
	if pair.means(s.Plan, s.State) || pair.means(s.Plan, live) {
		return false, false
	}
	return true, !s.Shows(live)
}

// Renew returns the record after a write, and whether the server answered
// differently from what was sent.
func (s Setting) Renew(sent bool, before, after Digest) (renewed *Pair, altered bool) {
	switch {
	case !s.Managed || !s.pair().means(s.Config, s.Plan):
		return s.Owned, false
	case sent:
		return &Pair{Sent: s.Config, Answered: after}, after != s.Config
	case before == s.Config:
		return &Pair{Sent: s.Config, Answered: s.Config}, false
	case s.Owned != nil:
		return s.Owned, false
	default:
		return &Pair{Sent: s.Config, Answered: s.State}, false
	}
}
