// Package testkit is what the tests of this project share. It is test support: no program
// imports it.
//
// [Server] is the simulator behind a loopback address, with every request and every answer
// checked against the contract, and with the edits that a person makes in the portal.
//
// [Core] is a small Terraform core over the plugin protocol, without a process or a file. It
// checks what the real core checks, so an "inconsistent result" fails a test here too. It
// holds one [Resource] for each address, and reads data sources and lists.
//
// [CLI] is a folder in which a real Terraform or OpenTofu runs with the provider as a program.
//
// [Fixture] is what a kind brings so that every law is tested on it.
package testkit
