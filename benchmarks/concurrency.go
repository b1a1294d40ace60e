package benchmarks

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/muster-scim/muster/patch"
)

// measureScaling compares how much eight goroutines gain over one in the store
// with how much they gain in a computation that shares nothing. That says what
// the machine gives at the time, however many cores it has and others use.
func measureScaling(l *Lab) (Measurement, error) {
	_, d, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	mixed, err := d.mixedWork()
	if err != nil {
		return Measurement{}, err
	}
	t, err := l.interleave(share(mixed, 1), share(mixed, 8), share(compute, 1), share(compute, 8))
	if err != nil {
		return Measurement{}, err
	}
	store, machine := t[0].over(t[1]), t[2].over(t[3])
	return Measurement{store / machine, fmt.Sprintf("gain %.2f : %.2f", store, machine)}, nil
}

// mixedWork is reading four times out of five, and otherwise patching.
func (d *directory) mixedWork() (Work, error) {
	var toggle [2]*patch.Changes
	for i, value := range []string{"false", "true"} {
		var err error
		if toggle[i], err = compile(userType, request(`{"op":"replace","path":"active","value":`+value+`}`)); err != nil {
			return nil, err
		}
	}
	return func() error {
		if rand.IntN(5) == 0 {
			return d.patchUser(toggle)
		}
		return d.readUser()
	}, nil
}

// compute takes about a microsecond and no memory.
func compute() error {
	x := rand.Uint64() | 1
	for range 1000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	if x == 0 {
		return fmt.Errorf("xorshift reached 0")
	}
	return nil
}

// share does a fixed amount of work with some goroutines.
func share(work Work, goroutines int) Work {
	const amount = 256
	return func() error {
		var left atomic.Int64
		left.Store(amount)
		errs := make(chan error, goroutines)
		for range goroutines {
			go func() {
				var err error
				for err == nil && left.Add(-1) >= 0 {
					err = work()
				}
				errs <- err
			}()
		}
		var first error
		for range goroutines {
			if err := <-errs; first == nil {
				first = err
			}
		}
		return first
	}
}

// tails are percentiles of single reads while another goroutine works without a
// pause. Each round has its own.
type tails struct{ medians, high series }

// over returns the 99th percentile in medians.
func (t tails) over() float64 { return t.high.over(t.medians) }

// measureTail reads while a goroutine changes the large group.
func measureTail(l *Lab) (Measurement, error) {
	patched, computed, err := l.measureTails()
	if err != nil {
		return Measurement{}, err
	}
	note := fmt.Sprintf("%s : %s; %.2f× while a goroutine computes", took(patched.high.median()), took(patched.medians.median()), computed.over())
	return Measurement{patched.over(), note}, nil
}

// measureTailOver compares with what the machine does to reads while a goroutine
// computes and touches nothing: that is what other work on the cores costs, and
// being taken off them.
func measureTailOver(l *Lab) (Measurement, error) {
	patched, computed, err := l.measureTails()
	if err != nil {
		return Measurement{}, err
	}
	return Measurement{patched.over() / computed.over(), fmt.Sprintf("%.2f× : %.2f×", patched.over(), computed.over())}, nil
}

// measureTails measures in turns.
func (l *Lab) measureTails() (patched, computed tails, err error) {
	_, d, err := l.directories()
	if err != nil {
		return patched, computed, err
	}
	change, err := d.changeMember(d.all)
	if err != nil {
		return patched, computed, err
	}
	for range min(l.Rounds, 101) {
		if err = patched.add(d.readUser, change); err == nil {
			err = computed.add(d.readUser, compute)
		}
		if err != nil {
			break
		}
	}
	return patched, computed, err
}

// add measures one round.
func (t *tails) add(read, meanwhile Work) error {
	stop := keepDoing(meanwhile)
	median, high, err := readTimes(read)
	t.medians, t.high = append(t.medians, median), append(t.high, high)
	if failed := stop(); err == nil {
		err = failed
	}
	return err
}

// keepDoing repeats work in the background until the function that it returns
// is called.
func keepDoing(work Work) (stop func() error) {
	var done atomic.Bool
	var err error
	var wg sync.WaitGroup
	wg.Go(func() {
		for err == nil && !done.Load() {
			err = work()
		}
	})
	return func() error {
		done.Store(true)
		wg.Wait()
		return err
	}
}

// readTimes returns the median and the 99th percentile of a thousand reads.
func readTimes(read Work) (median, tail float64, err error) {
	times := make([]time.Duration, 1000)
	for i := range times {
		start := time.Now()
		if err := read(); err != nil {
			return 0, 0, err
		}
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	return float64(times[len(times)/2]), float64(times[len(times)*99/100]), nil
}
