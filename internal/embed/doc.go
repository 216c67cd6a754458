// Package embed writes the HTML that shows a deployment on a page: the custom
// element, its script, and for an inline embed the container that gives it a
// size (docs.tavus.io/sections/deployments/widget and .../embed).
//
// It is pure: text in, text out, no Terraform and no network. Its promise is
// that the parsed page holds the elements and attribute values that were meant
// and nothing else, whatever the input is. Three rules keep it:
//
//   - a value that HTML can carry is escaped (escape.go), one that it cannot
//     carry is refused;
//   - a name of an attribute cannot be escaped, so it is checked against the
//     HTML standard, and event handlers are refused because they run code;
//   - what goes into CSS or into the address of the script has to match a
//     narrow pattern, because escaping for HTML does not help there.
//
// The fuzz test holds the promise against golang.org/x/net/html, a parser that
// shares nothing with this package.
package embed
