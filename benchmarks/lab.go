package benchmarks

import (
	"time"
)

// Lab is how much effort is put into a run. What goals measure is made when it
// is first needed, and kept.
type Lab struct {
	Rounds int           // how often each thing is measured
	Batch  time.Duration // how long it runs in each round
	Small  int           // users in the small directory
	Large  int           // users in the large directory
}

// Full is the effort that the promises are about: a million users. It takes
// less than half an hour and 6 GiB of memory.
func Full() *Lab {
	return &Lab{Rounds: 41, Batch: 20 * time.Millisecond, Small: 1000, Large: 1_000_000}
}

// Quick takes less than two minutes.
func Quick() *Lab { return &Lab{Rounds: 15, Batch: 5 * time.Millisecond, Small: 1000, Large: 100_000} }
