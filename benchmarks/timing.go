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
// begins each round with another one. Rounds are short and many, so that what
// else the machine does disturbs few of them.
func (l *Lab) interleave(works ...Work) ([]series, error) {
	counts, round := make([]int, len(works)), time.Duration(0)
	for i, w := range works {
		n, took, err := l.calibrate(w)
		if err != nil {
			return nil, err
		}
		counts[i], round = n, round+took
	}
	runtime.GC()
	times := make([]series, len(works))
	for i := range l.rounds(len(works), round) {
		for k := range works {
			at := (i + k) % len(works)
			took, err := repeat(works[at], counts[at])
			if err != nil {
				return nil, err
			}
			times[at] = append(times[at], float64(took.Nanoseconds())/float64(counts[at]))
		}
	}
	return times, nil
}

// rounds is fewer than Rounds if a round takes much longer than its batches
// should.
func (l *Lab) rounds(works int, round time.Duration) int {
	const few = 7
	budget := l.Batch * time.Duration(works*l.Rounds)
	return min(l.Rounds, max(few, int(budget/max(round, 1))))
}

// calibrate finds how many calls fill a batch. It also returns how long they
// take. Before it warms up: first calls do what later ones need not, such as
// preparing a statement, and would make the batches too short.
func (l *Lab) calibrate(w Work) (n int, took time.Duration, err error) {
	for start := time.Now(); time.Since(start) < l.Batch; {
		if err := w(); err != nil {
			return 0, 0, err
		}
	}
	for n = 1; ; n *= 2 {
		took, err = repeat(w, n)
		if err != nil || took >= l.Batch {
			return n, took, err
		}
		if took >= l.Batch/8 {
			return max(n, int(float64(n)*float64(l.Batch)/float64(took))), l.Batch, nil
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
