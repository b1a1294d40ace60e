package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// direct runs a transaction's function on the store itself.
func direct(b *broken) {
	b.inTx = func(ctx context.Context, fn func(context.Context, store.Store) error) error {
		return fn(ctx, slowly{store.Forward{Inner: b.Inner}})
	}
}

// slowly pauses after each read, so that the steps of others come in between.
type slowly struct{ store.Forward }

func (s slowly) Get(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
	r, err := s.Inner.Get(ctx, ref)
	pause()
	return r, err
}

func (s slowly) InTx(ctx context.Context, fn func(context.Context, store.Store) error) error {
	return fn(ctx, s)
}

// snapshotReads is a transaction that reads what was there before it.
type snapshotReads struct {
	store.Forward
	before store.Store
}

func (s snapshotReads) Get(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
	return s.before.Get(ctx, ref)
}

// aborting fails for good after the first error, as a database does.
type aborting struct {
	store.Forward
	failed *bool
}

func (s aborting) Create(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	if *s.failed {
		return nil, errors.New("current transaction is aborted")
	}
	stored, err := s.Inner.Create(ctx, r, w)
	*s.failed = err != nil
	return stored, err
}

var txMutants = []mutant{
	{name: "Tx/Commits", flaw: "forgets to commit", breakIt: func(b *broken) {
		b.inTx = func(ctx context.Context, fn func(context.Context, store.Store) error) error {
			err := b.Forward.InTx(ctx, func(ctx context.Context, tx store.Store) error {
				if err := fn(ctx, tx); err != nil {
					return err
				}
				return errForgotten
			})
			if errors.Is(err, errForgotten) {
				return nil
			}
			return err
		}
	}},
	{name: "Tx/Undoes", flaw: "has no transactions", breakIt: direct},
	{name: "Tx/Joins", flaw: "has no transactions", breakIt: direct},
	{name: "Tx/OneAfterAnother", flaw: "has no transactions", breakIt: direct},
	{name: "Tx/PanicUndoes", flaw: "swallows the panic", breakIt: func(b *broken) {
		b.inTx = func(ctx context.Context, fn func(context.Context, store.Store) error) error {
			return b.Forward.InTx(ctx, func(ctx context.Context, tx store.Store) (err error) {
				defer func() {
					if p := recover(); p != nil {
						err = fmt.Errorf("panic: %v", p)
					}
				}()
				return fn(ctx, tx)
			})
		}
	}},
	{name: "Tx/ReadsItsWrites", flaw: "reads outside", breakIt: func(b *broken) {
		b.Rewrap = func(tx store.Store) store.Store { return snapshotReads{store.Forward{Inner: tx}, b.Inner} }
	}},
	{name: "Tx/GoesOnAfterRefusal", flaw: "is aborted by a conflict", breakIt: func(b *broken) {
		b.Rewrap = func(tx store.Store) store.Store { return aborting{store.Forward{Inner: tx}, new(bool)} }
	}},
	{name: "Tx/RefusedHalfway", flaw: "keeps what it had done", breakIt: func(b *broken) {
		b.Rewrap = func(tx store.Store) store.Store { return halfway{store.Forward{Inner: tx}} }
	}},
}

// halfway leaves the group of a refused creation behind, without a name and
// members.
type halfway struct{ store.Forward }

func (s halfway) Create(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	stored, err := s.Inner.Create(ctx, r, w)
	if err != nil && r.Type().Name() == "Group" {
		_, _ = s.Inner.Create(ctx, r.Type().New().Resource(), store.Write{})
	}
	return stored, err
}

var errForgotten = errors.New("forgotten")

// memoryLog is a simple journal that can be broken.
type memoryLog struct {
	reversed bool // appends backwards
	late     bool // shows an entry some time after it got its number
	loose    bool // moves a consumer wherever it is
	racy     bool // looks and moves in two steps
	deaf     bool // does not register a consumer at 0
	shared   bool // hands out its own map
	ruthless bool // prunes what consumers still need

	mu        sync.Mutex
	seq       uint64
	reads     int // that found something new
	entries   []store.Entry
	consumers map[string]uint64
}

