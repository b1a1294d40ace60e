package memstore

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// journal is one state of the journal. It never changes.
type journal struct {
	entries   cow.Tree[*store.Entry] // by Seq
	last      uint64                 // the highest Seq ever given
	pruned    uint64                 // the highest Seq ever removed
	consumers map[string]uint64
}

// toSeq tells how an entry compares to the one with a number.
func toSeq(seq uint64) func(*store.Entry) int {
	return func(e *store.Entry) int { return cmp.Compare(e.Seq, seq) }
}

// after iterates over the entries after a position.
func (j *journal) after(seq uint64) iter.Seq[*store.Entry] {
	return j.entries.From(toSeq(seq + 1))
}

// Journal returns the journal of the store, or of the transaction.
func (h handle) Journal() (store.Log, error) { return journalLog(h), nil }

// journalLog is the store.Log of a session.
type journalLog struct{ session session }

// change runs fn on a copy of the journal.
func (l journalLog) change(ctx context.Context, fn func(j *journal, d *draft) error) error {
	return l.session.write(ctx, func(d *draft) error {
		j := *d.journal
		if err := fn(&j, d); err != nil {
			return err
		}
		d.journal = &j
		return nil
	})
}

func (l journalLog) Append(ctx context.Context, entries ...store.Entry) error {
	return l.change(ctx, func(j *journal, d *draft) error {
		for _, e := range entries {
			j.last++
			e.Seq = j.last
			j.entries.Set(d.edit, &e, toSeq(e.Seq))
		}
		return nil
	})
}

func (l journalLog) Read(ctx context.Context, after uint64) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		j := l.session.read().journal
		if after > 0 && after < j.pruned {
			yield(store.Entry{}, fmt.Errorf("%w: journal entries up to %d were pruned", store.ErrPosition, j.pruned))
			return
		}
		for e := range j.after(after) {
			if err := ctx.Err(); err != nil {
				yield(store.Entry{}, err)
				return
			}
			if !yield(*e, nil) {
				return
			}
		}
	}
}

func (l journalLog) Consumers(ctx context.Context) (map[string]uint64, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	consumers := maps.Clone(l.session.read().journal.consumers)
	if consumers == nil {
		consumers = map[string]uint64{}
	}
	return consumers, nil
}

func (l journalLog) Advance(ctx context.Context, consumer string, from, to uint64) error {
	return l.change(ctx, func(j *journal, _ *draft) error {
		if at := j.consumers[consumer]; at != from || to < from {
			return fmt.Errorf("%w: consumer %s is at %d", store.ErrVersion, consumer, at)
		}
		j.consumers = maps.Clone(j.consumers)
		if j.consumers == nil {
			j.consumers = map[string]uint64{}
		}
		j.consumers[consumer] = to
		return nil
	})
}

func (l journalLog) Forget(ctx context.Context, consumer string) error {
	return l.change(ctx, func(j *journal, _ *draft) error {
		j.consumers = maps.Clone(j.consumers)
		delete(j.consumers, consumer)
		return nil
	})
}

func (l journalLog) Prune(ctx context.Context, through uint64) (n int, err error) {
	err = l.change(ctx, func(j *journal, d *draft) error {
		n = 0
		for _, at := range j.consumers {
			through = min(through, at)
		}
		entries := j.entries
		for e := range entries.At(0) {
			if e.Seq > through {
				break
			}
			j.entries.Delete(cow.NewEdit(), toSeq(e.Seq))
			j.pruned = e.Seq
			n++
		}
		return nil
	})
	return n, err
}
