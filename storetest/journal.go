package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// peekPatience is how long a read may wait for a transaction of another
// goroutine. It bounds a wait that is allowed; no verdict depends on it.
const peekPatience = 200 * time.Millisecond

// entry makes a journal entry with a text.
func entry(text string) store.Entry {
	return store.Entry{Time: time.Unix(1700000000, 0).UTC(), TxID: "tx-" + text, Kind: "test", Ref: store.Ref{Type: "User", ID: schema.ID(text)}, Data: []byte(text)}
}

// entries reads the journal after a position.
func (r *run) entries(l store.Log, after uint64) []store.Entry {
	var all []store.Entry
	last := after
	for e, err := range l.Read(r.ctx, after) {
		r.ok("Read", err)
		if e.Seq <= last {
			r.errorf("Seq %d after %d", e.Seq, last)
		}
		last = e.Seq
		all = append(all, e)
	}
	return all
}

func texts(entries []store.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = string(e.Data)
	}
	return out
}

func (r *run) wantEntries(l store.Log, after uint64, want ...string) []store.Entry {
	got := r.entries(l, after)
	if !slices.Equal(texts(got), want) {
		r.errorf("after %d: got %q, want %q", after, texts(got), want)
	}
	return got
}

func (r *run) appendAll(l store.Log, all ...string) {
	for _, text := range all {
		r.ok("Append", l.Append(r.ctx, entry(text)))
	}
}

