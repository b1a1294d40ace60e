package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/outbox"
)

var user = schema.UserDefinition().MustCompile()

// hire creates the user that an entry names, in the transaction that is done
// with it.
func hire(s store.Store) func(context.Context, store.Entry, outbox.Done) error {
	return func(ctx context.Context, e store.Entry, done outbox.Done) error {
		return store.InTx(ctx, s, func(ctx context.Context, tx store.Store) error {
			if err := done(ctx, tx); err != nil {
				return err
			}
			r, _, err := user.Decode([]byte(`{"userName":"`+string(e.Data)+`"}`), nil)
			if err != nil {
				return err
			}
			_, err = tx.Create(ctx, r, store.Write{})
			return err
		})
	}
}

func users(t testing.TB, s store.Store) (names []string) {
	t.Helper()
	for r, err := range s.Scan(t.Context(), "User", "") {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, r.Get(user.MustPath("userName")).String())
	}
	return names
}

// Several processes work for one consumer, and everything happens once: doing
// it twice would fail, because userName is unique.
func TestWorkHappensOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var texts []string
		for i := range 50 {
			texts = append(texts, fmt.Sprintf("u%02d", i))
		}
		s, log := journal(t, texts...)
		var all sync.WaitGroup
		for range 4 {
			c := &outbox.Consumer{Store: s, Name: "work", Work: hire(s), Attempts: 1, OnPark: func(_ context.Context, p outbox.Parked) { t.Errorf("parked: %v", p.Err) }}
			all.Go(func() {
				for {
					if _, err := c.Drain(t.Context()); !errors.Is(err, store.ErrVersion) {
						if err != nil {
							t.Error(err)
						}
						return
					}
				}
			})
		}
		all.Wait()
		expect(t, users(t, s), texts...)
		if at, err := log.Consumers(t.Context()); err != nil || at["work"] != 50 {
			t.Errorf("%v, %v", at, err)
		}
	})
}

// What fails has no effect, is parked, and can be done later, once.
func TestWorkIsParked(t *testing.T) {
	s, log := journal(t, "ann", "ann", "bob")
	c := &outbox.Consumer{Store: s, Name: "work", Work: hire(s), Attempts: 1}
	if n, err := c.Drain(t.Context()); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	expect(t, users(t, s), "ann", "bob")
	if n, err := c.Retry(t.Context()); n != 0 || !errors.Is(err, store.ErrConflict) {
		t.Errorf("%d, %v", n, err)
	}
	for r := range s.Scan(t.Context(), "User", "") {
		if err := s.Delete(t.Context(), store.RefOf(r), store.Write{}); err != nil {
			t.Fatal(err)
		}
	}
	stale := *c
	parked, err := c.Parked(t.Context())
	if err != nil || len(parked) != 1 {
		t.Fatal(parked, err)
	}
	if n, err := c.Retry(t.Context()); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := stale.Retry(t.Context()); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
	expect(t, users(t, s), "ann")
	if at, err := log.Consumers(t.Context()); err != nil || len(at) != 1 {
		t.Errorf("%v, %v", at, err)
	}
}

func TestWorkThatIsNotDone(t *testing.T) {
	s, _ := journal(t, "a")
	var parked []outbox.Parked
	c := &outbox.Consumer{
		Store: s, Name: "work", Attempts: 1, Timeout: -1,
		Work: func(ctx context.Context, _ store.Entry, _ outbox.Done) error {
			if _, bounded := ctx.Deadline(); bounded {
				t.Error("there is a timeout")
			}
			return nil
		},
		OnPark: func(_ context.Context, p outbox.Parked) { parked = append(parked, p) },
	}
	if _, err := c.Drain(t.Context()); err != nil || len(parked) != 1 || parked[0].Err.Error() != "outbox: Work has not called done" {
		t.Errorf("%v, %+v", err, parked)
	}
}

// TestWake: a consumer that is woken does not wait until it looks again.
func TestWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, log := journal(t)
		wake, got := make(chan struct{}, 1), make(chan string)
		c := &outbox.Consumer{
			Store: s, Name: "audit", Poll: time.Hour, Wake: wake,
			Deliver: func(_ context.Context, e store.Entry) error { got <- string(e.Data); return nil },
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- c.Run(ctx) }()
		synctest.Wait()
		began := time.Now()
		if err := log.Append(ctx, store.Entry{Kind: "event", Data: []byte("a")}); err != nil {
			t.Fatal(err)
		}
		wake <- struct{}{}
		if text := <-got; text != "a" || time.Since(began) != 0 {
			t.Errorf("%q after %v", text, time.Since(began))
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}
