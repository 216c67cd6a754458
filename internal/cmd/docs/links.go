package main

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// pages are the Markdown files of the project whose links are checked: those at
// the top, and everything under docs/.
func pages(root string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(filepath.Join(root, "docs"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(path) == ".md" {
			found = append(found, path)
		}
		return err
	})
	return found, err
}

// brokenLinks lists the links between the project's own files that lead nowhere:
// to a file that does not exist, or to a heading that its file does not have.
// Links to other sites are not followed. A page of docs/ may link to docs/ only,
// because the registries show nothing else.
func brokenLinks(root string) ([]string, error) {
	files, err := pages(root)
	if err != nil {
		return nil, err
	}
	var broken []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return nil, err
		}
		for _, link := range links(string(text)) {
			if why := whyBroken(root, file, link); why != "" {
				broken = append(broken, fmt.Sprintf("%s: the link %q %s", filepath.ToSlash(name), link, why))
			}
		}
	}
	return broken, nil
}

func whyBroken(root, file, link string) string {
	target, err := url.Parse(link)
	if err != nil {
		return "is no URL"
	}
	if target.IsAbs() || target.Host != "" {
		return ""
	}
	path := file
	if target.Path != "" {
		path = filepath.Join(filepath.Dir(file), filepath.FromSlash(target.Path))
	}
	docs := filepath.Join(root, "docs") + string(filepath.Separator)
	if strings.HasPrefix(file, docs) && !strings.HasPrefix(path, docs) {
		return "leaves docs/"
	}
	text, err := os.ReadFile(path)
	if err != nil {
		if info, err := os.Stat(path); err == nil && info.IsDir() && target.Fragment == "" {
			return ""
		}
		return "leads to no file"
	}
	if target.Fragment != "" && !slices.Contains(anchors(string(text)), target.Fragment) {
		return "leads to no heading of that file"
	}
	return ""
}

var (
	inlineLink = regexp.MustCompile(`\]\(([^()\s]+)(?:\s+"[^"]*")?\)`)
	codeSpan   = regexp.MustCompile("`[^`\n]*`")
	heading    = regexp.MustCompile(`^#{1,6}\s+(.*)$`)
	nested     = regexp.MustCompile(`<a id="([^"]+)"></a>`)
)

// prose is a page without its code, where a bracket is no link and a # no heading.
func prose(text string) []string {
	var out []string
	fence := ""
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		switch {
		case fence != "":
			if trimmed == fence {
				fence = ""
			}
		case strings.HasPrefix(trimmed, "```"):
			fence = "```"
		default:
			out = append(out, strings.TrimRight(line, "\r\n"))
		}
	}
	return out
}

func links(text string) []string {
	var out []string
	// A link may be broken over two lines, so all of the prose is one text here.
	plain := codeSpan.ReplaceAllString(strings.Join(prose(text), "\n"), "code")
	for _, match := range inlineLink.FindAllStringSubmatch(plain, -1) {
		out = append(out, match[1])
	}
	return out
}

// anchors are the fragments that a page has, made from its headings as GitHub and
// the registries make them.
func anchors(text string) []string {
	var out []string
	for _, line := range prose(text) {
		if match := nested.FindStringSubmatch(line); match != nil {
			out = append(out, match[1])
		}
		match := heading.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		out = append(out, strings.Map(func(r rune) rune {
			switch {
			case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
				return r
			case r == ' ':
				return '-'
			}
			return -1
		}, strings.ToLower(strings.TrimSpace(match[1]))))
	}
	return out
}
