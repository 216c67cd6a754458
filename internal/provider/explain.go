package provider

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// explain says what failed, on which object, what the server said, and what to do next.
// Where the server names an argument in a structured body, the error is there.
func explain(diags *diag.Diagnostics, k *kind, doing string, err error) {
	explainRequest(diags, k, doing, "", err)
}

// explainRequest is explain for a write. A refusal that names no argument is about only, the one
// argument that was sent, if there is one.
func explainRequest(diags *diag.Diagnostics, k *kind, doing, only string, err error) {
	summary := "Cannot " + doing
	detail := sentence(err.Error())
	if advice := advise(k, err); advice != "" {
		detail += "\n\n" + advice
	}
	argument := ""
	failure, _ := errors.AsType[*tavus.Error](err)
	switch {
	case failure != nil && failure.Field != "":
		argument = k.attributeNamed(failure.Field)
	case isRefusal(err):
		argument = only
	}
	if argument != "" {
		summary += ": " + argument
	}
	k.addErrorAt(diags, argument, summary, detail)
}

// addErrorAt adds an error at an argument. One that a secret can be in has none: Terraform prints its source.
func (k *kind) addErrorAt(diags *diag.Diagnostics, argument, summary, detail string) {
	f := k.field(argument)
	if argument == "" || f != nil && len(appendSecrets(nil, []field{*f})) > 0 {
		diags.AddError(summary, detail)
		return
	}
	diags.AddAttributeError(path.Root(argument), summary, detail)
}

// attributeNamed finds the attribute for a field of a server's error, such as "name",
// "/name" or "body.name".
func (k *kind) attributeNamed(field string) string {
	if field == k.parent {
		return field
	}
	pointer := "/" + strings.TrimPrefix(strings.ReplaceAll(strings.TrimPrefix(field, "body."), ".", "/"), "/")
	return k.attributeAt(pointer)
}

var nextSteps = map[tavus.Reason]string{
	tavus.Auth: "Check the API key: the provider's argument api_key, or the environment variable " + envAPIKey + ". A key can be " +
		"bound to IP addresses, so a key that works on one machine can be refused on another.",
	tavus.WrongAddress: "Check the provider's base_url: the server there does not seem to be the Tavus API. The state keeps the object. " +
		"If it really is gone, take it out with terraform state rm.",
	tavus.Doubtful: "It is not certain that the object is gone, so the state keeps it. Try again. If it really is gone, take " +
		"it out with terraform state rm.",
	tavus.RateLimited:  "The account is over its rate limit. Apply again later, or with a lower -parallelism.",
	tavus.LimitReached: "This limit does not pass within minutes. Delete what is not needed any more, or ask Tavus for a higher limit.",
	tavus.Busy:         "The server was busy with other requests for the whole time. Apply again later, or set timeouts to wait longer.",
	tavus.Server:       "The server has a problem of its own. Apply again later; what was not done yet will be planned again.",
	tavus.Certificate: "Nothing was sent. If a proxy of your company opens TLS connections, its CA has to be trusted: by the system, or on " +
		"Linux in a file that SSL_CERT_FILE names. Otherwise check the provider's base_url.",
	tavus.Network: "The server could not be reached, or did not answer. Check the network, a proxy (HTTPS_PROXY) and the provider's " +
		"base_url, and try again.",
}

func advise(k *kind, err error) string {
	if tavus.IsGone(err) {
		return fmt.Sprintf("The server does not know the %s. A key of another account looks the same.", k.api.Noun)
	}
	return nextSteps[tavus.ReasonOf(err)]
}

// explainCreate says of a create of unknown outcome how to find what it may have made, and of one that
// would overwrite an object how to manage that one.
func explainCreate(diags *diag.Diagnostics, w *write, err error) {
	k, noun := w.kind, w.kind.api.Noun
	failure, ok := errors.AsType[*tavus.Error](err)
	switch {
	case ok && failure.Reason == tavus.Exists:
		diags.AddError(fmt.Sprintf("Cannot create the %s: it is there already", noun),
			fmt.Sprintf("Creating the %s would overwrite what is there. Nothing was written. To manage it, import it before you apply again; ADDRESS is "+
				"the address beside this error:\n%s", k.title(k.address(w.plan, failure.Candidates[0])), w.imports(failure.Candidates)))
		return
	case !ok || failure.Reason != tavus.OutcomeUnknown:
		explainRequest(diags, k, "create the "+noun, w.onlyArgument(), err)
		return
	}
	detail := sentence(err.Error())
	switch {
	case len(failure.Candidates) > 0:
		detail += fmt.Sprintf("\n\nThis apply may have made one of these, which the provider cannot tell: %s. Look at them in the Tavus "+
			"portal. If one is the new %s, import it before you apply again; ADDRESS is the address beside this error:\n%s",
			strings.Join(failure.Candidates, ", "), noun, w.imports(failure.Candidates))
		if len(k.api.FoundBy) > 0 {
			detail += "\n\nA name that is unique in the account lets the provider find a lost " + noun + " again by itself."
		}
	case failure.Searched:
		detail += fmt.Sprintf("\n\nThe new %s was not found so far, but it can still turn up. Before you apply again, look in the Tavus "+
			"portal for one that Terraform does not know, and import or delete it.", noun)
	default:
		detail += fmt.Sprintf("\n\nBefore you apply again, look in the Tavus portal for a %s that Terraform does not know, and import or delete it.", noun)
	}
	diags.AddError(fmt.Sprintf("Cannot tell whether the %s was created", noun), detail)
}

