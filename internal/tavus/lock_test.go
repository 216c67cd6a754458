package tavus

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestClient_WritesToOneObjectTakeTurns(t *testing.T) {
	t.Parallel()
	pals := &Collection{Path: "/v2/pals", ID: "pal_id", Noun: "PAL", Exclusive: true}
	skills, err := (&Collection{Path: "/v2/pals/{pal_id}/skills", ID: "skill_id", Noun: "skill"}).In("p/1")
	if err != nil || skills.Path != "/v2/pals/p%2F1/skills" {
		t.Fatalf("the skills are at %q, %v", skills.Path, err)
	}
	synctest.Test(t, func(t *testing.T) {
		client := &Client{locks: map[string]chan struct{}{}}
		unlock, err := client.lock(t.Context(), pals, "/v2/pals/p%2F1")
		if err != nil {
			t.Fatal(err)
		}
		waiting, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.lock(waiting, skills, skills.Path+"/canvas"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a skill of a PAL that is written to does not wait: %v", err)
		}
		if other, err := client.lock(t.Context(), pals, "/v2/pals/p2"); err != nil {
			t.Error(err)
		} else {
			other()
		}
		unlock()
		if next, err := client.lock(t.Context(), skills, skills.Path+"/canvas"); err != nil {
			t.Error(err)
		} else {
			next()
		}
	})
}

func TestCollection_InRefusesWhatIsNoID(t *testing.T) {
	t.Parallel()
	for _, owner := range []string{"", ".", ".."} {
		if _, err := (&Collection{Path: "/v2/pals/{pal_id}/skills", Noun: "skill"}).In(owner); err == nil {
			t.Errorf("%q is taken for an id", owner)
		}
	}
}
