package provider

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// This file holds what the data sources and the list resource share.

// atOnce is how many deployments are read at the same time where a list shows
// only a part of each.
const atOnce = 8

// wholeDeployments turns the items of a list into whole documents, in the same
// order and as they arrive. What the list shows whole costs no request, a part
// costs one. A deployment that was deleted meanwhile is left out. After an error
// the sequence ends.
func wholeDeployments(ctx context.Context, client *tavus.Client, items iter.Seq2[*tavus.ListedDeployment, error]) iter.Seq2[*tavus.Deployment, error] {
	return func(yield func(*tavus.Deployment, error) bool) {
		var waiting []*tavus.ListedDeployment
		flush := func() bool {
			for _, read := range readAll(ctx, client, waiting) {
				if tavus.IsNotFound(read.err) {
					continue
				}
				if !yield(read.live, read.err) || read.err != nil {
					return false
				}
			}
			waiting = nil
			return true
		}
		for item, err := range items {
			switch {
			case err != nil:
				if flush() {
					yield(nil, err)
				}
				return
			case !item.Partial && len(waiting) == 0:
				if !yield(&item.Deployment, nil) {
					return
				}
			default:
				waiting = append(waiting, item)
				if len(waiting) == atOnce && !flush() {
					return
				}
			}
		}
		flush()
	}
}

type readResult struct {
	live *tavus.Deployment
	err  error
}

func readAll(ctx context.Context, client *tavus.Client, items []*tavus.ListedDeployment) []readResult {
	results := make([]readResult, len(items))
	var group sync.WaitGroup
	for i, item := range items {
		if !item.Partial {
			results[i].live = &item.Deployment
			continue
		}
		group.Go(func() {
			results[i].live, results[i].err = client.GetDeployment(ctx, item.DeploymentID)
		})
	}
	group.Wait()
	return results
}

// withChannel narrows a list to a channel, because the API has no such filter. An
// item that does not show its channel is read.
func withChannel(ctx context.Context, client *tavus.Client, items iter.Seq2[*tavus.ListedDeployment, error], channel string) iter.Seq2[*tavus.ListedDeployment, error] {
	if channel == "" {
		return items
	}
	return func(yield func(*tavus.ListedDeployment, error) bool) {
		for item, err := range items {
			if err == nil && item.Partial && item.Channel == "" {
				var live *tavus.Deployment
				live, err = client.GetDeployment(ctx, item.DeploymentID)
				if tavus.IsNotFound(err) {
					continue
				}
				if err == nil {
					item = &tavus.ListedDeployment{Deployment: *live}
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if item.Channel == channel && !yield(item, nil) {
				return
			}
		}
	}
}

// byAge orders objects for a list that does not change its order from one read
// to the next: the oldest first, so that a new one comes last.
func byAge(createdA, idA, createdB, idB string) int {
	a, _ := time.Parse(time.RFC3339, createdA)
	b, _ := time.Parse(time.RFC3339, createdB)
	return cmp.Or(a.Compare(b), cmp.Compare(idA, idB))
}

// withoutPunctuation is what is left of a name when a server takes the
// punctuation away, whether it puts a space in its place or nothing.
func withoutPunctuation(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, name)
}

// alike reports whether two names differ in punctuation and white space only.
func alike(a, b string) bool {
	a, b = withoutPunctuation(a), withoutPunctuation(b)
	return a != "" && a == b
}

// maxNamed bounds how many ids stand in one message.
const maxNamed = 20

// enumerate writes ids for a message.
func enumerate(ids []string) string {
	if len(ids) <= maxNamed {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:maxNamed], ", "), len(ids)-maxNamed)
}
