#!/bin/sh
# The demo: a support agent from plan to destroy, on the simulator, while people go
# on working in the portal. It checks what it tells, and fails where it is not so.
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
not() { ! "$@"; }
same() { [ "$1" = "$2" ] || { printf '%s\nis not\n%s\n' "$1" "$2"; false; }; }

tf() { "$cli" -chdir="$work/agent" "$@" </dev/null; }
# run CODE PATTERN ARGUMENTS... runs the CLI, which has to end with this exit code. It
# shows the lines that fit the pattern.
run() {
  wanted=$1 pattern=$2 action=$3 code=0
  shift 3
  printf '%s$ %s %s%s\n' "$bold" "$(basename "$cli") $action" "$*" "$off"
  tf "$action" $colour "$@" >"$work/log" 2>&1 || code=$?
  [ "$code" -eq "$wanted" ] || { cat "$work/log"; printf '%s: exit code %s instead of %s\n' "$action" "$code" "$wanted"; exit 1; }
  grep -e "$pattern" "$work/log" || true
}

# control METHOD PATH [BODY] asks the portal of the simulator. Its answer is one line.
control() { curl -sS --fail -X "$1" "$TAVUS_BASE_URL/_simulator/$2" ${3:+-d "$3"} | tr -d '\n' | sed 's/": */":/g; s/, *"/,"/g'; }
edit() { control PATCH "$1" "$2" >/dev/null; }
has() { control GET "$1" | grep -qF "$2"; }
id() { tf state show -no-color "$1" | sed -n 's/^ *id *= "\([^"]*\)".*/\1/p'; }
count() { control GET "$1" | grep -o "\"$2\":" | grep -c . || true; }
forget_requests() { control DELETE requests; }
requests() { control GET requests | grep -o '"method":"[A-Z]*"' | sed 's/.*:"//; s/"//' | sort | uniq -c | awk '{ printf "%s %s ", $1, $2 }'; }

found=$(clis)
cli=$(printf '%s\n' "$found" | sed -n "1s/.*$tab//p")
printf '%sTerraform provider for Tavus: a demo%s\n\n' "$bold" "$off"
printf 'With %s and a simulator of the API. Nothing leaves this machine.\n' "$(printf '%s\n' "$found" | sed -n "1s/$tab.*//p")"
sandbox "$work"
start_simulator "$work"
cp -R examples/support-agent "$work/agent"
cp "$work/agent/example.tfvars" "$work/agent/terraform.tfvars"
export TF_VAR_ticket_token=the-first-token-of-the-demo
pals_before=$(count pals pal_id)

chapter "An agent in a pull request" "examples/support-agent is what a platform team would write: an agent that knows a documentation
site, with guardrails, objectives, pronunciations, two tools and a skill, on a widget and on a
landing page. Before anything happens, the reviewer reads what will be there."
run 0 'successfully initialized' init
run 0 'will be \|^Plan: ' plan -out=agent.tfplan
check "the bearer token is in no plan" not sh -c "\"$cli\" -chdir=\"$work/agent\" show -json agent.tfplan | grep -q the-first-token"

chapter "It is created" "In the order that the references say, and complete before visitors can meet it: the document
has been read, and tools and skill are attached."
run 0 'Creation complete\|^Apply complete\|^  *"\?[lw][a-z_]* *"\? = "' apply agent.tfplan
pal=$(id tavus_pal.agent) page=$(id tavus_deployment.landing_page) widget=$(id tavus_deployment.widget)
check "the prompt is the one in prompts/agent.md" has "pals/$pal" 'You are the guide of the Acme Cloud documentation'
check "the document is ready" has "documents/$(id tavus_document.docs)" '"status":"ready"'
check "the ticket tool has its token" has "tools/$(id tavus_tool.create_ticket)" '"type":"bearer"'
check "and the state has not" not sh -c "\"$cli\" -chdir=\"$work/agent\" state pull | grep -q the-first-token"

chapter "A second plan is empty" "The server filled in settings of its own, and visitors come all day. Neither is news to Terraform."
for _ in 1 2 3; do control POST "deployments/$widget/visit" >/dev/null; done
event "3 visitors talk to the agent on the docs site"
forget_requests
run 0 '^No changes' plan -detailed-exitcode
check "the plan only read" not grep -q '[A-Z]' <<EOT
$(requests | sed 's/[0-9]* GET //')
EOT

