package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
)

// parallel runs fn n times at once. All start behind one barrier.
func (r *run) parallel(n int, fn func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			defer r.recoverPanic()
			ready.Done()
			<-start
			fn(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	if r.failed() {
		r.fatalf("stopped after the first failing round")
	}
}

// counter counts the writes that succeeded.
type counter struct{ n atomic.Int64 }

// count notes the outcome of a write. An error that is none of the expected
// ones is a problem.
func (c *counter) count(r *run, err error, expected ...error) {
	if err == nil {
		c.n.Add(1)
		return
	}
	for _, e := range expected {
		if errors.Is(err, e) {
			return
		}
	}
	r.errorf("unexpected error: %v", err)
}
