package provider_test

import (
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// Where reads show another form than the answer to the write did, a refresh changes nothing, the
// private state included (Must asserts it). The next update remembers that form, so that an edit of
// another key plans nothing.
func TestRead_ARenewalIsSavedWithTheNextChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, deploymentFixture(), "write-answer=echo", "names=stripped")
	named := testkit.With(w.kind.Minimal, testkit.Config{"name": "Docs!"})
	w.Must(t, testkit.Create, named)
	renamed := testkit.With(named, testkit.Config{"limits": `{"total":1}`})
	w.Must(t, testkit.Update, renamed)
	w.portal(t, w.kind.Edits...)
	w.Quiet(t, renamed)
	w.Must(t, testkit.Update, testkit.With(renamed, testkit.Config{"name": "Shop!"}))
}
