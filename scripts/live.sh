#!/bin/sh
# The live suite: asks the Tavus API what its documentation leaves open (tools/live), then
# takes a small agent through its life on every Terraform and OpenTofu of this machine. It
# needs TAVUS_API_KEY, and deletes what it made, also after Ctrl-C.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

key=${TAVUS_API_KEY:?set it to a key of the account to ask}
address=${TAVUS_BASE_URL:-https://tavusapi.com}
found=$(clis)
work=$(mktemp -d)
name=tflive$$
go build -o "$work/live" ./tools/live
trap '"$work/live" -sweep -name "$name"; rm -rf "$work"' EXIT
trap 'exit 130' HUP INT PIPE TERM
"$work/live" -name "$name"
sandbox "$work"
export TAVUS_API_KEY="$key" TAVUS_BASE_URL="$address"

configuration() {
  cat <<EOT
data "tavus_faces" "system" { face_type = "system" }
resource "tavus_guardrail" "dates" {
  name   = "${name}_dates"
  prompt = "Never promises dates."
}
resource "tavus_pronunciation_dictionary" "terms" {
  name  = "$name terms"
  rules = { HCL = { type = "alias", pronunciation = "H C L" } }
}
resource "tavus_objectives" "help" {
  objectives = [{ name = "${name}_help", prompt = "Name the page that helps." }]
}
resource "tavus_tool" "ticket" {
  name        = "${name}_ticket"
  description = "Opens a ticket, version $1."
}
resource "tavus_pal" "guide" {
  name                        = "$name guide"
  default_face_id             = data.tavus_faces.system.faces[0].face_id
  system_prompt               = "Be kind, as in version $1."
  guardrail_ids               = [tavus_guardrail.dates.id]
  objectives_id               = tavus_objectives.help.id
  pronunciation_dictionary_id = tavus_pronunciation_dictionary.terms.id
}
resource "tavus_pal_tools" "guide" {
  pal_id   = tavus_pal.guide.id
  tool_ids = [tavus_tool.ticket.id]
}
resource "tavus_pal_skill" "canvas" {
  pal_id   = tavus_pal.guide.id
  skill_id = "magic_canvas"
}
resource "tavus_deployment" "page" {
  pal_id        = tavus_pal.guide.id
  channel       = "widget"
  name          = "$name page"
  customization = jsonencode({ preview = { title = "$1" }, show_haircheck = true })
  password      = "of-a-test"
}
EOT
}

while IFS=$tab read -r title path; do
  printf '\n%s\n' "$title"
  mkdir -p "$work/life" && rm -rf "$work/life/.terraform" "$work/life/.terraform.lock.hcl"
  cli() { "$path" -chdir="$work/life" "$@" -no-color </dev/null >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }
  for version in one two; do
    configuration $version >"$work/life/main.tf"
    echo '{"terraform": {"required_providers": {"tavus": {"source": "tavus/tavus"}}}}' >"$work/life/versions.tf.json"
    cli init
    cli apply -auto-approve && echo "  ok  version $version of the agent"
    cli plan -detailed-exitcode && echo "  ok  the plan after it is empty"
  done
  cli destroy -auto-approve && echo "  ok  destroy"
done <<EOT
$found
EOT
