# Functions that the scripts beside this file share. They run from the root of
# the source tree, in any POSIX shell, with "set -eu".

export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_INPUT=0
# A file that is named must exist, or OpenTofu warns on every command.
export TF_CLI_CONFIG_FILE=/dev/null

cli_cache=${XDG_CACHE_HOME:-$HOME/.cache}/terraform-cli
tab=$(printf '\t')

# clis prints a line for each CLI of this machine: name and version, a tab, the
# path. It looks on the PATH and in the cache, and takes each version once. With
# TF_CLI set there is that one only. Where there is none, OpenTofu is built.
clis() {
  if [ -n "${TF_CLI:-}" ]; then
    command -v "$TF_CLI" >/dev/null || { echo "TF_CLI: there is no $TF_CLI" >&2; return 1; }
    clis_found=$(command -v "$TF_CLI")
  else
    clis_found=$(
      command -v terraform || true
      command -v tofu || true
      ls "$cli_cache"/*/terraform "$cli_cache"/*/tofu 2>/dev/null || true
    )
  fi
  [ -n "$clis_found" ] || clis_found=$(build_tofu) || return 1
  printf '%s\n' "$clis_found" | while read -r clis_path; do
    printf '%s\t%s\n' "$("$clis_path" version 2>/dev/null </dev/null | sed -n '1s/ v/ /p')" "$clis_path"
  done | awk -F '\t' '$1 != "" && !seen[$1]++ { print; n++ } END { exit n == 0 }'
}

# build_tofu builds the OpenTofu that tools/tofu/go.mod names into the cache, and
# prints its path. It takes some minutes, once.
build_tofu() {
  tofu_module=github.com/opentofu/opentofu
  tofu_path=$cli_cache/tofu-$(go -C tools/tofu list -m -f '{{slice .Version 1}}' "$tofu_module")/tofu
  echo "Building OpenTofu from source: $tofu_path" >&2
  # Without the flag the build calls itself a development version.
  CGO_ENABLED=0 go -C tools/tofu build -trimpath -ldflags "-s -w -X $tofu_module/version.dev=no" -o "$tofu_path" "$tofu_module/cmd/tofu" >&2
  printf '%s\n' "$tofu_path"
}

# is_tofu reports whether "name and version" is that of an OpenTofu.
is_tofu() { case $1 in OpenTofu*) true ;; *) false ;; esac; }

# sandbox DIR builds the provider into a filesystem mirror below DIR, and makes
# every later CLI use it. So "init" works as it does for a user, and asks no registry.
# Settings of the person at the screen are taken away.
sandbox() {
  sandbox_file=$1/mirror/registry.terraform.io/tavus/tavus/0.1.0/$(go env GOOS)_$(go env GOARCH)/terraform-provider-tavus_v0.1.0
  go build -trimpath -ldflags "-X main.version=0.1.0" -o "$sandbox_file" .
  cp -R "$1/mirror/registry.terraform.io" "$1/mirror/registry.opentofu.org"
  printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s/mirror"\n  }\n}\n' "$1" >"$1/cli.tfrc"
  for sandbox_name in $(env | sed -n 's/^\(TF_CLI_ARGS[^=]*\|TF_VAR_[^=]*\|TF_LOG[^=]*\|TF_ACC[^=]*\|TF_DATA_DIR\|TF_WORKSPACE\|TF_REATTACH_PROVIDERS\|TAVUS_[^=]*\)=.*/\1/p'); do
    unset "$sandbox_name"
  done
  export TF_CLI_CONFIG_FILE="$1/cli.tfrc"
}

# start_simulator DIR FLAGS... runs a simulator on a free port and points the
# provider at it. simulator_pid is its process.
start_simulator() {
  simulator_log=$1/simulator.log
  [ -x "$1/tavus-simulator" ] || go build -o "$1/tavus-simulator" ./internal/cmd/tavus-simulator
  start_dir=$1
  shift
  : >"$simulator_log"
  "$start_dir/tavus-simulator" -portal "$@" >>"$simulator_log" 2>&1 </dev/null &
  simulator_pid=$!
  start_tries=0
  until TAVUS_BASE_URL=$(sed -n 's/^.* listening on \(http:[^ ]*\).*/\1/p' "$simulator_log") && [ -n "$TAVUS_BASE_URL" ]; do
    start_tries=$((start_tries + 1))
    if [ "$start_tries" -gt 100 ] || ! kill -0 "$simulator_pid" 2>/dev/null; then
      cat "$simulator_log" >&2
      return 1
    fi
    sleep 0.1
  done
  export TAVUS_BASE_URL TAVUS_API_KEY=key-of-a-simulator
}

# stop_simulator ends the simulator of start_simulator, if there is one.
stop_simulator() {
  if [ -n "${simulator_pid:-}" ]; then
    kill "$simulator_pid" 2>/dev/null || true
    wait "$simulator_pid" 2>/dev/null || true
    simulator_pid=
  fi
}
