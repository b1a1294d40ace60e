package benchmarks

import (
	"time"

	"github.com/muster-scim/muster/store/sqlstore"
)

// Lab is how much effort is put into a run. What goals measure is made when it
// is first needed, and kept until Close. A Lab is for one goroutine.
type Lab struct {
	Rounds int           // how often each thing is measured, if it does not take long
	Batch  time.Duration // how long it runs in each round
	Small  int           // users in the small directory
	Large  int           // users in the large directory
	Groups int           // groups in the large directory, besides that of all users and that of ten

	SQLUsers int    // users in a database
	Postgres string // URL of a PostgreSQL database to measure too; "" is none

	small, large *directory
	comparison   *compared
	databases    map[sqlstore.Dialect]*sqlDirectory
	services     map[sqlstore.Dialect]*ownDirectory
	close        []func() error
}

// Full is the effort that the promises are about: a million users and ten
// thousand groups, one of them with a million members. It takes
// less than half an hour and 6 GiB of memory.
func Full() *Lab {
	return &Lab{Rounds: 501, Batch: time.Millisecond, Small: 1000, Large: 1_000_000, Groups: 10_000, SQLUsers: 200_000}
}

// Quick takes less than two minutes.
func Quick() *Lab {
	return &Lab{Rounds: 201, Batch: time.Millisecond, Small: 1000, Large: 300_000, Groups: 1000, SQLUsers: 50_000}
}

// growth measures how many times as long the work takes in the large
// directory as in the small one.
func (l *Lab) growth(work func(*directory) (Work, error)) (Measurement, error) {
	small, large, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	a, err := work(large)
	if err != nil {
		return Measurement{}, err
	}
	b, err := work(small)
	if err != nil {
		return Measurement{}, err
	}
	return l.ratio(a, b)
}
