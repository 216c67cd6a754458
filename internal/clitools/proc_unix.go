//go:build !windows

package clitools

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup keeps a Ctrl-C at the terminal from reaching the child directly. The
// commands pass the signal on themselves, once: a second interrupt would make
// Terraform drop what is under way.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// EndSignals are the signals that ask a command to end. A reader that went away
// is one of them: without it, a pipe into "head" would kill a command before it
// has cleaned up.
func EndSignals() []os.Signal {
	return []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE}
}

func askToEnd(p *os.Process) error { return p.Signal(os.Interrupt) }
