package main

import (
	"fmt"
	"os"
	"strings"
)

// A screen prints the story. Colours are ANSI escape codes (ECMA-48).
type screen struct {
	file     *os.File
	colour   bool
	chapters int
	checks   int  // that held
	inText   bool // the last line was not an empty one
}

const (
	reset  = "\x1b[0m"
	bold   = "\x1b[1m"
	dim    = "\x1b[2m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
)

// textWidth is where paragraphs are wrapped.
const textWidth = 80

// newScreen decides whether to use colours: on a terminal that can, and not
// against the wish of NO_COLOR (https://no-color.org).
func newScreen(file *os.File) *screen {
	info, err := file.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return &screen{
		file:   file,
		colour: terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
	}
}

func (s *screen) print(style, text string) {
	s.inText = text != ""
	if s.colour && style != "" {
		text = style + text + reset
	}
	// Nothing can be done about a screen that is gone; the signal for it ends
	// the story.
	_, _ = fmt.Fprintln(s.file, text)
}

// gap leaves an empty line, unless there is one.
func (s *screen) gap() {
	if s.inText {
		s.print("", "")
	}
}

func (s *screen) title(text string) {
	s.print(bold, text)
	s.print("", strings.Repeat("=", len(text)))
}

func (s *screen) chapter(text string) {
	s.chapters++
	s.gap()
	s.print(bold+cyan, fmt.Sprintf("%d. %s", s.chapters, text))
	s.gap()
}

// say prints a paragraph of the story.
func (s *screen) say(text string) {
	for _, line := range wrap(text, textWidth) {
		s.print("", line)
	}
	s.gap()
}

// note prints what goes on beside the story.
func (s *screen) note(format string, args ...any) {
	for _, line := range wrap(fmt.Sprintf(format, args...), textWidth) {
		s.print(dim, line)
	}
}

// command prints what is typed.
func (s *screen) command(text string) {
	s.gap()
	s.print(bold, "$ "+text)
}

// event prints what other people do.
func (s *screen) event(format string, args ...any) {
	s.print(yellow, "  > "+fmt.Sprintf(format, args...))
}

// check prints a promise that was kept. One that was not kept is the error that
// ends the story.
func (s *screen) check(held bool, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	if !held {
		return fmt.Errorf("this should be so, and is not: %s", text)
	}
	s.checks++
	s.print(green, "  ok: "+text)
	return nil
}

func (s *screen) done(format string, args ...any) {
	s.gap()
	s.print(bold+green, fmt.Sprintf(format, args...))
}

// wrap breaks a text into lines of at most width characters where it has spaces.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
