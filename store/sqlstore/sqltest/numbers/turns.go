package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// work is one way to do something.
type work func(i int) error

// turns runs several ways in turns and returns the median time of each.
func turns(n int, ways ...work) ([]time.Duration, error) {
	times := make([][]time.Duration, len(ways))
	for i := range n + n/10 {
		for w, way := range ways {
			start := time.Now()
			if err := way(i); err != nil {
				return nil, err
			}
			if took := time.Since(start); i >= n/10 { // what comes before warms up
				times[w] = append(times[w], took)
			}
		}
	}
	medians := make([]time.Duration, len(ways))
	for w := range times {
		slices.Sort(times[w])
		medians[w] = times[w][len(times[w])/2]
	}
	return medians, nil
}

// compare prints how ours does beside what is written by hand.
func compare(name string, n int, ours, hand work) error {
	m, err := turns(n, ours, hand)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Printf("%-58s %10v  by hand %10v  ratio %.2f\n", name, m[0].Round(100), m[1].Round(100), float64(m[0])/float64(m[1]))
	return nil
}

// allocations counts the allocations of one call, on average.
func allocations(n int, fn work) (float64, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range n {
		if err := fn(i); err != nil {
			return 0, err
		}
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(n), nil
}
