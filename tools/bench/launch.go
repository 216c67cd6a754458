//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// The environment of a launcher: the program to run, and the file that its usage is
// written to.
const (
	envProgram = "TAVUS_BENCH_PROGRAM"
	envUsage   = "TAVUS_BENCH_USAGE"
)

// launch is what this program does when Terraform starts it as the provider: it
// runs the real one with its own arguments and streams, waits, writes down what that
// used, and returns its exit code. So the provider's share is told from Terraform's.
func launch() int {
	// Signals are for the program, which gets them too: Terraform interrupts the
	// whole process group.
	signal.Ignore(os.Interrupt)
	cmd := exec.Command(os.Getenv(envProgram), os.Args[1:]...) //nolint:noctx // It lives as long as Terraform wants it to.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	state := cmd.ProcessState
	var memory int64
	if used, ok := state.SysUsage().(*syscall.Rusage); ok {
		memory = int64(used.Maxrss)   //nolint:unconvert // It is an int32 on some systems.
		if runtime.GOOS != "darwin" { // which counts bytes, the others kilobytes
			memory *= 1024
		}
	}
	// A short line that is appended in one write stays whole, though several
	// launchers write at once.
	file, err := os.OpenFile(os.Getenv(envUsage), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = fmt.Fprintf(file, "%d %d\n", state.UserTime()+state.SystemTime(), memory)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return state.ExitCode()
}

// readUsage adds up what the launchers of one step wrote, and removes the file.
func readUsage(path string) (cpu time.Duration, memory int64, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, fmt.Errorf("no provider process said what it used: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		var used time.Duration
		var peak int64
		if _, err := fmt.Sscanf(line, "%d %d", &used, &peak); err != nil {
			return 0, 0, err
		}
		cpu, memory = cpu+used, max(memory, peak)
	}
	return cpu, memory, os.Remove(path)
}
