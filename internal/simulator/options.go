package simulator

import (
	"maps"
	"time"
)

// Options says how a simulator behaves. The zero value is the documented
// behaviour of the API at docs.tavus.io; where the documentation is silent it
// is the most likely one. Every field from StatusAfterCreate on is a switch:
// it stands for one thing that the documentation leaves open, and [Switches]
// lists its positions. An empty string is the first position.
type Options struct {
	// Keys maps an API key to the name of its account. Empty: every key that
	// is not empty is accepted. The first one that is seen belongs to
	// [DefaultAccount], and each other one has an account of its own.
	Keys map[string]string
	// Forbidden answers 403 to every request that needs a key, as for a key
	// that is bound to other IP addresses.
	Forbidden bool
	// RatePerSecond is a token bucket over all requests; its burst is what one
	// second allows, at least 1. Above it the answer is 429. 0: no limit.
	RatePerSecond float64
	// Latency is added to every answer.
	Latency time.Duration
	// Seed makes the ids of deployments repeat from run to run. 0: random.
	Seed uint64
	// Clock gives the server's time, for created_at, updated_at and the Date
	// header. nil: time.Now.
	Clock func() time.Time
	// Portal serves the control API under /_simulator/.
	Portal bool
	// ThumbnailReads is how many GETs of a deployment answer without
	// thumbnails when Thumbnails is "late". 0: 2.
	ThumbnailReads int
	// PageCap is the most items that one page of a list holds, whatever limit
	// asks for. 0: 100.
	PageCap int

	StatusAfterCreate StatusAfterCreate
	Defaults          Defaults
	Unset             Unset
	PatchAnswer       PatchAnswer
	Unchanged         Unchanged
	StaleCode         StaleCode
	ETag              ETag
	ETagMoves         ETagMoves
	ETagOnCreate      ETagOnCreate
	ReadOnlyPatch     ReadOnlyPatch
	PalPatch          PalPatch
	StatusPatch       StatusPatch
	PasswordPatch     PasswordPatch
	Names             Names
	Colours           Colours
	Origins           Origins
	Lists             Lists
	Numbers           Numbers
	Nulls             Nulls
	EmptyObjects      EmptyObjects
	Thumbnails        Thumbnails
	PagesFrom         PagesFrom
	ListShape         ListShape
	Items             Items
	Errors            Errors
	UnknownID         UnknownID
	Refill            Refill
	DuplicateNames    DuplicateNames
	CreateCode        CreateCode
	Usage             Usage
	RetryAfter        RetryAfter
	Date              Date
}

// DefaultAccount is the account that [Simulator.Put] and [Simulator.IDs] work
// on when [Options.Keys] does not say otherwise.
const DefaultAccount = "default"

// StatusAfterCreate is the status of a new deployment.
type StatusAfterCreate string

// Positions of StatusAfterCreate.
const (
	CreatedActive   StatusAfterCreate = "active"
	CreatedDraft    StatusAfterCreate = "draft"
	CreatedInactive StatusAfterCreate = "inactive"
)

// Defaults says whether a create puts the server's own settings under the
// ones that were sent in customization and limits.
type Defaults string

// Positions of Defaults.
const (
	DefaultsFilled Defaults = "filled"
	DefaultsNone   Defaults = "none"
)

// Unset is how a setting that nobody set comes back: customization, limits,
// allowed_origins and name.
type Unset string

// Positions of Unset.
const (
	UnsetObject Unset = "object" // {} and [], and null for the name
	UnsetNull   Unset = "null"
	UnsetAbsent Unset = "absent"
)

// PatchAnswer is what a PATCH that took effect answers.
type PatchAnswer string

// Positions of PatchAnswer.
const (
	PatchDocument    PatchAnswer = "document"
	PatchNoContent   PatchAnswer = "no-content" // 204
	PatchEmpty       PatchAnswer = "empty"      // 200 without a body
	PatchMessage     PatchAnswer = "message"    // 200 {"message": "…"}
	PatchNotModified PatchAnswer = "304"        // 304, although something changed
)

