package bench

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// Names of the start-up measures.
const (
	startSchema = "providers schema"
	startPlan   = "plan of one resource"
)

// A Start is one command of a contender that does next to nothing, so that
// starting the provider is what it takes.
type Start struct {
	Contender string        `json:"contender"`
	Command   string        `json:"command"`
	Wall      time.Duration `json:"wall_ns"`
}

// Start measures start-up so many times, in turns, so that what the machine does
// meanwhile hits all contenders alike. The API has no latency here.
func (r *Runner) Start(ctx context.Context, contenders []Contender, times int) ([]Start, error) {
	api, err := startAPI(ctx, 0)
	if err != nil {
		return nil, err
	}
	defer api.stop()
	workspaces := make([]*workspace, len(contenders))
	defer func() {
		for _, w := range workspaces {
			if w != nil {
				w.close()
			}
		}
	}()
	for i, c := range contenders {
		if workspaces[i], err = r.open(ctx); err != nil {
			return nil, err
		}
		// No launcher: it would start a process more.
		if err := workspaces[i].override(c, c.Program); err != nil {
			return nil, err
		}
		input := Input{URL: api.URL, Key: benchKey, PalID: simulator.PalDocsGuide, Count: 1, Text: steps[0].text}
		if err := workspaces[i].configure(c, input); err != nil {
			return nil, err
		}
	}
	var starts []Start
	// The first turn warms the file cache and does not count.
	for turn := range times + 1 {
		for _, command := range []struct {
			name string
			args []string
		}{{startSchema, []string{"providers", "schema", "-json"}}, {startPlan, []string{"plan"}}} {
			for i, c := range contenders {
				begun := time.Now()
				if _, err := workspaces[i].start(ctx, command.args); err != nil {
					return nil, fmt.Errorf("%s, %s: %w", c.Name, command.name, err)
				}
				if turn > 0 {
					starts = append(starts, Start{c.Name, command.name, time.Since(begun)})
				}
			}
		}
	}
	return starts, nil
}

func (w *workspace) start(ctx context.Context, args []string) (code int, err error) {
	if args[0] != "providers" {
		return w.terraform(ctx, args...)
	}
	// "providers" takes no -no-color before its own subcommand.
	result, err := w.sandbox.Run(ctx, w.dir, nil, args...)
	if err == nil && result.Code != 0 {
		err = fmt.Errorf("the exit code is %d\n%s", result.Code, result.Stderr)
	}
	return result.Code, err
}

// Size is the size of a contender's binary in bytes.
func Size(c Contender) (int64, error) {
	info, err := os.Stat(c.Program)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