chapter "Two people go on working in the portal" "Mia, of the support team, writes what no file says: a greeting, and the text after a call."
edit "pals/$pal" '{"greeting": "Hi, I am Ada. What are you building?"}'
edit "deployments/$page" '{"customization": {"after_call": {"title": "Was that helpful?"}}}'
event 'Mia: greeting = "Hi, I am Ada. What are you building?"'
event 'Mia: after_call.title = "Was that helpful?"'
run 0 '^No changes' plan -detailed-exitcode
printf '\nTom, in a hurry, softens a guardrail and takes a tool away. Both are in the configuration.\n\n'
guardrail=$(id 'tavus_guardrail.rules["no_promises"]')
edit "guardrails/$guardrail" '{"guardrail_prompt": "The agent promises with care."}'
edit "pals/$pal" "{\"tool_ids\": [\"$(id tavus_tool.open_page)\"]}"
event 'Tom: no_promises = "The agent promises with care."'
event 'Tom: create_ticket is detached'
run 2 'will be \|^ *[-+~] \|->\|^Plan: ' plan -detailed-exitcode
check "the plan has these two changes, and no other" grep -q "^Plan: 0 to add, 2 to change, 0 to destroy" "$work/log"

chapter "The next apply repairs Tom's edits, and keeps Mia's" "One object for each of the two, and nothing else."
forget_requests
run 0 'ions complete\|^Apply complete' apply -auto-approve
printf '  requests: %s\n' "$(requests)"
check "the guardrail forbids promises again" has "guardrails/$guardrail" 'never promises features'
check "the agent can create tickets again" has "pals/$pal" "$(id tavus_tool.create_ticket)"
check "the greeting is Mia's" has "pals/$pal" 'Hi, I am Ada'

chapter "A change" "The prompt gets one more line, and the ticket tool a new token."
echo "Never guess a version number." >>"$work/agent/prompts/agent.md"
echo 'ticket_token_version = "2"' >>"$work/agent/terraform.tfvars"
export TF_VAR_ticket_token=the-second-token-of-the-demo
event 'prompts/agent.md: + Never guess a version number.'
event 'terraform.tfvars: ticket_token_version = "2"'
run 2 'will be \|^ *[-+~] \|->\|^Plan: ' plan -detailed-exitcode -out=change.tfplan
check "the plan has these two changes, and no other" grep -q "^Plan: 0 to add, 2 to change, 0 to destroy" "$work/log"
run 0 'ions complete\|^Apply complete' apply change.tfplan
check "the prompt has the new line" has "pals/$pal" 'Never guess a version number.'
check "the greeting is still Mia's" has "pals/$pal" 'Hi, I am Ada'
check "the pages show the same IDs, so none breaks" same "$page $widget" "$(id tavus_deployment.landing_page) $(id tavus_deployment.widget)"
run 0 '^No changes' plan -detailed-exitcode

chapter "Both sides change the same text" "A new headline is planned and approved. Before the apply, Mia changes the same headline."
echo 'headline = "Acme Cloud 2026.12 is here"' >"$work/agent/news.auto.tfvars"
run 2 'headline\|title\|^Plan: ' plan -detailed-exitcode -out=headline.tfplan
edit "deployments/$page" '{"customization": {"landing_page": {"title": "We are hiring"}}}'
event 'Mia: landing_page.title = "We are hiring"'
run 1 '.' apply headline.tfplan
check "the error names the key" grep -q "Somebody changed the key /landing_page/title" "$work/log"
check "nothing was written: the page shows Mia's headline" has "deployments/$page" 'We are hiring'

chapter "And all of it goes" "In the order that the references say. What the account had before stays."
run 0 '^Plan: \|^Destroy complete' destroy -auto-approve
check "no deployment is left" same "$(count deployments deployment_id)" 0
check "no document, guardrail, dictionary or objective is left" same \
  "$(count documents document_id) $(count guardrails uuid) $(count pronunciation-dictionaries pronunciation_dictionary_id) $(count objectives objectives_id)" "0 0 0 0"
check "the account has the PALs that it had" same "$(count pals pal_id)" "$pals_before"

printf '\nThe demo took %s s, and all of its %s checks held.\n' $(($(date +%s) - begin)) "$checks"
