package advice

import (
	"maps"
	"slices"

	"github.com/agext/levenshtein"
)

// edits is the number of letters to insert, delete or replace to get from a to b.
func edits(a, b string) int { return levenshtein.Distance(a, b, nil) }

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
