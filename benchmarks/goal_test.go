package benchmarks

import (
	"math"
	"os"
	"testing"
	"time"
)

// Every goal can be measured; whether it is met is for cmd/goals, on a machine
// that has the time.
func TestGoalsCanBeMeasured(t *testing.T) {
	lab := &Lab{Rounds: 1, Batch: time.Microsecond, Small: 20, Large: 400, SQLUsers: 200, Postgres: os.Getenv("MUSTER_TEST_POSTGRES")}
	defer func() {
		if err := lab.Close(); err != nil {
			t.Error(err)
		}
	}()
	seen := map[string]bool{}
	for _, g := range lab.Goals() {
		name := g.Area + ": " + g.Name + " " + string(g.Unit)
		if seen[name] {
			t.Errorf("%s: there are two", name)
		}
		seen[name] = true
		m, err := g.Measure(lab)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if math.IsNaN(m.Value) || math.IsInf(m.Value, 0) || m.Value < 0 {
			t.Errorf("%s: measured %v", name, m.Value)
		}
	}
}

func TestMet(t *testing.T) {
	for _, c := range []struct {
		goal  Goal
		value float64
		met   bool
		limit string
	}{
		{Goal{Limit: 2, Unit: Times}, 2, true, "≤ 2.00×"},
		{Goal{Limit: 2000, Unit: Nanoseconds}, 2001, false, "≤ 2.00 µs"},
		{Goal{Limit: 50, AtLeast: true, Unit: Times}, 49, false, "≥ 50.00×"},
		{Goal{Limit: 20, AtLeast: true, Unit: Allocations}, 20, true, "≥ 20 allocs"},
		{Goal{Limit: 5e8, Unit: Nanoseconds}, 1, true, "≤ 500 ms"},
	} {
		if got := c.goal.Met(Measurement{Value: c.value}); got != c.met {
			t.Errorf("%s with %v: met is %v", c.limit, c.value, got)
		}
		if got := c.goal.LimitText(); got != c.limit {
			t.Errorf("limit is printed as %q, want %q", got, c.limit)
		}
	}
}

// A slow round counts for both sides of a ratio, and an outlier for neither.
func TestOver(t *testing.T) {
	a, b := series{20, 200, 22, 21, 900}, series{10, 100, 11, 10, 10}
	if got := a.over(b); got != 2 {
		t.Errorf("ratio is %v, want 2", got)
	}
}

func TestInterleaveRunsEachInEachRound(t *testing.T) {
	calls := 0
	lab := &Lab{Rounds: 5, Batch: time.Hour / 5}
	if n := lab.rounds(2, 10*time.Hour); n != 5 {
		t.Errorf("%d rounds where few are asked for", n)
	}
	lab.Batch = time.Nanosecond
	times, err := lab.interleave(func() error { calls++; return nil }, func() error { return nil })
	if err != nil || len(times) != 2 || len(times[0]) != 5 || len(times[1]) != 5 || calls < 6 {
		t.Errorf("%d calls, times %v, %v", calls, times, err)
	}
}
