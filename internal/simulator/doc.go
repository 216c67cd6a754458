// Package simulator is a fake of the Tavus API for deployments and PALs, over
// HTTP and in memory. The tests of this project run against it, and so does
// anybody who wants to try a Terraform module without an account.
//
// It behaves as docs.tavus.io documents the API. Where the documentation is
// silent, a switch in [Options] has one position for each plausible answer;
// [Switches] lists them all, for the flags of the program and for tests that
// walk through every position.
//
// One request takes this way: serve.go finds the account and writes the line
// of the log; chaos.go plays the fault that [Simulator.SetFaults] chose, if it
// comes before the effect; serve.go applies the rate limit and the key; the
// Before hook runs; a handler in deployments.go, patch.go or pals.go works
// under the lock; the After hook runs; chaos.go spoils the answer, or it goes
// out. state.go holds what is stored and the methods with which a test does
// what a person does in the portal. normal.go rewrites values the way servers
// do. portal.go is the same for shell scripts: a control API under
// /_simulator/. run.go is the program.
//
// The package imports nothing of the provider and nothing of its client, so a
// mistake there cannot hide behind the same mistake here.
package simulator