func addRefusedCreate(diags *diag.Diagnostics, k *kind, argument, advice string, err error) {
	diags.AddAttributeError(path.Root(argument), fmt.Sprintf("Cannot create the %s: %s", k.api.Noun, argument), sentence(err.Error())+"\n\n"+advice)
}

// imports are the commands that import objects.
func (w *write) imports(ids []string) string {
	var commands strings.Builder
	for _, id := range ids {
		fmt.Fprintf(&commands, "\n  terraform import ADDRESS '%s'", strings.ReplaceAll(w.kind.address(w.plan, id), "'", `'\''`))
	}
	return commands.String()
}

// addCreateProblem reports a new object that is not as planned. outcome says what became
// of it.
func addCreateProblem(diags *diag.Diagnostics, k *kind, problem error, outcome string) {
	summary := fmt.Sprintf("Cannot create the %s as planned", k.api.Noun)
	detail := sentence(problem.Error()) + " " + outcome
	if advice := advise(k, problem); advice != "" {
		detail += "\n\n" + advice
	}
	var create *createError
	if errors.As(problem, &create) && create.argument != "" {
		diags.AddAttributeError(path.Root(create.argument), summary, detail)
		return
	}
	diags.AddError(summary, detail)
}

func explainUpdate(diags *diag.Diagnostics, w *write, id string, err error) {
	summary := "Cannot update " + w.kind.title(id)
	var conflict *ownership.ConflictError
	if errors.As(err, &conflict) {
		addConflict(diags, w.kind, summary, conflict)
		return
	}
	if tavus.IsGone(err) {
		diags.AddError(summary, fmt.Sprintf("The %s was deleted outside Terraform after the state was read. Plan again: the new plan creates it "+
			"anew. A key of another account looks the same.", w.kind.api.Noun))
		return
	}
	if o := w.kind.overrule; o.isAbout(err) {
		diags.AddAttributeError(path.Root(o.argument), summary+": unpublished edits", sentence(err.Error())+"\n\n"+o.advice(w.plan))
		return
	}
	if isRefusal(err) {
		err = &refusal{err, w.sentArguments(), w.keepsSecret()}
	}
	explainRequest(diags, w.kind, strings.TrimPrefix(summary, "Cannot "), w.onlyArgument(), err)
}

func isRefusal(err error) bool {
	reason := tavus.ReasonOf(err)
	return reason == tavus.Refused || reason == tavus.Conflict
}

// refusal adds to an error what the request was about.
type refusal struct {
	error
	arguments []string
	kept      *secret
}

func (r *refusal) Unwrap() error { return r.error }

func (r *refusal) Error() string {
	if len(r.arguments) == 0 {
		return r.error.Error()
	}
	said := sentence(r.error.Error()) + " The request was to change " + strings.Join(r.arguments, ", ")
	if r.kept != nil {
		said += fmt.Sprintf(". %s_wo was not sent, because its version is the same. If the server asks for it, change %s", r.kept.label(), r.kept.version())
	}
	return said
}

