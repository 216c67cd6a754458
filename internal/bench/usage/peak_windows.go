package usage

import "os"

// peak is not known: Windows keeps it for living processes only.
func peak(*os.ProcessState) int64 { return 0 }