// Unchanged is what a PATCH that changes nothing answers.
type Unchanged string

// Positions of Unchanged.
const (
	UnchangedNotModified Unchanged = "304"
	UnchangedAnswer      Unchanged = "answer" // the same as for a PATCH that took effect
)

// StaleCode is the answer to an If-Match that does not match.
type StaleCode string

// Positions of StaleCode.
const (
	Stale412 StaleCode = "412"
	Stale409 StaleCode = "409"
	Stale428 StaleCode = "428"
)

// ETag is the form of the entity tag of a GET (RFC 9110, section 8.8.3).
type ETag string

// Positions of ETag.
const (
	ETagStrong      ETag = "strong"
	ETagWeak        ETag = "weak"         // If-Match compares strongly, so it never matches
	ETagWeakMatched ETag = "weak-matched" // If-Match takes the weak tag
	ETagNone        ETag = "none"         // no tag, and If-Match is not looked at
)

// ETagMoves says what moves the entity tag, other than a change.
type ETagMoves string

// Positions of ETagMoves.
const (
	ETagMovesNever  ETagMoves = "never"
	ETagMovesVisit  ETagMoves = "visit"  // the usage counters are part of it
	ETagMovesAlways ETagMoves = "always" // stale as soon as it is handed out
)

// ETagOnCreate says whether the answer to a create carries an ETag.
type ETagOnCreate string

// Positions of ETagOnCreate.
const (
	ETagOnCreateNo  ETagOnCreate = "no"
	ETagOnCreateYes ETagOnCreate = "yes"
)

// ReadOnlyPatch is what becomes of an operation on a path that only the
// server writes, such as /created_at.
type ReadOnlyPatch string

// Positions of ReadOnlyPatch.
const (
	ReadOnlyPatchRefused ReadOnlyPatch = "refused"
	ReadOnlyPatchIgnored ReadOnlyPatch = "ignored"
)

// PalPatch is what becomes of an operation on /pal_id.
type PalPatch string

// Positions of PalPatch.
const (
	PalPatchAccepted PalPatch = "accepted"
	PalPatchRefused  PalPatch = "refused"
	PalPatchIgnored  PalPatch = "ignored"
)

// StatusPatch is what becomes of an operation on /status.
type StatusPatch string

// Positions of StatusPatch.
const (
	StatusPatchAccepted StatusPatch = "accepted"
	StatusPatchRefused  StatusPatch = "refused"
	StatusPatchIgnored  StatusPatch = "ignored"
)

// PasswordPatch is what becomes of an operation on /password.
type PasswordPatch string

// Positions of PasswordPatch.
const (
	PasswordPatchAccepted PasswordPatch = "accepted"
	PasswordPatchRefused  PasswordPatch = "refused"
	PasswordPatchIgnored  PasswordPatch = "ignored"
)

// Names says what the server does to a name.
type Names string

// Positions of Names.
const (
	NamesKept     Names = "kept"
	NamesStripped Names = "stripped" // only letters, digits and single spaces stay
)

// Colours says what the server does to colours such as #FFF in customization.
type Colours string

// Positions of Colours.
const (
	ColoursKept    Colours = "kept"
	ColoursLowered Colours = "lowered" // #FFF becomes #ffffff
)

// Origins says what the server does to allowed_origins.
type Origins string

// Positions of Origins.
const (
	OriginsKept    Origins = "kept"
	OriginsLowered Origins = "lowered" // lower case, without a trailing slash
)

// Lists says whether arrays keep their order.
type Lists string

// Positions of Lists.
const (
	ListsKept      Lists = "kept"
	ListsReordered Lists = "reordered" // sorted by their JSON text, descending
)

// Numbers says how numbers in customization and limits are kept.
type Numbers string

// Positions of Numbers.
const (
	NumbersKept    Numbers = "kept"    // digit for digit
	NumbersRounded Numbers = "rounded" // as a 64-bit float, the way JavaScript does
)

// Nulls says whether members with the value null are kept in customization
// and limits.
type Nulls string

