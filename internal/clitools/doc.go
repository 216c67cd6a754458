// Package clitools is what the project's own commands share: finding a
// Terraform or OpenTofu CLI, building one, and running it against a provider
// that was built from this source tree.
//
// A CLI is looked for in this order: the path in TF_CLI, "terraform" on the
// PATH, "tofu" on the PATH, and then every folder of the CLI cache
// ($XDG_CACHE_HOME/terraform-cli, or ~/.cache/terraform-cli). A machine that has
// none of them gets an OpenTofu, built from the module in internal/tools/tofu
// into that same cache. Terraform itself is never downloaded or built.
//
// A Sandbox is a scratch folder with the provider in a filesystem mirror, so
// that "init" works as it does for a user, with no registry and no network. A
// Simulator is the fake Tavus API, started as a process of its own.
//
// Nothing here is part of the provider, and nothing here is used by its tests.
package clitools
