package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

// dependsOnCLI are the tests whose outcome depends on the CLI: what core does with
// identity, imports, private state, write-only values, ignore_changes, unknown
// values, moved blocks, queries and exit codes, and the life of a whole
// configuration. What the others assert happens in the provider and over HTTP.
var dependsOnCLI = []string{
	"Team", "StateFixtures", "Import", "GenerateConfigOut", "IgnoreChanges", "SavedPlan", "Password",
	"EverythingUnknown", "ChannelReplaces", "WrongArguments", "Moved", "FromPalToPage", "QuerySteps",
}

// share is what one CLI runs.
type share struct {
	cli clitools.CLI
	o   options
}

// shares gives the most capable CLI all tests, and the others, in a short run,
// those that depend on the CLI.
func shares(clis []clitools.CLI, o options) []share {
	all := make([]share, 0, len(clis))
	if o.short && o.pattern == everyTest {
		clis = slices.SortedStableFunc(slices.Values(clis), func(a, b clitools.CLI) int {
			return cmp.Compare(features(b), features(a))
		})
	}
	for i, c := range clis {
		mine := o
		if i > 0 && o.short && o.pattern == everyTest {
			mine.pattern = everyTest + "(" + strings.Join(dependsOnCLI, "|") + ")"
		}
		all = append(all, share{c, mine})
	}
	return all
}

// features counts what a CLI can do.
func features(c clitools.CLI) int {
	n := 0
	for _, has := range []bool{c.HasIdentity(), c.HasQuery(), c.HasWriteOnly(), c.HasFunctions()} {
		if has {
			n++
		}
	}
	return n
}