var journalCases = []testCase{
	{
		name:   "Journal/InOrder",
		clause: "Append adds entries in this order and ignores their Seq.",
		needs:  journal,
		run: func(r *run) {
			l := r.log(r.store)
			r.wantEntries(l, 0)
			odd := entry("b")
			odd.Seq = 7777
			r.ok("Append", l.Append(r.ctx, entry("a"), odd, entry("c")))
			r.appendAll(l, "d")
			got := r.wantEntries(l, 0, "a", "b", "c", "d")
			r.wantEntries(l, got[1].Seq, "c", "d")
			r.wantEntries(l, got[3].Seq)
			want := entry("a")
			if e := got[0]; !e.Time.Equal(want.Time) || e.TxID != want.TxID || e.Kind != want.Kind || e.Ref != want.Ref || e.Seq == 0 {
				r.errorf("got %+v, want %+v", e, want)
			}
			if n := len(r.entries(r.log(r.other), 0)); n != 0 {
				r.errorf("another tenant reads %d entries", n)
			}
		},
	},
	{
		name:   "Journal/PartOfTransaction",
		clause: "In a transaction they appear when it commits, and not at all if it does not.",
		needs:  txJournal,
		run: func(r *run) {
			outside := r.log(r.store)
			err := r.inTx(func() error {
				r.appendAll(r.log(r.store), "undone")
				return errUndo
			})
			if err != errUndo {
				r.errorf("InTx returned %v", err)
			}
			err = r.inTx(func() error {
				_, err := r.store.Create(r.ctx, r.user("ann"), store.Write{})
				r.appendAll(r.log(r.store), "kept")
				return err
			})
			r.ok("InTx", err)
			r.wantEntries(outside, 0, "kept")
		},
	},
	{
		name:   "Journal/NoGapFills",
		clause: "Once an entry was seen, no entry with a smaller Seq appears any more",
		needs:  journal,
		run: func(r *run) {
			l := r.log(r.store)
			const writers = 4
			each := r.rounds(25)
			seen := make(chan []string)
			done := make(chan struct{})
			go func() { seen <- r.tail(l, done) }()
			r.parallel(writers, func(i int) {
				for n := range each {
					err := store.InTx(r.ctx, r.store, func(ctx context.Context, tx store.Store) error {
						l, err := store.Journal(tx)
						if err != nil {
							return err
						}
						return l.Append(ctx, entry(fmt.Sprintf("%d-%d", i, n)))
					})
					if err != nil {
						r.errorf("Append: %v", err)
					}
				}
			})
			close(done)
			if got, want := <-seen, texts(r.entries(l, 0)); !slices.Equal(got, want) || len(want) != writers*each {
				r.errorf("a reader that went on from its last Seq saw %d entries, the journal has %d of %d", len(got), len(want), writers*each)
			}
		},
	},
	{
		name:   "Journal/Advance",
		clause: "It fails with an ErrVersion if the consumer is not at from, which is 0 for one that does not exist yet",
		needs:  journal,
		run: func(r *run) {
			l := r.log(r.store)
			r.appendAll(l, "a", "b", "c")
			all := r.entries(l, 0)
			r.ok("Advance from 0", l.Advance(r.ctx, "one", 0, all[0].Seq))
			r.ok("Advance", l.Advance(r.ctx, "one", all[0].Seq, all[2].Seq))
			for _, from := range []uint64{0, all[0].Seq, all[1].Seq} {
				if err := l.Advance(r.ctx, "one", from, all[2].Seq); !errors.Is(err, store.ErrVersion) {
					r.errorf("Advance from %d of a consumer at %d: %v", from, all[2].Seq, err)
				}
			}
			if err := l.Advance(r.ctx, "two", all[0].Seq, all[1].Seq); !errors.Is(err, store.ErrVersion) {
				r.errorf("Advance of a consumer that does not exist: %v", err)
			}
			at, err := l.Consumers(r.ctx)
			if err != nil || len(at) != 1 || at["one"] != all[2].Seq {
				r.errorf("Consumers: %v, %v", at, err)
			}
			r.ok("Forget", l.Forget(r.ctx, "one"))
			if at, err := l.Consumers(r.ctx); err != nil || len(at) != 0 {
				r.errorf("Consumers after Forget: %v, %v", at, err)
			}
		},
	},
	{
		name:   "Journal/Register",
		clause: "Advancing from 0 to 0 makes a consumer known, so that pruning waits for it.",
		needs:  journal,
		run: func(r *run) {
			l := r.log(r.store)
			r.appendAll(l, "a", "b")
			all := r.entries(l, 0)
			r.ok("Advance from 0 to 0", l.Advance(r.ctx, "new", 0, 0))
			if n, err := l.Prune(r.ctx, all[1].Seq); err != nil || n != 0 {
				r.errorf("Prune before a new consumer: %d, %v; want 0", n, err)
			}
			r.wantEntries(l, 0, "a", "b")
			r.ok("Advance", l.Advance(r.ctx, "new", 0, all[0].Seq))
		},
	},
	{
		name:   "Journal/AdvanceRace",
		clause: "of two processes that work for one consumer, one fails and starts over",
		needs:  journal,
		run: func(r *run) {
			l := r.log(r.store)
			r.appendAll(l, "a")
			seq := r.entries(l, 0)[0].Seq
			var won counter
			r.parallel(6, func(int) { won.count(r, l.Advance(r.ctx, "one", 0, seq), store.ErrVersion) })
			if won.n.Load() != 1 {
				r.errorf("%d of 6 succeeded", won.n.Load())
			}
		},
	},
	{
		name:   "Journal/Prune",
		clause: "Prune removes the entries up to and including a position, except those that some consumer has not dealt with yet",
		needs:  journal,
		run: func(r *run) {
			l := r.log(r.store)
			r.appendAll(l, "a", "b", "c", "d")
			all := r.entries(l, 0)
			r.ok("Advance", l.Advance(r.ctx, "slow", 0, all[1].Seq))
			if n, err := l.Prune(r.ctx, all[2].Seq); err != nil || n != 2 {
				r.errorf("Prune behind a consumer: %d, %v; want 2", n, err)
			}
			r.wantEntries(l, all[1].Seq, "c", "d")
			r.wantPruned(l, all[0].Seq)
			r.wantEntries(l, 0, "c", "d")
			r.ok("Forget", l.Forget(r.ctx, "slow"))
			if n, err := l.Prune(r.ctx, all[2].Seq); err != nil || n != 1 {
				r.errorf("Prune: %d, %v; want 1", n, err)
			}
			r.wantEntries(l, all[2].Seq, "d")
			r.appendAll(l, "e")
			r.wantEntries(l, all[3].Seq, "e")
		},
	},
}

// wantPruned checks that a reader learns that it missed something.
func (r *run) wantPruned(l store.Log, after uint64) {
	for _, err := range l.Read(r.ctx, after) {
		if !errors.Is(err, store.ErrPosition) {
			r.errorf("reading what was pruned: %v, want an ErrPosition", err)
		}
		return
	}
	r.errorf("reading what was pruned yields nothing, want an ErrPosition")
}

// tail follows the journal until done is closed and all was read.
func (r *run) tail(l store.Log, done <-chan struct{}) []string {
	var seen []string
	var last uint64
	for finished := false; ; {
		n := len(seen)
		for e, err := range l.Read(r.ctx, last) {
			if err != nil {
				r.errorf("Read: %v", err)
				return seen
			}
			seen, last = append(seen, string(e.Data)), e.Seq
		}
		if finished && n == len(seen) {
			return seen
		}
		select {
		case <-done:
			finished = true
		default:
		}
	}
}