func (w *write) sentArguments() []string {
	var names []string
	for _, operation := range w.sent {
		if name := w.kind.attributeAt(operation.Path); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// onlyArgument is the argument that a write is about, "" where it is about several or about a secret.
func (w *write) onlyArgument() string {
	names := w.sentArguments()
	for i := range w.kind.fields { // a create sends them all
		if f := &w.kind.fields[i]; w.state == nil && f.isSent() && known(w.plan[f.name]) && f.pointer() != "/"+w.kind.api.ID {
			names = append(names, f.name)
		}
	}
	if len(names) != 1 || w.kind.field(names[0]) == nil {
		return ""
	}
	return names[0]
}

// addConflict gives one error for each argument and each way out.
func addConflict(diags *diag.Diagnostics, k *kind, summary string, conflict *ownership.ConflictError) {
	changed := slices.DeleteFunc(slices.Clone(conflict.Pointers), func(p string) bool { return slices.Contains(conflict.Unseen, p) })
	for _, one := range []struct {
		pointers []string
		text     string
	}{
		{changed, "Somebody changed %s on the server after the state was read, and this plan changes it too. Nothing was written. " +
			"Plan again: the new plan shows both values, and you can decide which one stays."},
		{conflict.Unseen, "The server holds %s, which Terraform did not write and the state does not show, and this plan would put another " +
			"kind of value there. Nothing was written. Remove what is there in the Tavus portal, or write it into the " +
			"configuration and apply once, so that a plan can show that it goes."},
	} {
		keys := map[string][]string{}
		for _, pointer := range one.pointers {
			argument := k.attributeAt(pointer)
			keys[argument] = append(keys[argument], pointer)
		}
		for _, argument := range sortedKeys(keys) {
			what := argument
			if f := k.field(argument); f != nil && f.value == jsonObject {
				noun := "the key"
				if len(keys[argument]) > 1 {
					noun = "the keys"
				}
				what = fmt.Sprintf("%s %s of %s", noun, keysOf(f, keys[argument]), argument)
			}
			k.addErrorAt(diags, argument, summary+": "+argument, fmt.Sprintf(one.text, what))
		}
	}
}

func addRefusedSilently(diags *diag.Diagnostics, k *kind, id, argument, advice string) {
	diags.AddAttributeError(path.Root(argument), fmt.Sprintf("%s %s: the server did not take the change", k.title(id), argument),
		sentence(fmt.Sprintf("The server answered without an error, but %s still has the old %s. %s", k.title(id), argument, advice)))
}

func addMissing(diags *diag.Diagnostics, k *kind, id string) {
	diags.AddError("No such "+k.api.Noun, strings.TrimSpace(fmt.Sprintf("The account of the provider's API key has no %s %s. Check the ID, and "+
		"whether the key belongs to the account that has it. %s", k.api.Noun, id, k.importHint)))
}

func addInvalid(diags *diag.Diagnostics, at path.Path, f *field, err error) {
	if f.value == jsonObject || f.value == jsonValue {
		diags.AddAttributeError(at, "Not a JSON object",
			fmt.Sprintf("%s must be a JSON object, as jsonencode({...}) writes it. %s", at, sentence(err.Error())))
		return
	}
	diags.AddAttributeError(at, "Invalid "+f.name, fmt.Sprintf("A value of %s is null or not of the right type. Leave the element out.", at))
}

func addCodecError(diags *diag.Diagnostics, err error) {
	diags.AddError("Cannot read a value of Terraform",
		sentence(err.Error())+" This is a bug in the provider; please report it.")
}

// warnAltered and warnOverwritten give one warning for each argument, with the object and
// the argument in the summary: Terraform shows only the first of several warnings with the
// same summary.
func warnAltered(diags *diag.Diagnostics, k *kind, id string, pointers []string) {
	byArgument(k, pointers, func(argument, keys string) {
		diags.AddAttributeWarning(path.Root(argument), fmt.Sprintf("%s %s: the server stored another value", k.title(id), argument),
			fmt.Sprintf("The server stored something other than what it was sent%s. Terraform goes on to show what the configuration says, and "+
				"reports drift when the server's answer changes.", keys))
	})
}

func warnOverwritten(diags *diag.Diagnostics, k *kind, id string, pointers []string) {
	byArgument(k, pointers, func(argument, keys string) {
		diags.AddAttributeWarning(path.Root(argument), fmt.Sprintf("%s %s: existing values were overwritten", k.title(id), argument),
			fmt.Sprintf("Terraform did not manage this before the apply, and the server held other values than the configuration%s. It now "+
				"holds what the configuration says.", keys))
	})
}

func byArgument(k *kind, pointers []string, add func(argument, keys string)) {
	groups := map[string][]string{}
	for _, pointer := range pointers {
		argument := k.attributeAt(pointer)
		groups[argument] = append(groups[argument], pointer)
	}
	for _, argument := range sortedKeys(groups) {
		keys := ""
		if f := k.field(argument); f != nil && f.value == jsonObject {
			keys = " for " + keysOf(f, groups[argument])
		}
		add(argument, keys)
	}
}

// sentence gives an error's text the form of a sentence.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	text = string(unicode.ToUpper(first)) + text[size:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// didYouMean suggests a word that is at most two edits away, or nothing.
func didYouMean(word string, all []string) string {
	best, distance := "", 3
	for _, candidate := range all {
		if d := levenshtein.Distance(strings.ToLower(word), candidate, nil); d < distance {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", best)
}

// words lists a few words for a sentence: "a", "b" or "c".
func words(all []string) string {
	quoted := make([]string, len(all))
	for i, word := range all {
		quoted[i] = `"` + word + `"`
	}
	last := len(quoted) - 1
	if last == 0 {
		return quoted[0]
	}
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}