// Positions of Nulls.
const (
	NullsKept    Nulls = "kept"
	NullsDropped Nulls = "dropped"
)

// EmptyObjects says whether members with the value {} are kept in
// customization and limits.
type EmptyObjects string

// Positions of EmptyObjects.
const (
	EmptyObjectsKept    EmptyObjects = "kept"
	EmptyObjectsDropped EmptyObjects = "dropped"
)

// Thumbnails says where the thumbnail URLs come from.
type Thumbnails string

// Positions of Thumbnails.
const (
	ThumbnailsFollow Thumbnails = "follow" // they are the PAL's, also after a change of pal_id
	ThumbnailsStay   Thumbnails = "stay"   // they stay those of the first PAL
	ThumbnailsLate   Thumbnails = "late"   // null for the first reads after a create or a new PAL
	ThumbnailsSigned Thumbnails = "signed" // with another query in every answer
)

// PagesFrom is the number of the first page of the list of deployments.
type PagesFrom string

// Positions of PagesFrom.
const (
	PagesFrom1 PagesFrom = "1"
	PagesFrom0 PagesFrom = "0"
)

// ListShape is the form of the list of deployments.
type ListShape string

// Positions of ListShape.
const (
	ListWrapped ListShape = "wrapped"  // {"data": […], "total_count": n}
	ListBare    ListShape = "bare"     // […]
	ListNoTotal ListShape = "no-total" // {"data": […]}
)

// Items says how much of a deployment the list shows.
type Items string

// Positions of Items.
const (
	ItemsWhole   Items = "whole"
	ItemsPartial Items = "partial" // deployment_id, name, pal_id, channel, status, created_at
)

// Errors is the form of an error's body.
type Errors string

// Positions of Errors.
const (
	ErrorsError   Errors = "error"   // {"error": "…"}, and {"message": "…"} where that is documented
	ErrorsMessage Errors = "message" // {"message": "…"}
	ErrorsText    Errors = "text"
	ErrorsHTML    Errors = "html"
)

// UnknownID is the answer to an id that does not exist.
type UnknownID string

// Positions of UnknownID.
const (
	Unknown404 UnknownID = "404"
	Unknown400 UnknownID = "400"
)

// Refill says what becomes of a key that a PATCH removes from customization
// or limits and that the server has a default for.
type Refill string

// Positions of Refill.
const (
	RefillNone    Refill = "none"
	RefillDefault Refill = "default" // the default comes back
)

// DuplicateNames says whether two deployments of one account may have the
// same name.
type DuplicateNames string

// Positions of DuplicateNames.
const (
	DuplicateNamesAllowed DuplicateNames = "allowed"
	DuplicateNamesRefused DuplicateNames = "refused" // 409
)

// CreateCode is the status code of a create.
type CreateCode string

// Positions of CreateCode.
const (
	Create200 CreateCode = "200"
	Create201 CreateCode = "201"
)

// Usage says whether the usage counters grow with each GET of a deployment.
type Usage string

// Positions of Usage.
const (
	UsageOn  Usage = "on"
	UsageOff Usage = "off"
)

// RetryAfter is the form of the Retry-After header of a 429 from
// [Options.RatePerSecond] (RFC 9110, section 10.2.3).
type RetryAfter string

// Positions of RetryAfter.
const (
	RetryAfterSeconds RetryAfter = "seconds"
	RetryAfterDate    RetryAfter = "date"
	RetryAfterNone    RetryAfter = "none"
)

// Date says whether answers carry a Date header.
type Date string

// Positions of Date.
const (
	DateSent   Date = "sent"
	DateAbsent Date = "absent"
)

func (o Options) clone() Options {
	o.Keys = maps.Clone(o.Keys)
	return o
}

func (o Options) pageCap() int {
	if o.PageCap <= 0 {
		return 100
	}
	return o.PageCap
}

func (o Options) thumbnailReads() int {
	if o.ThumbnailReads <= 0 {
		return 2
	}
	return o.ThumbnailReads
}
