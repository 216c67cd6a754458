#!/bin/sh
# The demo: three deployments from plan to destroy, on the simulator, while people
# go on working in the portal. It checks what it tells, and fails where it is not so.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

bold= dim= off= colour=-no-color
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  bold=$(printf '\033[1m') dim=$(printf '\033[2m') off=$(printf '\033[0m') colour=
fi
begin=$(date +%s)
chapters=0
checks=0
simulator_pid=
work=$(mktemp -d)
# What the story made is in the simulator's memory, and goes with it.
trap 'stop_simulator; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

chapter() { chapters=$((chapters + 1)); printf '\n%s%s. %s%s\n\n%s\n\n' "$bold" "$chapters" "$1" "$off" "$2"; }
event() { printf '%s  ~ %s%s\n' "$dim" "$1" "$off"; }
# check TEXT COMMAND... runs a command that has to succeed.
check() {
  text=$1
  shift
  "$@" >/dev/null || { printf 'NOT SO: %s\n' "$text"; exit 1; }
  checks=$((checks + 1))
  printf '  ok  %s\n' "$text"
}
# run CODE ARGUMENTS... runs the CLI, which has to end with this exit code.
run() {
  wanted=$1 action=$2 code=0
  shift 2
  printf '%s$ %s %s%s\n' "$bold" "$(basename "$cli") $action" "$*" "$off"
  "$cli" -chdir="$work/demo" "$action" $colour "$@" </dev/null || code=$?
  [ "$code" -eq "$wanted" ] || { printf '%s: exit code %s instead of %s\n' "$action" "$code" "$wanted"; exit 1; }
}
# What a person does in the portal, and what the API holds, one member beside the other.
control() { curl -sS --fail -X "$1" "$TAVUS_BASE_URL/_simulator/$2" ${3:+-d "$3"} | tr -d '\n' | sed 's/": */":/g; s/, *"/,"/g'; }
# deployment NAME prints the id that Terraform has for it, and document NAME what the API holds.
deployment() { "$cli" -chdir="$work/demo" output -json deployment_ids | tr -d ' \n' | sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
document() { control GET "deployments/$(deployment "$1")"; }
has() { document "$1" | grep -qF "$2"; }
# lasting NAME is the document without what moves with every visit and write.
lasting() { document "$1" | sed 's/"\(updated_at\|usage_[a-z]*\)":[^,}]*//g'; }
forget_requests() { control DELETE requests; }
requests() { control GET requests | grep -o '"method":"[A-Z]*"' | sed 's/.*:"//; s/"//' | tr '\n' ' '; }
same() { [ "$1" = "$2" ] || { printf '%s\nis not\n%s\n' "$1" "$2"; false; }; }

found=$(clis)
cli=$(printf '%s\n' "$found" | sed -n "1s/.*$tab//p")
printf '%sTerraform provider for Tavus: a demo%s\n\n' "$bold" "$off"
printf 'With %s and a simulator of the API. Nothing leaves this machine.\n' "$(printf '%s\n' "$found" | sed -n "1s/$tab.*//p")"
sandbox "$work"
start_simulator "$work"
export TF_VAR_campaign_password=a-password-of-the-demo
cp -R examples/demo "$work/demo"

chapter "Three deployments, from one configuration" "examples/demo is what a platform team would write: a widget on the docs site, a guide inside
the product page, and a landing page for a campaign, with theme, texts, limits, origins and
a visitor password."
run 0 init >"$work/init.log" || { cat "$work/init.log"; exit 1; }
run 0 apply -auto-approve
check "the server holds three deployments" same "$(control GET deployments | grep -o '"deployment_id":' | grep -c .)" 3
check "a widget" has docs '"channel":"widget"'
check "an embed" has tour '"channel":"embed"'
check "and a landing page whose visitors need the password" has campaign '"has_password":true'

chapter "A second plan is empty" "The server filled in settings of its own, and visitors come all day. Neither is news to Terraform."
docs_id=$(deployment docs)
visits() { document docs | grep -o '"usage_total":[0-9]*'; }
before=$(visits)
for _ in 1 2 3 4 5; do control POST "deployments/$docs_id/visit" >/dev/null; done
event "5 visitors talk to the guide on the docs site"
forget_requests
run 0 plan -detailed-exitcode
check "the plan sent three GETs, one for each deployment, and nothing else" same "$(requests)" "GET GET GET "
check "though the counter moved" test "$(visits)" != "$before"

chapter "People go on working in the portal" "The configuration says nothing of what visitors of the landing page read after a call. The
campaign team writes it in the portal."
control PATCH "deployments/$(deployment campaign)" '{"customization": {"after_call": {"title": "See you in the store"}}}' >/dev/null
event 'portal: campaign: after_call.title = "See you in the store"'
run 0 plan -detailed-exitcode
run 0 plan -refresh-only -detailed-exitcode

chapter "A change in Terraform keeps their work" "The sale ends, so the headline of the landing page changes."
before=$(lasting campaign)
event 'terraform.tfvars: campaign_headline = "Last week of the spring sale"'
echo 'campaign_headline = "Last week of the spring sale"' >"$work/demo/terraform.tfvars"
run 2 plan -detailed-exitcode -out=headline.tfplan
forget_requests
run 0 apply headline.tfplan
check "a GET and a PATCH did it" same "$(requests)" "GET PATCH "
check "the headline is the new one" has campaign '"title":"Last week of the spring sale"'
check "what the campaign team wrote is there" has campaign '"title":"See you in the store"'
check "nothing else in it moved, and its id is the one it had, so no page breaks" \
  same "$(lasting campaign | sed 's/Last week of the spring sale/The spring collection is here/')" "$before"
run 0 plan -detailed-exitcode

chapter "A setting that Terraform owns is repaired" "Somebody changes the brand's colour on the product page, which the configuration does set."
control PATCH "deployments/$(deployment tour)" '{"customization": {"style": {"magic_canvas": {"accent_color": "#ff00aa"}}}}' >/dev/null
event 'portal: tour: style.magic_canvas.accent_color = "#ff00aa"'
run 0 apply -auto-approve
check "the colour is the brand's again" has tour '"accent_color":"#0b5fff"'

chapter "And all of it goes" "One command, as for everything else in Terraform."
run 0 destroy -auto-approve >"$work/destroy.log" || { cat "$work/destroy.log"; exit 1; }
grep -e '^Plan: ' -e '^Destroy complete' "$work/destroy.log"
check "the server holds no deployment" same "$(control GET deployments | grep -o '"deployment_id":' | grep -c .)" 0

printf '\nThe demo took %s s, and all of its %s checks held.\n' $(($(date +%s) - begin)) "$checks"
