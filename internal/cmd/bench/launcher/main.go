// Command launcher stands in for a provider and writes down what it used, see
// package usage.
package main

import (
	"os"

	"github.com/tavus/terraform-provider-tavus/internal/bench/usage"
)

func main() { os.Exit(usage.Run()) }