// logOf gives each tenant a log of its own.
func logOf(l *memoryLog) func(*broken) {
	return func(b *broken) {
		b.journal = &memoryLog{
			reversed: l.reversed, late: l.late, loose: l.loose, racy: l.racy, shared: l.shared, ruthless: l.ruthless, deaf: l.deaf,
			consumers: map[string]uint64{},
		}
		b.Rewrap = func(tx store.Store) store.Store {
			return &broken{Forward: store.Forward{Inner: tx}, journal: b.journal}
		}
		if l.late { // transactions that run at the same time
			b.inTx = func(ctx context.Context, fn func(context.Context, store.Store) error) error { return fn(ctx, b) }
		}
	}
}

func (l *memoryLog) Append(_ context.Context, entries ...store.Entry) error {
	for i := range entries {
		e := entries[i]
		if l.reversed {
			e = entries[len(entries)-1-i]
		}
		l.mu.Lock()
		l.seq++
		e.Seq = l.seq
		if l.late && e.Seq%3 == 1 {
			l.outlive(l.reads + 2)
		}
		at := len(l.entries)
		for at > 0 && l.entries[at-1].Seq > e.Seq {
			at--
		}
		l.entries = append(l.entries[:at:at], append([]store.Entry{e}, l.entries[at:]...)...)
		l.mu.Unlock()
	}
	return nil
}

// outlive waits, with the log unlocked, until a later entry was read, or gives
// up after a while.
func (l *memoryLog) outlive(reads int) {
	for range 10_000 {
		if l.reads >= reads {
			return
		}
		l.mu.Unlock()
		runtime.Gosched()
		l.mu.Lock()
	}
}

func (l *memoryLog) Read(_ context.Context, after uint64) iter.Seq2[store.Entry, error] {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries := l.entries
	if len(entries) > 0 && entries[len(entries)-1].Seq > after {
		l.reads++
	}
	return func(yield func(store.Entry, error) bool) {
		for _, e := range entries {
			if e.Seq > after && !yield(e, nil) {
				return
			}
		}
	}
}

func (l *memoryLog) Consumers(context.Context) (map[string]uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shared {
		return l.consumers, nil
	}
	copied := map[string]uint64{}
	for name, at := range l.consumers {
		copied[name] = at
	}
	return copied, nil
}

func (l *memoryLog) Advance(_ context.Context, consumer string, from, to uint64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.consumers[consumer] != from && !l.loose {
		return store.ErrVersion
	}
	if l.racy {
		l.mu.Unlock()
		pause()
		l.mu.Lock()
	}
	if to > 0 || !l.deaf {
		l.consumers[consumer] = to
	}
	return nil
}

func (l *memoryLog) Forget(_ context.Context, consumer string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.consumers, consumer)
	return nil
}

func (l *memoryLog) Prune(_ context.Context, through uint64) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, at := range l.consumers {
		if !l.ruthless {
			through = min(through, at)
		}
	}
	n := 0
	for n < len(l.entries) && l.entries[n].Seq <= through {
		n++
	}
	l.entries = l.entries[n:]
	return n, nil
}

var journalMutants = []mutant{
	{name: "Journal/InOrder", flaw: "appends backwards", breakIt: logOf(&memoryLog{reversed: true})},
	{name: "Journal/PartOfTransaction", flaw: "writes at once", breakIt: logOf(&memoryLog{})},
	{name: "Journal/NoGapFills", flaw: "numbers before it commits", breakIt: logOf(&memoryLog{late: true})},
	{name: "Journal/Advance", flaw: "moves from anywhere", breakIt: logOf(&memoryLog{loose: true})},
	{name: "Journal/Register", flaw: "forgets who has seen nothing", breakIt: logOf(&memoryLog{deaf: true})},
	{name: "Journal/AdvanceRace", flaw: "looks before it moves", breakIt: logOf(&memoryLog{racy: true})},
	{name: "Journal/Prune", flaw: "forgets slow consumers", breakIt: logOf(&memoryLog{ruthless: true})},
	{name: "Journal/Prune", flaw: "does not tell what is gone", breakIt: logOf(&memoryLog{})},
	{name: "Ownership/EntryData", flaw: "hands out its own map", breakIt: logOf(&memoryLog{shared: true})},
}
