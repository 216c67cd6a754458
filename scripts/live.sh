#!/bin/sh
# The live suite: asks the Tavus API what its documentation leaves open (tools/live),
# then takes one deployment through its life on every Terraform and OpenTofu of this
# machine, with the provider of this source tree. It needs TAVUS_API_KEY and
# TAVUS_PAL_ID, and deletes what it made, also after Ctrl-C.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

key=${TAVUS_API_KEY:?set it to a key of the account to ask}
pal=${TAVUS_PAL_ID:?set it to a PAL of that account}
address=${TAVUS_BASE_URL:-https://tavusapi.com}
found=$(clis)
work=$(mktemp -d)
sandbox "$work"
export TAVUS_API_KEY="$key" TAVUS_PAL_ID="$pal" TAVUS_BASE_URL="$address"
go build -o "$work/live" ./tools/live
name=tflive$$
trap '"$work/live" -sweep -name "$name"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
"$work/live" -name "$name"

configuration() {
  cat <<EOT
terraform {
  required_providers {
    tavus = { source = "tavus/tavus" }
  }
}

resource "tavus_deployment" "live" {
  pal_id          = "$pal"
  channel         = "widget"
  name            = "$name life"
  customization   = jsonencode({ preview = { title = "$1" }, show_haircheck = true })
  limits          = jsonencode({ max_call_duration = 600 })
  allowed_origins = ["https://docs.example.com", "https://www.example.com"]
  password        = "of-a-test"
}
EOT
}

while IFS=$tab read -r title path; do
  printf '\n%s\n' "$title"
  mkdir -p "$work/life" && rm -rf "$work/life/.terraform" "$work/life/.terraform.lock.hcl"
  cli() { "$path" -chdir="$work/life" "$@" -no-color </dev/null >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }
  configuration one >"$work/life/main.tf"
  cli init
  cli apply -auto-approve && echo "  ok  create"
  cli plan -detailed-exitcode && echo "  ok  the plan after it is empty"
  configuration two >"$work/life/main.tf"
  cli apply -auto-approve && echo "  ok  change a key"
  cli plan -detailed-exitcode && echo "  ok  the plan after it is empty"
  cli plan -refresh-only -detailed-exitcode && echo "  ok  and nothing moved"
  cli destroy -auto-approve && echo "  ok  destroy"
done <<EOT
$found
EOT
