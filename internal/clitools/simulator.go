package clitools

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// simulatorStart is how long a simulator may take to say its address.
const simulatorStart = 20 * time.Second

// A Simulator is a running tavus-simulator process.
type Simulator struct {
	URL string // such as http://127.0.0.1:41234, with no slash at the end

	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
	err  error         // how it ended; read after done
	once sync.Once
}

// StartSimulator starts the program and waits until it has said its address.
// The caller stops it; the end of ctx does not, so that a roll-back still finds
// it running.
func StartSimulator(ctx context.Context, program string, args ...string) (*Simulator, error) {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), program, args...)
	cmd.Env = Environ()
	ownGroup(cmd)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start the simulator: %w", err)
	}
	s := &Simulator{cmd: cmd, done: make(chan struct{})}
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if _, url, ok := strings.Cut(lines.Text(), "listening on "); ok {
				select {
				case address <- strings.TrimRight(strings.TrimSpace(url), "/"):
				default:
				}
			}
		}
		// A line that the scanner cannot hold must not block the simulator.
		_, _ = io.Copy(io.Discard, stdout)
		s.err = cmd.Wait()
		close(s.done)
	}()
	wait, cancel := context.WithTimeout(ctx, simulatorStart)
	defer cancel()
	select {
	case s.URL = <-address:
		return s, nil
	case <-s.done:
		return nil, fmt.Errorf("the simulator ended before it said its address (%s)\n%s", cmd.ProcessState, bytes.TrimSpace(stderr.Bytes()))
	case <-wait.Done():
		return nil, errors.Join(errors.New("the simulator did not say its address"), s.Stop())
	}
}

// Stop asks the simulator to end and waits for it. An exit code other than 0
// and a process that has to be killed are errors. A second call does nothing.
func (s *Simulator) Stop() (err error) {
	s.once.Do(func() {
		select {
		case <-s.done:
			err = fmt.Errorf("the simulator ended by itself (%s)", s.cmd.ProcessState)
			return
		default:
		}
		_ = askToEnd(s.cmd.Process)
		select {
		case <-s.done:
			if s.err != nil {
				err = fmt.Errorf("the simulator did not end cleanly: %w", s.err)
			}
		case <-time.After(5 * time.Second):
			_ = s.cmd.Process.Kill()
			<-s.done
			err = errors.New("the simulator did not end when asked and was killed")
		}
	})
	return err
}
