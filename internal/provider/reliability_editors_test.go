package provider_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// TestEditorsLoseNoEdit: two provider processes and a person in the portal add
// words to one text and write a key of their own, all at the same time. A write
// that was told to have worked is in the text at the end, and one that would
// have overwritten another was refused with an error.
func TestEditorsLoseNoEdit(t *testing.T) {
	t.Parallel()
	for _, options := range []simulator.Options{
		{},
		// Not with a tag that moves with every visit: see "Tags that move" in SECURITY.md.
		{StaleCode: simulator.Stale409, PatchAnswer: simulator.PatchNoContent},
		{ETag: simulator.ETagWeakMatched, StaleCode: simulator.Stale428, PatchAnswer: simulator.PatchMessage},
	} {
		t.Run(string(options.StaleCode), func(t *testing.T) {
			t.Parallel()
			options.Latency = 2 * time.Millisecond
			s := newSite(t, options)
			id := s.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "Shared", "customization": map[string]any{"text": ""}})
			rounds := 8
			if long {
				rounds = 40
			}
			var mu sync.Mutex
			var said []string // words whose write was told to have worked
			var conflicts atomic.Int64
			var group sync.WaitGroup
			for _, who := range []string{"one", "two"} {
				c := s.mustCore(t, func(config *tavus.Config) { config.RetryWait = time.Millisecond })
				if err := c.importID(id); err != nil {
					t.Fatal(err)
				}
				group.Go(func() {
					for n := range rounds {
						word := fmt.Sprintf("%s-%d,", who, n)
						// A conflict is told, and the next plan starts from what is there.
						for {
							err := c.say(word, who, n)
							if err == nil {
								break
							}
							if !strings.Contains(err.Error(), "Somebody changed the key /text of customization") {
								t.Error(err)
								return
							}
							conflicts.Add(1)
						}
						mu.Lock()
						said = append(said, word)
						mu.Unlock()
					}
				})
			}
			group.Go(func() {
				for n := range rounds * 3 {
					word := fmt.Sprintf("portal-%d,", n)
					s.Edit(id, func(doc map[string]any) {
						customization, _ := doc["customization"].(map[string]any)
						text, _ := customization["text"].(string)
						customization["text"] = text + word
						customization["portal"] = word
					})
					mu.Lock()
					said = append(said, word)
					mu.Unlock()
					time.Sleep(time.Duration(2+7*n%10) * time.Millisecond)
				}
			})
			group.Wait()
			doc, _ := s.Document(id)
			text, _ := lookup(doc, "customization", "text").(string)
			for _, word := range said {
				if !strings.Contains(","+text, ","+word) {
					t.Errorf("%s is lost", strings.TrimSuffix(word, ","))
				}
			}
			for _, key := range []string{"one", "two", "portal"} {
				if lookup(doc, "customization", key) == nil {
					t.Errorf("the key of %s is lost", key)
				}
			}
			if conflicts.Load() == 0 {
				t.Error("nobody met anybody")
			}
			t.Logf("%d edits, %d conflicts that were told", len(said), conflicts.Load())
		})
	}
}

// say adds a word to the text and writes a key of its own, from what a refresh shows.
func (c *core) say(word, who string, n int) error {
	if err := c.refresh(); err != nil {
		return err
	}
	text, ok := textOf(c.get("customization"))
	if !ok {
		return errors.New("the state has no text")
	}
	p, err := c.plan(args{"pal_id": pal, "channel": "widget", "customization": fmt.Sprintf(`{"text":%q,%q:%d}`, text+word, who, n)})
	if err != nil {
		return err
	}
	return c.apply(p)
}

// textOf takes the text out of a customization.
func textOf(customization string) (string, bool) {
	_, rest, found := strings.Cut(customization, `"text":"`)
	text, _, ended := strings.Cut(rest, `"`)
	return text, found && ended
}
