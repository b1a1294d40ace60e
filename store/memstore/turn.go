package memstore

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// turn is the right to write, which one goroutine has at a time.
//
// It is not handed over: who gives it back only wakes the one that waits the
// longest, and a goroutine that is running may be faster. Otherwise it would be
// idle for as long as it takes to wake a goroutine, which is longer than most
// writes. One that has lost it for too long gets it next.
type turn struct {
	taken atomic.Bool // changed with mu held
	mu    sync.Mutex
	queue []*waiter
}

// waiter is a goroutine that wants the turn.
type waiter struct {
	since time.Time
	woken chan struct{} // it may try again, or has the turn already
	has   bool
}

const (
	spins    = 200                    // looks at the turn before waiting in the queue
	patience = 500 * time.Microsecond // how long a waiter is overtaken
)

// acquire waits for the turn until ctx ends.
func (t *turn) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for range spins {
		if !t.taken.Load() && t.take() {
			return nil
		}
	}
	w := &waiter{since: time.Now(), woken: make(chan struct{}, 1)}
	if t.enqueue(w) {
		return nil
	}
	for {
		select {
		case <-w.woken:
			if t.retry(w) {
				return nil
			}
		case <-ctx.Done():
			t.leave(w)
			return ctx.Err()
		}
	}
}

// take takes the turn if it is free and nobody has waited for too long.
func (t *turn) take() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.tryLocked()
}

func (t *turn) tryLocked() (has bool) {
	if t.taken.Load() || len(t.queue) > 0 && t.queue[0].overdue() {
		return false
	}
	t.taken.Store(true)
	return true
}

func (w *waiter) overdue() bool { return time.Since(w.since) > patience }

// enqueue takes the turn after all, or makes w wait.
func (t *turn) enqueue(w *waiter) (has bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tryLocked() {
		return true
	}
	t.queue = append(t.queue, w)
	return false
}

// retry takes the turn for a waiter that was woken, unless another one was
// faster.
func (t *turn) retry(w *waiter) (has bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !w.has && t.taken.Load() {
		return false
	}
	t.drop(w)
	t.taken.Store(true)
	return true
}

// leave takes a waiter out of the queue, and passes on what it got meanwhile.
func (t *turn) leave(w *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drop(w)
	if w.has {
		t.taken.Store(false)
	}
	if !t.taken.Load() {
		t.wake()
	}
}

func (t *turn) drop(w *waiter) {
	if i := slices.Index(t.queue, w); i >= 0 {
		t.queue = slices.Delete(t.queue, i, i+1)
	}
}

// release gives the turn back.
func (t *turn) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken.Store(false)
	t.wake()
}

// wake wakes the first waiter. If it has waited for too long, it has the turn.
func (t *turn) wake() {
	if len(t.queue) == 0 {
		return
	}
	w := t.queue[0]
	if w.overdue() {
		w.has = true
		t.queue = slices.Delete(t.queue, 0, 1)
		t.taken.Store(true)
	}
	select {
	case w.woken <- struct{}{}:
	default:
	}
}
