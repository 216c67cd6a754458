#!/bin/sh
# Runs the module tests of examples/ on every Terraform and OpenTofu of this machine.
# Those of module-testing need a simulator: each file gets one of its own, with the
# flags that the comment at its top names. Those of support-agent run offline.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

found=$(clis)
work=$(mktemp -d)
simulator_pid=
trap 'stop_simulator; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
sandbox "$work"
ran=0

# check NAME PATH FILE runs one file of tests in the module that it belongs to.
check() {
  runs=$(grep -c '^run "' "$3")
  "$2" -chdir="$work/module" test -no-color -filter="tests/$(basename "$3")" >"$work/log" 2>&1 </dev/null || { cat "$work/log"; exit 1; }
  # A filter that fits nothing is a success for the CLI.
  grep -q "^Success! $runs passed, 0 failed" "$work/log" || { cat "$work/log"; exit 1; }
  echo "ok  $1: $3: $runs runs passed"
  ran=$((ran + 1))
}

while IFS=$tab read -r name path; do
  case $name in
  "Terraform 1."[0-9].* | "Terraform 1.10."*)
    echo "NOT CHECKED: module tests on $name, which has no write-only arguments"
    continue
    ;;
  esac
  for module in examples/support-agent examples/module-testing; do
    rm -rf "$work/module"
    cp -R "$module" "$work/module"
    "$path" -chdir="$work/module" init -no-color >"$work/log" 2>&1 </dev/null || { cat "$work/log"; exit 1; }
    for file in "$module"/tests/*.tftest.hcl; do
      if grep -q '^mock_provider' "$file"; then
        check "$name" "$path" "$file"
        continue
      fi
      # shellcheck disable=SC2046 # The flags are words.
      start_simulator "$work" $(sed -n -e '/^#/!q' -e 's/^# *\(-.*\)/\1/p' "$file")
      check "$name" "$path" "$file"
      stop_simulator
    done
  done
done <<EOT
$found
EOT
[ "$ran" -gt 0 ] || { echo "no CLI here can run the module tests"; exit 1; }
