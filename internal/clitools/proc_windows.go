//go:build windows

package clitools

import (
	"os"
	"os/exec"
)

// ownGroup does nothing: Windows has no process groups in this sense.
func ownGroup(*exec.Cmd) {}

// EndSignals are the signals that ask a command to end.
func EndSignals() []os.Signal { return []os.Signal{os.Interrupt} }

// askToEnd ends the process at once, because Windows has no signal for it.
func askToEnd(p *os.Process) error { return p.Kill() }
