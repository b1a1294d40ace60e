package memstore

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
)

func TestOneGoroutineAtATimeHasTheTurn(t *testing.T) {
	var turn turn
	var wg sync.WaitGroup
	n := 0
	for range 8 {
		wg.Go(func() {
			for range 2000 {
				if err := turn.acquire(t.Context()); err != nil {
					t.Error(err)
					return
				}
				n++
				turn.release()
			}
		})
	}
	wg.Wait()
	if n != 8*2000 {
		t.Errorf("counted %d, want %d", n, 8*2000)
	}
	if turn.taken.Load() || len(turn.queue) > 0 {
		t.Error("the turn is still taken or waited for")
	}
}

// Each waiter gets the turn or the end of its context, and the turn is free
// afterwards.
func TestGivingUpTheWaitLosesNoTurn(t *testing.T) {
	var turn turn
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range 500 {
				ctx, cancel := context.WithCancel(t.Context())
				if (i+k)%2 == 0 {
					go cancel()
				}
				if err := turn.acquire(ctx); err == nil {
					turn.release()
				} else if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				cancel()
			}
		})
	}
	wg.Wait()
	if turn.taken.Load() || len(turn.queue) > 0 {
		t.Error("the turn is still taken or waited for")
	}
}

// A waiter that is overdue gets the turn before one that comes later, even if
// that is running already.
func TestNobodyWaitsForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var turn turn
		if err := turn.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := make(chan string, 2)
		go func() {
			_ = turn.acquire(t.Context())
			got <- "waiter"
			turn.release()
		}()
		synctest.Wait() // it is in the queue
		timeout, cancel := context.WithTimeout(t.Context(), 2*patience)
		defer cancel()
		<-timeout.Done()
		turn.release()
		_ = turn.acquire(t.Context())
		got <- "latecomer"
		turn.release()
		if first := <-got; first != "waiter" {
			t.Errorf("the %s came first", first)
		}
	})
}

func TestTheTurnIsNotWaitedForWithAnEndedContext(t *testing.T) {
	var turn turn
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := turn.acquire(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
