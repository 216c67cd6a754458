package tavus

import "flag"

// The seed of the properties is fixed, so that a run fails for what changed and
// not by chance; -rapid.seed=N draws other examples.
func init() {
	if err := flag.Set("rapid.seed", "20261123"); err != nil {
		panic(err)
	}
}
