#!/usr/bin/env bash
# Makes a fixture: new.sh NAME CLI [FLAGS OF THE SIMULATOR]. See README.md.
set -euo pipefail
cd "$(dirname "$0")"
name=$1 cli=$(command -v "$2")
shift 2
root=$(git rev-parse --show-toplevel)
mkdir "$name"
scratch=$(mktemp -d)
trap 'kill "$simulator" 2>/dev/null || true; rm -rf "$scratch"' EXIT

go -C "$root" build -o "$scratch/bin/" . ./internal/cmd/tavus-simulator
"$scratch/bin/tavus-simulator" -portal "$@" >"$scratch/address" &
simulator=$!
until TAVUS_BASE_URL=$(grep -om1 'http://[0-9.:]*' "$scratch/address"); do sleep 0.1; done
cat >"$scratch/cli.tfrc" <<END
provider_installation {
  dev_overrides {
    "registry.terraform.io/tavus/tavus" = "$scratch/bin"
  }
  direct {}
}
END
export TAVUS_BASE_URL TAVUS_API_KEY=any TF_CLI_CONFIG_FILE="$scratch/cli.tfrc" CHECKPOINT_DISABLE=1

portal() { curl -sSf "$TAVUS_BASE_URL/_simulator/deployments" "$@"; }
for n in 1 2; do
  portal -o "$scratch/made" -d '{"deployment_id": "d0000000-0000-4000-8000-00000000000'$n'", "pal_id": "p5317866", "channel": "embed",
    "name": "By hand", "customization": {"k1": 1, "k2": 2, "k3": {"k4": [null]}}, "password": "by hand"}'
done
cp template.tf "$name/main.tf"
mkdir "$scratch/work"
cp template.tf "$scratch/work/main.tf"
(cd "$scratch/work" && "$cli" apply -auto-approve && "$cli" plan -detailed-exitcode)
cp "$scratch/work/terraform.tfstate" "$name/state.json"
portal >"$name/server.json"
