package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/store/outbox"
)

// start is when the first entry was written.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// journal returns a store with entries whose kind is "event" and whose data is
// each of texts, an hour apart.
func journal(t testing.TB, texts ...string) (store.Store, store.Log) {
	t.Helper()
	s := memstore.New(nil)
	log, err := s.Journal()
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if err := log.Append(t.Context(), store.Entry{Time: start.Add(time.Duration(i) * time.Hour), Kind: "event", Data: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
	return s, log
}

// receiver notes what it gets and fails for some.
type receiver struct {
	got  []string
	fail map[string]error
}

func (r *receiver) deliver(_ context.Context, e store.Entry) error {
	if err := r.fail[string(e.Data)]; err != nil {
		return err
	}
	r.got = append(r.got, string(e.Data))
	return nil
}

func expect(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

var errDown = errors.New("receiver is down")

func TestDrainGoesOnWhereItWas(t *testing.T) {
	s, log := journal(t, "a", "b", "c")
	var r receiver
	c := &outbox.Consumer{Store: s, Name: "audit", Deliver: r.deliver}
	if n, err := c.Drain(t.Context()); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if err := log.Append(t.Context(), store.Entry{Kind: "event", Data: []byte("d")}); err != nil {
		t.Fatal(err)
	}
	again := &outbox.Consumer{Store: s, Name: "audit", Deliver: r.deliver} // as after a restart
	if n, err := again.Drain(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	expect(t, r.got, "a", "b", "c", "d")
}

// Pruning waits for a consumer from the moment it is registered, and no longer
// once it is removed.
func TestRegisteredConsumerKeepsEntries(t *testing.T) {
	s, _ := journal(t, "a", "b")
	var r receiver
	c := &outbox.Consumer{Store: s, Name: "audit", Deliver: r.deliver}
	later := start.Add(24 * time.Hour)
	for range 2 { // registering again changes nothing
		if err := c.Register(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := outbox.Prune(t.Context(), s, later); n != 0 || err != nil {
			t.Fatalf("%d entries were removed before they were delivered: %v", n, err)
		}
	}
	if n, err := c.Drain(t.Context()); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if err := c.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Drain(t.Context()); n != 0 || err != nil {
		t.Errorf("registering a consumer that is known starts it over: %d %v", n, err)
	}
	other := &outbox.Consumer{Store: s, Name: "other", Deliver: r.deliver}
	if err := errors.Join(other.Register(t.Context()), other.Remove(t.Context())); err != nil {
		t.Fatal(err)
	}
	if n, err := outbox.Prune(t.Context(), s, later); n != 2 || err != nil {
		t.Errorf("%d entries were removed after all were delivered: %v", n, err)
	}
}

func TestPoisonedEntryIsParked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, log := journal(t, "poison", "b", "poison 2", "d")
		r := receiver{fail: map[string]error{"poison": errDown, "poison 2": errDown}}
		var reported []string
		c := &outbox.Consumer{Store: s, Name: "hook", Deliver: r.deliver, Attempts: 3, OnPark: func(_ context.Context, p outbox.Parked) {
			reported = append(reported, fmt.Sprint(p.Entry.Seq, p.Attempts, p.Err))
		}}
		began := time.Now()
		if _, err := c.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 6*time.Second { // 1 and 2 seconds for each
			t.Errorf("pauses of %v", took)
		}
		expect(t, r.got, "b", "d")
		expect(t, reported, "1 3 receiver is down", "3 3 receiver is down")

		if n, err := outbox.Prune(t.Context(), s, start.Add(100*time.Hour)); n != 0 || err != nil {
			t.Errorf("pruned %d, %v", n, err)
		}
		delete(r.fail, "poison")
		if n, err := c.Retry(t.Context()); n != 1 || !errors.Is(err, errDown) {
			t.Errorf("Retry: %d, %v", n, err)
		}
		expect(t, r.got, "b", "d", "poison")
		if n, err := outbox.Prune(t.Context(), s, start.Add(100*time.Hour)); n != 2 || err != nil {
			t.Errorf("pruned %d, %v", n, err)
		}
		parked, err := c.Parked(t.Context())
		if err != nil || len(parked) != 1 || parked[0].Entry.Seq != 3 {
			t.Errorf("parked %+v, %v", parked, err)
		}
		if err := c.Remove(t.Context()); err != nil {
			t.Fatal(err)
		}
		if all, err := log.Consumers(t.Context()); len(all) != 0 || err != nil {
			t.Errorf("consumers %v, %v", all, err)
		}
	})
}

func TestHangingReceiverBlocksNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := journal(t, "a", "b")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		hanging := &outbox.Consumer{Store: s, Name: "hanging", Attempts: -1, Deliver: func(ctx context.Context, _ store.Entry) error {
			<-ctx.Done()
			return ctx.Err()
		}}
		ended := make(chan error)
		go func() { ended <- hanging.Run(ctx) }()
		synctest.Wait()
		var r receiver
		well := &outbox.Consumer{Store: s, Name: "well", Deliver: r.deliver}
		if _, err := well.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		expect(t, r.got, "a", "b")
		time.Sleep(7 * 24 * time.Hour) // of the fake clock
		var left []string
		for e, err := range hanging.Pending(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			left = append(left, string(e.Data))
		}
		expect(t, left, "a", "b")
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestPanicIsAFailure(t *testing.T) {
	s, _ := journal(t, "a")
	c := &outbox.Consumer{Store: s, Name: "x", Attempts: 1, Deliver: func(context.Context, store.Entry) error { panic("broken") }}
	if _, err := c.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if parked, err := c.Parked(t.Context()); len(parked) != 1 || err != nil {
		t.Errorf("parked %v, %v", parked, err)
	}
}

func TestReplayAndKinds(t *testing.T) {
	s, log := journal(t, "a", "b")
	if err := log.Append(t.Context(), store.Entry{Kind: "other", Data: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	var r receiver
	c := &outbox.Consumer{Store: s, Name: "x", Kinds: []string{"event"}, Deliver: r.deliver}
	for range 2 {
		if _, err := c.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.Replay(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, r.got, "a", "b", "b")
}

// TestClockJumps: entries whose times go backwards are delivered in order, and
// pruning stops at the first one that is too young.
func TestClockJumps(t *testing.T) {
	s, log := journal(t, "noon", "one")
	for _, e := range []store.Entry{{Time: start.Add(-48 * time.Hour), Kind: "event", Data: []byte("the past")}} {
		if err := log.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	var r receiver
	c := &outbox.Consumer{Store: s, Name: "x", Deliver: r.deliver}
	if _, err := c.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, r.got, "noon", "one", "the past")
	if n, err := outbox.Prune(t.Context(), s, start.Add(time.Minute)); n != 1 || err != nil {
		t.Errorf("pruned %d, %v", n, err)
	}
}

// TestPrunedTooEarly: a consumer that was removed and comes back learns that
// entries are missing.
func TestPrunedTooEarly(t *testing.T) {
	s, log := journal(t, "a", "b", "c")
	c := &outbox.Consumer{Store: s, Name: "x", Deliver: (&receiver{}).deliver}
	if err := c.Replay(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := log.Forget(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := log.Prune(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if err := c.Replay(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Drain(t.Context()); !errors.Is(err, store.ErrPosition) {
		t.Errorf("Drain: %v", err)
	}
}

func TestChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := journal(t, "a", "b")
		ctx, cancel := context.WithCancel(t.Context())
		c := &outbox.Consumer{Store: s, Name: "x"}
		deliveries := c.Channel()
		ended := make(chan error)
		go func() { ended <- c.Run(ctx) }()
		var got []string
		for i := range 3 {
			d := <-deliveries
			got = append(got, string(d.Entry.Data))
			if i == 0 {
				d.Done(errDown)
				continue
			}
			d.Done(nil)
		}
		cancel()
		<-ended
		expect(t, got, "a", "a", "b")
	})
}

func TestNoJournal(t *testing.T) {
	c := &outbox.Consumer{Store: store.Basic(memstore.New(nil)), Name: "x"}
	_, drain := c.Drain(t.Context())
	_, retry := c.Retry(t.Context())
	_, prune := outbox.Prune(t.Context(), c.Store, start)
	for _, err := range []error{drain, retry, prune, c.Replay(t.Context(), 0), c.Remove(t.Context()), c.Drop(t.Context(), 1)} {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%v", err)
		}
	}
}

// A consumer that fails once gets the entry again.
func ExampleConsumer() {
	ctx := context.Background()
	s := memstore.New(nil)
	log, err := s.Journal()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{"ann joined", "ann left"} {
		if err := log.Append(ctx, store.Entry{Kind: "event", Data: []byte(text)}); err != nil {
			fmt.Println(err)
			return
		}
	}
	failed := false
	c := &outbox.Consumer{Store: s, Name: "audit", Pause: time.Millisecond, Deliver: func(_ context.Context, e store.Entry) error {
		if !failed {
			failed = true
			return errors.New("not yet")
		}
		fmt.Printf("%d %s\n", e.Seq, e.Data)
		return nil
	}}
	n, err := c.Drain(ctx)
	fmt.Println(n, err)
	// Output:
	// 1 ann joined
	// 2 ann left
	// 2 <nil>
}

// counted counts how often consumers move.
type counted struct {
	store.JournalStore
	moves *int
}

func (c counted) Journal() (store.Log, error) {
	log, err := c.JournalStore.Journal()
	return countedLog{log, c.moves}, err
}

type countedLog struct {
	store.Log
	moves *int
}

func (l countedLog) Advance(ctx context.Context, consumer string, from, to uint64) error {
	*l.moves++
	return l.Log.Advance(ctx, consumer, from, to)
}

// What a consumer does not want costs it no write for each entry.
func TestPassingOverIsCheap(t *testing.T) {
	s, log := journal(t)
	for i := range 1000 {
		kind := "other"
		if i == 500 {
			kind = "event"
		}
		if err := log.Append(t.Context(), store.Entry{Kind: kind, Data: []byte(kind)}); err != nil {
			t.Fatal(err)
		}
	}
	var r receiver
	var moves int
	c := &outbox.Consumer{Store: counted{s.(store.JournalStore), &moves}, Name: "audit", Deliver: r.deliver, Kinds: []string{"event"}}
	if n, err := c.Drain(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	expect(t, r.got, "event")
	if at, err := log.Consumers(t.Context()); err != nil || at["audit"] != 1000 || moves > 20 {
		t.Errorf("%v, %v after %d moves", at, err, moves)
	}
}
