#!/bin/sh
# Runs the acceptance tests (TestAcc...) of internal/provider once on every
# Terraform and OpenTofu of this machine, and prints a line for each. It fails when
# a test fails, when a CLI passes none, and when there is no CLI.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

mkdir -p .build
found=$(clis)
go test -c -o .build/provider.test ./internal/provider
export TF_ACC=1
share=0
failed=0
summary=
while IFS=$tab read -r name path; do
  host=registry.terraform.io
  if is_tofu "$name"; then host=registry.opentofu.org; fi
  log=$PWD/.build/acceptance.log
  code=0
  (cd internal/provider &&
    TAVUS_SHARE=$share/$(printf '%s\n' "$found" | grep -c .) TF_ACC_TERRAFORM_PATH=$path TF_ACC_PROVIDER_HOST=$host \
      ../../.build/provider.test -test.run "${RUN:-^TestAcc[A-Z]}" -test.parallel 4 -test.v -test.timeout 20m >"$log" 2>&1 </dev/null) || code=$?
  share=$((share + 1))
  passed=$(grep -c '^--- PASS' "$log" || true)
  skipped=$(grep -c '^--- SKIP' "$log" || true)
  if [ "$code" -ne 0 ]; then
    # What passed says nothing about what failed.
    grep -v -e '^ *=== ' -e '^ *--- PASS' "$log" || true
    failed=1
  elif [ "$passed" -eq 0 ]; then
    echo "$name: no acceptance test passed"
    failed=1
  fi
  sed -n 's/^--- SKIP: \([^ ]*\).*/  skipped: \1/p' "$log" | sort
  line="$name ($path): $passed passed, $skipped skipped"
  if [ "$code" -ne 0 ]; then line="$line, FAILED"; fi
  echo "$line"
  summary="$summary$line
"
done <<EOT
$found
EOT
printf '\nAcceptance tests\n%s' "$summary"
exit "$failed"
