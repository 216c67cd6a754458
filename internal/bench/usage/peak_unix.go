//go:build !windows

package usage

import (
	"os"
	"runtime"
	"syscall"
)

// peak reads ru_maxrss, which is in bytes on macOS and in KiB elsewhere (getrusage(2)).
func peak(state *os.ProcessState) int64 {
	used, ok := state.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return used.Maxrss
	default:
		return used.Maxrss << 10
	}
}
