package process

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// WaitForTerraform keeps a SIGTERM from ending the provider in the middle of a
// create, which would leave an object that no state knows. Service managers
// and CI runners send it to every process of a run. Terraform gets it too, lets
// requests under way finish, and ends the provider itself. Go-plugin treats
// SIGINT in the same way.
func WaitForTerraform(terraform int) {
	terminate := make(chan os.Signal, 1)
	signal.Notify(terminate, syscall.SIGTERM)
	<-terminate
	for os.Getppid() == terraform {
		time.Sleep(100 * time.Millisecond)
	}
	os.Exit(1) // Terraform is gone, so nobody else ends this process.
}
