package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Switch is one thing that the documentation leaves open.
type Switch struct {
	// Name is the name of the flag, in kebab case.
	Name string
	// Values are the positions. The first is that of the zero Options.
	Values []string
	// Doc is one line for a person.
	Doc string
	// Set moves the switch. The error names the positions.
	Set func(o *Options, value string) error
	// Get returns the position.
	Get func(o Options) string
}

func enum[T ~string](name, doc string, field func(*Options) *T, positions ...T) Switch {
	values := make([]string, 0, len(positions))
	for _, position := range positions {
		values = append(values, string(position))
	}
	return Switch{
		Name: name, Values: values, Doc: doc,
		Set: func(o *Options, value string) error {
			if !slices.Contains(values, value) {
				return fmt.Errorf("%s is %q, but it must be one of %s", name, value, strings.Join(values, ", "))
			}
			*field(o) = T(value)
			return nil
		},
		Get: func(o Options) string {
			if value := *field(&o); value != "" {
				return string(value)
			}
			return values[0]
		},
	}
}

// number is a switch that takes any number from 1 on; values are the
// positions that a test should try.
func number(name, doc string, field func(*Options) *int, effective func(Options) int, values ...string) Switch {
	return Switch{
		Name: name, Values: values, Doc: doc,
		Set: func(o *Options, value string) error {
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				return fmt.Errorf("%s is %q, but it must be a number from 1 on", name, value)
			}
			*field(o) = n
			return nil
		},
		Get: func(o Options) string { return strconv.Itoa(effective(o)) },
	}
}

// Switches lists every switch of [Options].
func Switches() []Switch {
	return slices.Concat(writeSwitches(), patchSwitches(), valueSwitches(), readSwitches())
}

func writeSwitches() []Switch {
	return []Switch{
		enum("status-after-create", "status of a new deployment",
			func(o *Options) *StatusAfterCreate { return &o.StatusAfterCreate }, CreatedActive, CreatedDraft, CreatedInactive),
		enum("create-code", "status code of a create",
			func(o *Options) *CreateCode { return &o.CreateCode }, Create200, Create201),
		enum("defaults", "whether a create puts the server's defaults under customization and limits",
			func(o *Options) *Defaults { return &o.Defaults }, DefaultsFilled, DefaultsNone),
		enum("duplicate-names", "whether two deployments may have one name",
			func(o *Options) *DuplicateNames { return &o.DuplicateNames }, DuplicateNamesAllowed, DuplicateNamesRefused),
		enum("etag-on-create", "whether the answer to a create has an ETag",
			func(o *Options) *ETagOnCreate { return &o.ETagOnCreate }, ETagOnCreateNo, ETagOnCreateYes),
	}
}

func patchSwitches() []Switch {
	return []Switch{
		enum("patch-answer", "answer to a PATCH that took effect",
			func(o *Options) *PatchAnswer { return &o.PatchAnswer },
			PatchDocument, PatchNoContent, PatchEmpty, PatchMessage, PatchNotModified),
		enum("unchanged", "answer to a PATCH that changes nothing: 304, or as patch-answer says",
			func(o *Options) *Unchanged { return &o.Unchanged }, UnchangedNotModified, UnchangedAnswer),
		enum("stale-code", "status code for an If-Match that does not match",
			func(o *Options) *StaleCode { return &o.StaleCode }, Stale412, Stale409, Stale428),
		enum("etag", "form of the ETag; a weak one never matches, weak-matched does",
			func(o *Options) *ETag { return &o.ETag }, ETagStrong, ETagWeak, ETagWeakMatched, ETagNone),
		enum("etag-moves", "what moves the ETag, other than a change",
			func(o *Options) *ETagMoves { return &o.ETagMoves }, ETagMovesNever, ETagMovesVisit, ETagMovesAlways),
		enum("read-only-patch", "operations on paths that only the server writes",
			func(o *Options) *ReadOnlyPatch { return &o.ReadOnlyPatch }, ReadOnlyPatchRefused, ReadOnlyPatchIgnored),
		enum("pal-patch", "operations on /pal_id",
			func(o *Options) *PalPatch { return &o.PalPatch }, PalPatchAccepted, PalPatchRefused, PalPatchIgnored),
		enum("status-patch", "operations on /status",
			func(o *Options) *StatusPatch { return &o.StatusPatch },
			StatusPatchAccepted, StatusPatchRefused, StatusPatchIgnored),
		enum("password-patch", "operations on /password",
			func(o *Options) *PasswordPatch { return &o.PasswordPatch },
			PasswordPatchAccepted, PasswordPatchRefused, PasswordPatchIgnored),
		enum("refill", "whether a removed key of customization or limits gets its default again",
			func(o *Options) *Refill { return &o.Refill }, RefillNone, RefillDefault),
	}
}

