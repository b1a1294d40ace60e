package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// resources are what must not grow.
type resources struct{ goroutines int }

// settle waits for goroutines to end that are about to, until no more than
// enough are left, and counts the rest.
func settle(enough int) resources {
	n := runtime.NumGoroutine()
	for i := 0; i < 1000 && n > enough; i++ {
		runtime.Gosched()
		if i > 100 {
			time.Sleep(5 * time.Millisecond)
		}
		n = min(n, runtime.NumGoroutine())
	}
	return resources{n}
}

func (r resources) check(after resources) error {
	if after.goroutines > r.goroutines {
		return fmt.Errorf("%d goroutines at the beginning, %d at the end", r.goroutines, after.goroutines)
	}
	return nil
}

// growth is the size of the live heap over time.
type growth struct{ heap []uint64 }

// watch measures at each interval until ctx ends.
func (g *growth) watch(ctx context.Context, interval time.Duration) {
	every(ctx, interval, g.last)
}

// every calls fn at each interval until ctx ends.
func every(ctx context.Context, interval time.Duration, fn func()) {
	if interval <= 0 {
		return
	}
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			fn()
		}
	}
}

func (g *growth) last() {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	g.heap = append(g.heap, m.HeapAlloc)
}

// check compares the end with the time when every client had its users, after
// three tenths. Requests in flight while it was measured may differ.
func (g *growth) check() error {
	const slack = 8 << 20
	if n := len(g.heap); n > 4 && g.heap[n-1] > g.heap[2]*5/4+slack {
		return fmt.Errorf("the heap grew from %.1f to %.1f MiB", g.mebibytes()[2], g.mebibytes()[n-1])
	}
	return nil
}

func (g *growth) mebibytes() []float64 {
	sizes := make([]float64, len(g.heap))
	for i, n := range g.heap {
		sizes[i] = float64(n) / (1 << 20)
	}
	return sizes
}
