package provider

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tavus/terraform-provider-tavus/internal/ownedjson"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// sentence gives an error's text the form of a sentence.
func sentence(text string) string {
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

// addAPIError says what failed, on which deployment, what the server said, and
// what to do next. Where the server's words name an argument, the error stands there.
func addAPIError(diags *diag.Diagnostics, doing string, err error, paths ...string) {
	summary := "Cannot " + doing
	var conflict *ownedjson.ConflictError
	if errors.As(err, &conflict) {
		addConflict(diags, summary, conflict)
		return
	}
	detail := sentence(err.Error())
	if advice := advise(err); advice != "" {
		detail += "\n\n" + advice
	}
	var api *tavus.APIError
	if errors.As(err, &api) && (api.Status == 400 || api.Status == 409 || api.Status == 422) {
		if argument := namedArgument(api.Text); argument != "" {
			diags.AddAttributeError(path.Root(argument), summary, detail)
			return
		}
		if len(paths) > 0 {
			detail += "\n\nThe server does not say what it refuses. The request was to change " + strings.Join(paths, ", ") + "."
		}
	}
	diags.AddError(summary, detail)
}

func advise(err error) string {
	var api *tavus.APIError
	switch {
	case tavus.IsAuth(err):
		return "Check the API key: the provider's argument api_key, or the environment variable " + envAPIKey + ". A key can be " +
			"bound to IP addresses, so a key that works on one machine can be refused on another."
	case tavus.IsWrongAddress(err):
		return "Check the provider's base_url: the server there does not seem to be the Tavus API. The state keeps the deployment. " +
			"If it really is gone, take it out with terraform state rm."
	case tavus.IsNotFound(err) && tavus.IsAboutDeployment(err):
		return "The server does not know the deployment. A key of another account looks the same."
	case tavus.IsNotFound(err):
		return "Check the provider's base_url: the server there does not seem to be the Tavus API."
	case !errors.As(err, &api):
		return ""
	case api.Status == 429:
		return "The account is over its rate limit. Apply again later, or with a lower -parallelism."
	case api.Status >= 500:
		return "The server has a problem of its own. Apply again later; what was not done yet will be planned again."
	case api.Status == 0 && isCertificate(err):
		return "Nothing was sent. If a proxy of your company opens TLS connections, its CA has to be trusted: by the system, or on " +
			"Linux in a file that SSL_CERT_FILE names. Otherwise check the provider's base_url."
	case api.Status == 0:
		return "The server could not be reached, or did not answer. Check the network, a proxy (HTTPS_PROXY) and the provider's " +
			"base_url, and try again."
	}
	return ""
}

// isCertificate reports whether the server's certificate is the reason. The client
// gives the network's error in words that are cleaned of secrets, so the words say it.
func isCertificate(err error) bool {
	return strings.Contains(err.Error(), "failed to verify certificate")
}

// addConflict gives one error for each argument and each way out.
func addConflict(diags *diag.Diagnostics, summary string, conflict *ownedjson.ConflictError) {
	unseen, changed := conflict.Unseen, []string{}
	for _, pointer := range conflict.Pointers {
		if !slices.Contains(unseen, pointer) {
			changed = append(changed, pointer)
		}
	}
	for _, one := range []struct {
		pointers []string
		text     string
	}{
		{changed, "Somebody changed %s on the server after the state was read, and this plan changes it too. Nothing was written. " +
			"Plan again: the new plan shows both values, and you can decide which one stays."},
		{unseen, "The server holds %s, which Terraform did not write and the state does not show, and this plan would put another " +
			"kind of value there. Nothing was written. Remove what is there in the Tavus portal, or write it into the " +
			"configuration and apply once, so that a plan can show that it goes."},
	} {
		keys := map[string][]string{}
		for _, pointer := range one.pointers {
			argument, key, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
			keys[argument] = append(keys[argument], "/"+key)
		}
		for _, argument := range slices.Sorted(maps.Keys(keys)) {
			what := argument
			if slices.Contains(objectArguments, argument) {
				what = keysOf(argument, keys[argument])
			}
			diags.AddAttributeError(path.Root(argument), summary, fmt.Sprintf(one.text, what))
		}
	}
}

// keysOf names keys of an argument, given by their pointers inside it.
func keysOf(argument string, pointers []string) string {
	if len(pointers) == 1 {
		return "the key " + pointers[0] + " of " + argument
	}
	slices.Sort(pointers)
	return "the keys " + strings.Join(pointers, ", ") + " of " + argument
}

// namedArgument returns the argument that a server's words name.
func namedArgument(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r)
	})
	for _, argument := range []string{"pal_id", "allowed_origins", "customization", "limits", "channel", "password", "status", "name"} {
		for _, word := range words {
			if word == argument {
				return argument
			}
		}
	}
	return ""
}

func warnReplaced(diags *diag.Diagnostics, id string, replaced []string) {
	if len(replaced) == 0 {
		return
	}
	diags.AddWarning("Values replaced that no plan showed",
		fmt.Sprintf("Terraform did not manage these keys of deployment %s before this apply, and the server held other values than the "+
			"configuration: %s. They now hold what the configuration says.", id, strings.Join(replaced, ", ")))
}

func warnAltered(diags *diag.Diagnostics, id string, altered []string) {
	if len(altered) == 0 {
		return
	}
	diags.AddWarning("The server changed what it was sent",
		fmt.Sprintf("The server stored something else than it was sent for deployment %s: %s. Terraform goes on to show what the "+
			"configuration says, and reports a drift when the server's answer changes.", id, strings.Join(altered, ", ")))
}
