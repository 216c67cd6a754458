// Package usage runs a program and writes down what it used, so that a bench can
// tell the provider's share from Terraform's. Terraform starts the launcher as if it
// were the provider; the launcher starts the provider with the same streams and
// environment, waits for it, and appends lines to a report.
package usage

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"time"
)

// Environment of a launcher.
const (
	EnvProgram = "TAVUS_BENCH_PROGRAM" // the program to run
	EnvReport  = "TAVUS_BENCH_REPORT"  // the file that lines are appended to
)

// Process is what one process used.
type Process struct {
	CPU time.Duration // user and system time
	// Peak is the largest resident memory in bytes, 0 where the system does not tell.
	Peak int64
}

// line is one line of a report: a start, or an end with what was used.
type line struct {
	PID  int      `json:"pid"`
	Used *Process `json:"used,omitempty"`
}

// Run is the launcher: it runs the program of the environment with its own
// arguments and returns the exit code.
func Run() int {
	// Signals are for the program, which gets them too: Terraform interrupts the
	// whole process group.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	program, report := os.Getenv(EnvProgram), os.Getenv(EnvReport)
	//nolint:gosec,noctx // The bench names the program; it lives as long as Terraform wants it to.
	cmd := exec.Command(program, os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "launcher:", err)
		return 1
	}
	pid := cmd.Process.Pid
	err := write(report, line{PID: pid})
	_ = cmd.Wait() // the exit code says it all
	used := Process{CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), Peak: peak(cmd.ProcessState)}
	if err = errors.Join(err, write(report, line{PID: pid, Used: &used})); err != nil {
		fmt.Fprintln(os.Stderr, "launcher:", err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}

// write appends one line. Several launchers write at once: a short line that is
// appended in one write stays whole.
func write(report string, l line) error {
	file, err := os.OpenFile(report, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // The bench names it.
	if err != nil {
		return err
	}
	text, err := json.Marshal(l)
	if err == nil {
		_, err = file.Write(append(text, '\n'))
	}
	return errors.Join(err, file.Close())
}

// Read returns what the processes of a report used. A process that has no end in
// it was killed, and nobody knows what it used: that is an error.
func Read(report string) ([]Process, error) {
	file, err := os.Open(report) //nolint:gosec // The bench names it.
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var processes []Process
	open := map[int]bool{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("the usage report: %w", err)
		}
		if l.Used == nil {
			open[l.PID] = true
			continue
		}
		delete(open, l.PID)
		processes = append(processes, *l.Used)
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("%d provider processes were killed before they said what they used", len(open))
	}
	return processes, lines.Err()
}