func valueSwitches() []Switch {
	return []Switch{
		enum("unset", "how settings that nobody set come back: {} and [], null, or not at all",
			func(o *Options) *Unset { return &o.Unset }, UnsetObject, UnsetNull, UnsetAbsent),
		enum("names", "whether names lose their punctuation",
			func(o *Options) *Names { return &o.Names }, NamesKept, NamesStripped),
		enum("colours", "whether #FFF becomes #ffffff",
			func(o *Options) *Colours { return &o.Colours }, ColoursKept, ColoursLowered),
		enum("origins", "whether origins become lower case and lose a trailing slash",
			func(o *Options) *Origins { return &o.Origins }, OriginsKept, OriginsLowered),
		enum("lists", "whether arrays keep their order",
			func(o *Options) *Lists { return &o.Lists }, ListsKept, ListsReordered),
		enum("numbers", "whether numbers are kept digit for digit, or as 64-bit floats",
			func(o *Options) *Numbers { return &o.Numbers }, NumbersKept, NumbersRounded),
		enum("nulls", "whether members that are null are kept",
			func(o *Options) *Nulls { return &o.Nulls }, NullsKept, NullsDropped),
		enum("empty-objects", "whether members that are {} are kept",
			func(o *Options) *EmptyObjects { return &o.EmptyObjects }, EmptyObjectsKept, EmptyObjectsDropped),
		enum("thumbnails", "where thumbnails come from",
			func(o *Options) *Thumbnails { return &o.Thumbnails },
			ThumbnailsFollow, ThumbnailsStay, ThumbnailsLate, ThumbnailsSigned),
	}
}

func readSwitches() []Switch {
	return []Switch{
		enum("usage", "whether the usage counters grow with each GET of a deployment",
			func(o *Options) *Usage { return &o.Usage }, UsageOn, UsageOff),
		enum("pages-from", "number of the first page of the deployments",
			func(o *Options) *PagesFrom { return &o.PagesFrom }, PagesFrom1, PagesFrom0),
		number("page-cap", "most items on one page of the deployments",
			func(o *Options) *int { return &o.PageCap }, Options.pageCap, "100", "3"),
		enum("list-shape", "form of the list of deployments",
			func(o *Options) *ListShape { return &o.ListShape }, ListWrapped, ListBare, ListNoTotal),
		enum("items", "how much of a deployment the list shows",
			func(o *Options) *Items { return &o.Items }, ItemsWhole, ItemsPartial),
		enum("errors", "form of errors",
			func(o *Options) *Errors { return &o.Errors }, ErrorsError, ErrorsMessage, ErrorsText, ErrorsHTML),
		enum("unknown-id", "status code for an id that does not exist",
			func(o *Options) *UnknownID { return &o.UnknownID }, Unknown404, Unknown400),
		enum("retry-after", "form of the Retry-After of a 429",
			func(o *Options) *RetryAfter { return &o.RetryAfter }, RetryAfterSeconds, RetryAfterDate, RetryAfterNone),
		enum("date", "whether answers have a Date header",
			func(o *Options) *Date { return &o.Date }, DateSent, DateAbsent),
	}
}
