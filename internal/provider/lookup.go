package provider

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"golang.org/x/text/unicode/norm"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// item is an object of a list, read as a document.
type item struct {
	id       string
	document *ownership.Document
}

func (i *item) text(pointer string) string {
	value, _ := i.document.At(pointer)
	s, _ := value.(string)
	return s
}

// items lists the objects that fit all filters. What the list shows in part is read
// whole where whole is set, or where a filter needs a member that the list does not show.
func (k *kind) items(ctx context.Context, client *tavus.Client, filters values, whole bool, size int64) iter.Seq2[*item, error] {
	query := url.Values{}
	if size > 0 {
		query.Set("limit", strconv.FormatInt(min(size, 100), 10))
	}
	for i := range k.filters {
		if f := &k.filters[i]; f.query != "" && filters.isSet(f.name) {
			query.Set(f.query, filters.text(f.name))
		}
	}
	return func(yield func(*item, error) bool) {
		seen := map[string]bool{}
		for _, query := range k.queries(query) {
			for object, err := range client.List(ctx, k.api, query) {
				var one *item
				if err == nil {
					one, err = k.listed(ctx, client, object, filters, whole)
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if one == nil || seen[one.id] || !k.fits(one, filters, false) {
					continue
				}
				seen[one.id] = true
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}

// queries are the lists that have to be read to see all objects that fit a query.
func (k *kind) queries(query url.Values) []url.Values {
	for i := range k.filters {
		f := &k.filters[i]
		if !f.split || query.Has(f.query) {
			continue
		}
		var all []url.Values
		for _, word := range f.oneOf {
			one := maps.Clone(query)
			one.Set(f.query, word)
			all = append(all, one)
		}
		return all
	}
	return []url.Values{query}
}

// listed returns nil for an object that was deleted while the list was read.
func (k *kind) listed(ctx context.Context, client *tavus.Client, object *tavus.Object, filters values, whole bool) (*item, error) {
	document, err := k.parse(object.Document, nil)
	if err != nil {
		return nil, err
	}
	if k.isWhole(document, filters, whole) {
		return &item{object.ID, document}, nil
	}
	object, err = client.Get(ctx, k.api, object.ID)
	if tavus.IsGone(err) {
		return nil, nil //nolint:nilnil // The object is gone, which is no error in a list.
	}
	if err != nil {
		return nil, err
	}
	return k.whole(object)
}

func (k *kind) whole(object *tavus.Object) (*item, error) {
	document, err := k.parse(object.Document, nil)
	return &item{object.ID, document}, err
}

func (k *kind) isWhole(document *ownership.Document, filters values, whole bool) bool {
	if whole {
		return k.hasMarker(document)
	}
	for i := range k.filters {
		if f := &k.filters[i]; f.query == "" && filters.isSet(f.name) {
			if _, found := document.At(f.at); !found {
				return k.hasMarker(document)
			}
		}
	}
	return true
}

// hasMarker reports whether the document has the member that a shortened item of a list
// lacks.
func (k *kind) hasMarker(document *ownership.Document) bool {
	if k.wholeAt == "" {
		return true
	}
	_, found := document.At(k.wholeAt)
	return found
}

// fits applies the filters that the API does not apply. narrowing: it applied none, as where the
// whole list is read for a name.
func (k *kind) fits(one *item, filters values, narrowing bool) bool {
	for i := range k.filters {
		f := &k.filters[i]
		if (f.query == "" || narrowing && f.narrows) && filters.isSet(f.name) && !f.matches(one.text(f.at), filters.text(f.name)) {
			return false
		}
	}
	return true
}

func (f *filter) matches(have, want string) bool {
	if f.part {
		return strings.Contains(strings.ToLower(have), strings.ToLower(want))
	}
	return have == want
}

// nameAt is the pointer of the member that holds the name.
func (k *kind) nameAt() string {
	for _, f := range k.shownFields() {
		if f.name == "name" {
			return f.pointer()
		}
	}
	return "/name"
}

// byName returns the one object with a name, or nil after an error. Errors name ids and
// not the name, which the user may have marked as sensitive. The whole list is looked
// at: how the server's own search compares is not documented.
func (k *kind) byName(ctx context.Context, client *tavus.Client, filters values, diags *diag.Diagnostics) *item {
	want := norm.NFC.String(filters.text("name"))
	var exact, similar, others []*item // others have the name, and do not fit a filter
	for one, err := range k.items(ctx, client, nil, false, 0) {
		if err != nil {
			explain(diags, k, "look for the "+k.api.Noun, err)
			return nil
		}
		got := norm.NFC.String(one.text(k.nameAt()))
		switch fits := k.fits(one, filters, true); {
		case got == want && !fits:
			others = append(others, one)
		case got == want:
			exact = append(exact, one)
		case fits && sameIgnoringPunctuation(got, want):
			similar = append(similar, one)
		}
	}
	if len(exact) == 0 && k.looseNames {
		exact, similar = similar, nil
	}
	return k.only(exact, similar, others, diags)
}

func (k *kind) only(found, similar, others []*item, diags *diag.Diagnostics) *item {
	none := "No such " + k.api.Noun
	switch {
	case len(found) == 1:
		return found[0]
	case len(found) > 1:
		diags.AddAttributeError(path.Root("name"), fmt.Sprintf("Several %s have this name", k.plural),
			fmt.Sprintf("%d %s fit: %s. Write the %s of the one that is meant.", len(found), k.plural, enumerate(ids(found)), k.id()))
	case len(others) > 0:
		diags.AddAttributeError(path.Root("name"), none,
			fmt.Sprintf("Objects with this name are there, but the other arguments do not fit them: %s.", enumerate(ids(others))))
	case len(similar) > 0:
		diags.AddAttributeError(path.Root("name"), none,
			fmt.Sprintf("No %s has exactly this name. The names of these differ in punctuation or white space only, which the server may have "+
				"taken away: %s. Write the name as the Tavus portal shows it, or the %s.", k.api.Noun, enumerate(ids(similar)), k.id()))
	default:
		diags.AddAttributeError(path.Root("name"), none,
			fmt.Sprintf("No %s of the account has this name. Write it as the Tavus portal shows it; upper and lower case count. A key of another "+
				"account shows other objects.", k.api.Noun))
	}
	return nil
}

// nameTaken adds to the refusal of a create which object has the name already, and how to
// manage that one.
func (k *kind) nameTaken(ctx context.Context, client *tavus.Client, name string, err error) error {
	if tavus.ReasonOf(err) != tavus.Conflict || name == "" {
		return err
	}
	for one, listErr := range k.items(ctx, client, nil, false, 0) {
		if listErr != nil {
			return err
		}
		if one.text(k.nameAt()) == name {
			return fmt.Errorf("%w; the %s %s has this name already: to manage it, import it with terraform import ADDRESS '%s', where ADDRESS "+
				"is the address beside this error", err, k.api.Noun, one.id, one.id)
		}
	}
	return err
}

func ids(items []*item) []string {
	all := make([]string, len(items))
	for i, one := range items {
		all[i] = one.id
	}
	return all
}

// maxNamed bounds how many ids one message holds.
const maxNamed = 10

func enumerate(ids []string) string {
	if len(ids) <= maxNamed {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:maxNamed], ", "), len(ids)-maxNamed)
}

// sorted orders objects by age, so that a list does not change its order from one read to the
// next, and a new object comes last.
func sorted(items []*item) []*item {
	slices.SortFunc(items, func(a, b *item) int {
		return cmp.Or(createdAt(a).Compare(createdAt(b)), cmp.Compare(a.id, b.id))
	})
	return items
}

func createdAt(i *item) time.Time {
	text := i.text("/created_at")
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, _ = time.Parse("2006-01-02T15:04:05", text) // tools have times without a zone
	}
	return at
}

// sameIgnoringPunctuation reports whether two names differ in punctuation and white space
// only, which servers take away.
func sameIgnoringPunctuation(a, b string) bool {
	a, b = lettersAndDigits(a), lettersAndDigits(b)
	return a != "" && a == b
}

func lettersAndDigits(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, name)
}
