package benchmarks

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// Work is something to be measured; each call does it once.
type Work func() error

// series is the time of one call in each round, in nanoseconds.
type series []float64

func (s series) min() float64 { return slices.Min(s) }

func (s series) median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[len(sorted)/2]
}

// over divides round by round, so that what slows a round down slows both.
func (s series) over(other series) float64 {
	ratios := make(series, len(s))
	for i := range s {
		ratios[i] = s[i] / other[i]
	}
	return ratios.median()
}

// interleave runs the works in turns, each for about Batch per round, and
// begins each round with another one.
func (l *Lab) interleave(works ...Work) ([]series, error) {
	counts := make([]int, len(works))
	for i, w := range works {
		n, err := l.calibrate(w)
		if err != nil {
			return nil, err
		}
		counts[i] = n
	}
	runtime.GC()
	times := make([]series, len(works))
	for round := range l.Rounds {
		for k := range works {
			i := (round + k) % len(works)
			took, err := repeat(works[i], counts[i])
			if err != nil {
				return nil, err
			}
			times[i] = append(times[i], float64(took.Nanoseconds())/float64(counts[i]))
		}
	}
	return times, nil
}

// calibrate finds how many calls fill a batch, and warms up on the way.
func (l *Lab) calibrate(w Work) (int, error) {
	for n := 1; ; n *= 2 {
		took, err := repeat(w, n)
		if err != nil || took >= l.Batch {
			return n, err
		}
		if took >= l.Batch/8 {
			return max(n, int(float64(n)*float64(l.Batch)/float64(took))), nil
		}
	}
}

func repeat(w Work, n int) (time.Duration, error) {
	start := time.Now()
	for range n {
		if err := w(); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

// ratio measures how many times as long as b one call of a takes.
func (l *Lab) ratio(a, b Work) (Measurement, error) {
	t, err := l.interleave(a, b)
	if err != nil {
		return Measurement{}, err
	}
	return Measurement{t[0].over(t[1]), fmt.Sprintf("%s : %s", took(t[0].median()), took(t[1].median()))}, nil
}

// fastest measures the time of one call in the fastest round.
func (l *Lab) fastest(w Work) (Measurement, error) {
	t, err := l.interleave(w)
	if err != nil {
		return Measurement{}, err
	}
	return Measurement{t[0].min(), "median " + took(t[0].median())}, nil
}

// allocations counts those of one call.
func allocations(w Work) (Measurement, error) {
	err := w()
	if err != nil {
		return Measurement{}, err
	}
	n := testing.AllocsPerRun(100, func() { err = w() })
	return Measurement{Value: n}, err
}

func took(ns float64) string { return Nanoseconds.Text(ns) }
