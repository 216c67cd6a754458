package usage

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain makes the test binary a launcher, and the program that it launches.
func TestMain(m *testing.M) {
	switch os.Getenv("USAGE_TEST") {
	case "launcher":
		_ = os.Setenv("USAGE_TEST", "program")
		os.Exit(Run())
	case "program":
		busy()
		os.Exit(3)
	}
	os.Exit(m.Run())
}

// busy takes some CPU time and memory.
func busy() {
	memory := make([]byte, 64<<20)
	for begun := time.Now(); time.Since(begun) < 50*time.Millisecond; {
		for i := range memory {
			memory[i]++
		}
	}
	runtime.KeepAlive(memory)
}

func TestLauncherWritesDownWhatAProgramUsed(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(t.TempDir(), "usage")
	for range 2 {
		cmd := exec.CommandContext(t.Context(), self) //nolint:gosec // It is this test.
		cmd.Env = append(os.Environ(), "USAGE_TEST=launcher", EnvProgram+"="+self, EnvReport+"="+report)
		if err := cmd.Run(); cmd.ProcessState.ExitCode() != 3 {
			t.Fatalf("the exit code of the program is lost: %v", err)
		}
	}
	processes, err := Read(report)
	if err != nil {
		t.Fatal(err)
	}
	if len(processes) != 2 {
		t.Fatalf("%d processes instead of 2", len(processes))
	}
	for _, p := range processes {
		if p.CPU < time.Millisecond || p.CPU > time.Minute {
			t.Errorf("%s of CPU time", p.CPU)
		}
		if runtime.GOOS != "windows" && (p.Peak < 64<<20 || p.Peak > 4<<30) {
			t.Errorf("%d bytes of memory", p.Peak)
		}
	}
}

func TestReadMissesKilledProcesses(t *testing.T) {
	t.Parallel()
	report := filepath.Join(t.TempDir(), "usage")
	if processes, err := Read(report); len(processes) != 0 || err != nil {
		t.Errorf("without a report: %v, %v", processes, err)
	}
	for _, l := range []line{{PID: 1}, {PID: 2}, {PID: 1, Used: &Process{CPU: 1}}} {
		if err := write(report, l); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Read(report); err == nil || !strings.Contains(err.Error(), "1 provider processes were killed") {
		t.Errorf("the error is %v", err)
	}
}
