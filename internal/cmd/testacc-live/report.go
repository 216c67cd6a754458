package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// finding is what the API does about one thing that its documentation leaves
// open. position is that of the simulator's switch which does the same; empty:
// the question is open, or no position is like it. Then words say why.
type finding struct {
	position string
	words    string
	// strange says that the API does what no position of the switch does.
	strange bool
}

// findings are by the name of the switch.
type findings map[string]finding

func (f findings) settle(name, position, words string) {
	f[name] = finding{position: position, words: words}
}

func (f findings) strange(name, words string) {
	f[name] = finding{words: words, strange: true}
}

// open says why a question stays open, unless it has been answered.
func (f findings) open(name, words string) {
	if _, has := f[name]; !has {
		f[name] = finding{words: words}
	}
}

// report is the text for a person: a line for each switch, then the flags that
// make a simulator of this API.
func (f findings) report(requests int) string {
	var text strings.Builder
	settled := 0
	var flags, open, strange []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		switch found := f[name]; {
		case found.strange:
			strange = append(strange, fmt.Sprintf("  %-20s %s", name, found.words))
		case found.position == "":
			open = append(open, fmt.Sprintf("  %-20s %s", name, found.words))
		default:
			settled++
			flags = append(flags, "-"+name+"="+found.position)
			fmt.Fprintf(&text, "  %-20s %-14s %s\n", name, found.position, found.words)
		}
	}
	head := fmt.Sprintf("\nSettled: %d of %d, with %d requests. Switch of the simulator, its position, what was seen:\n",
		settled, len(f), requests)
	out := head + text.String()
	if len(strange) > 0 {
		out += "\nNOT LIKE ANY POSITION OF THE SWITCH. Please report this; the simulator needs one more:\n" + strings.Join(strange, "\n") + "\n"
	}
	if len(open) > 0 {
		out += "\nOPEN:\n" + strings.Join(open, "\n") + "\n"
	}
	return out + "\nA simulator of this API:\n  tavus-simulator " + strings.Join(flags, " ") + "\n"
}
