#!/bin/sh
# Runs the module tests in examples/module-testing on every Terraform and OpenTofu
# of this machine, as the guide "Test your modules offline" describes. Each file
# gets a simulator of its own, with the flags that the comment at its top names.
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
while IFS=$tab read -r name path; do
  case $name in
  "Terraform 1."[0-7].*)
    echo "NOT CHECKED: module tests on $name, which has no provider functions"
    continue
    ;;
  esac
  rm -rf "$work/module"
  cp -R examples/module-testing "$work/module"
  "$path" -chdir="$work/module" init -no-color >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  for file in examples/module-testing/tests/*.tftest.hcl; do
    # shellcheck disable=SC2046 # The flags are words.
    start_simulator "$work" $(sed -n -e '/^#/!q' -e 's/^# *\(-.*\)/\1/p' "$file")
    "$path" -chdir="$work/module" test -no-color -filter="tests/$(basename "$file")" >"$work/log" 2>&1 </dev/null || { cat "$work/log"; exit 1; }
    stop_simulator
    runs=$(grep -c '^run "' "$file")
    # A filter that fits nothing is a success for the CLI.
    grep -q "^Success! $runs passed, 0 failed" "$work/log" || { cat "$work/log"; exit 1; }
    echo "ok  $name: $(basename "$file"): $runs runs passed"
    ran=$((ran + 1))
  done
done <<EOT
$found
EOT
[ "$ran" -gt 0 ] || { echo "no CLI here can run the module tests"; exit 1; }
