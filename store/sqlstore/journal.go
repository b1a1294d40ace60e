package sqlstore

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/muster-scim/muster/store"
)

// Journal returns the journal of the store, or of the transaction.
func (h handle) Journal() (store.Log, error) { return journalLog(h), nil }

// journalLog is the store.Log of a session.
type journalLog handle

// Append keeps the entries for the end of the transaction.
func (l journalLog) Append(ctx context.Context, entries ...store.Entry) error {
	if s, ok := l.session.(inside); ok {
		s.tx.pending = append(s.tx.pending, entries...)
		return ctx.Err()
	}
	return l.session.write(ctx, func(t *tx) error {
		t.pending = append(t.pending, entries...)
		return nil
	})
}

// appendPending numbers entries under a lock that is held until the end of the
// transaction, so that they appear in the order of their Seq. It comes last,
// because other writers of the tenant that have entries wait for it.
func (t *tx) appendPending(ctx context.Context) error {
	entries := t.pending
	if len(entries) == 0 {
		return nil
	}
	t.pending = nil
	advance := func() (int64, error) {
		return t.exec(ctx, "UPDATE muster_journals SET last_seq = last_seq + ? WHERE tenant = ?", len(entries), t.guard.tenant)
	}
	n, err := advance()
	if err == nil && n == 0 {
		if _, err = t.exec(ctx, t.dialect.insertNew(newJournal), t.guard.tenant); err == nil {
			_, err = advance()
		}
	}
	if err != nil {
		return err
	}
	list := make([][]any, len(entries))
	for i, e := range entries {
		if err := fits(e.TxID, e.Kind, e.Ref.Type, string(e.Ref.ID)); err != nil {
			return err
		}
		data := e.Data
		if data == nil {
			data = []byte{}
		}
		list[i] = []any{t.guard.tenant, t.guard.tenant, len(entries) - 1 - i, e.Time.UnixNano(), e.TxID, e.Kind, e.Ref.Type, e.Ref.ID, data}
	}
	insert := func(rest string) string { return "INSERT INTO " + rest } // nothing is left out or cut off
	return t.insertRows(ctx, insert, "muster_journal (tenant, seq, happened, tx, kind, type, id, data)",
		"(?, (SELECT last_seq FROM muster_journals WHERE tenant = ?) - ?, ?, ?, ?, ?, ?, ?)", list)
}

// newJournal makes the row of a journal.
const newJournal = "muster_journals (tenant, last_seq, pruned_seq) VALUES (?, 0, 0)"

// locked runs fn while nobody appends to the journal or works on its consumers.
func (l journalLog) locked(ctx context.Context, fn func(*tx) error) error {
	return l.session.write(ctx, func(t *tx) error {
		err := lockRow(ctx, t, "SELECT 1 FROM muster_journals WHERE tenant = ?"+t.dialect.forUpdate(), newJournal, l.tenant)
		if err != nil {
			return err
		}
		return fn(t)
	})
}

// Read reads some entries at a time.
func (l journalLog) Read(ctx context.Context, after uint64) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		for first := true; ; first = false {
			list, err := l.entries(ctx, after, first)
			if err != nil {
				yield(store.Entry{}, err)
				return
			}
			for _, e := range list {
				if err := ctx.Err(); err != nil {
					yield(store.Entry{}, err)
					return
				}
				if !yield(e, nil) {
					return
				}
				after = e.Seq
			}
			if len(list) < journalBatch {
				return
			}
		}
	}
}

const journalBatch = 500

// entries reads the next entries, and on the first call checks the position.
func (l journalLog) entries(ctx context.Context, after uint64, check bool) (list []store.Entry, err error) {
	h := handle(l)
	err = h.session.view(ctx, func(t *tx) error {
		list = nil
		if err := t.appendPending(ctx); err != nil {
			return err
		}
		var pruned uint64
		if _, err := t.one(ctx, "SELECT pruned_seq FROM muster_journals WHERE tenant = ?", []any{h.tenant}, &pruned); err != nil {
			return err
		}
		if check && after > 0 && after < pruned {
			return fmt.Errorf("%w: journal entries up to %d were pruned", store.ErrPosition, pruned)
		}
		return t.each(ctx, "SELECT seq, happened, tx, kind, type, id, data FROM muster_journal WHERE tenant = ? AND seq > ? ORDER BY seq LIMIT ?",
			[]any{h.tenant, int64(after), journalBatch}, func(scan func(...any) error) error {
				var e store.Entry
				var happened int64
				err := scan(&e.Seq, &happened, &e.TxID, &e.Kind, &e.Ref.Type, &e.Ref.ID, &e.Data)
				e.Time = time.Unix(0, happened).UTC()
				list = append(list, e)
				return err
			})
	})
	return list, err
}

func (l journalLog) Consumers(ctx context.Context) (map[string]uint64, error) {
	consumers := map[string]uint64{}
	err := handle(l).read(ctx, false, func(t *tx) error { return l.positions(ctx, t, consumers) })
	return consumers, err
}

func (l journalLog) positions(ctx context.Context, t *tx, into map[string]uint64) error {
	return t.each(ctx, "SELECT consumer, seq FROM muster_consumers WHERE tenant = ?", []any{l.tenant}, func(scan func(...any) error) error {
		var name string
		var at uint64
		err := scan(&name, &at)
		into[name] = at
		return err
	})
}

func (l journalLog) Advance(ctx context.Context, consumer string, from, to uint64) error {
	if err := fits(consumer); err != nil {
		return err
	}
	return l.locked(ctx, func(t *tx) error {
		consumers := map[string]uint64{}
		if err := l.positions(ctx, t, consumers); err != nil {
			return err
		}
		if at := consumers[consumer]; at != from || to < from {
			return fmt.Errorf("%w: consumer %s is at %d", store.ErrVersion, consumer, at)
		}
		if _, err := t.exec(ctx, "DELETE FROM muster_consumers WHERE tenant = ? AND consumer = ?", l.tenant, consumer); err != nil {
			return err
		}
		_, err := t.exec(ctx, "INSERT INTO muster_consumers (tenant, consumer, seq) VALUES (?, ?, ?)", l.tenant, consumer, int64(to))
		return err
	})
}

func (l journalLog) Forget(ctx context.Context, consumer string) error {
	return l.locked(ctx, func(t *tx) error {
		_, err := t.exec(ctx, "DELETE FROM muster_consumers WHERE tenant = ? AND consumer = ?", l.tenant, consumer)
		return err
	})
}

func (l journalLog) Prune(ctx context.Context, through uint64) (int, error) {
	var n int64
	err := l.locked(ctx, func(t *tx) error {
		consumers := map[string]uint64{}
		if err := l.positions(ctx, t, consumers); err != nil {
			return err
		}
		for _, at := range consumers {
			through = min(through, at)
		}
		var last int64
		through := int64(min(through, 1<<62))
		_, err := t.one(ctx, "SELECT COALESCE(MAX(seq), 0) FROM muster_journal WHERE tenant = ? AND seq <= ?", []any{l.tenant, through}, &last)
		if err != nil || last == 0 {
			return err
		}
		if n, err = t.exec(ctx, "DELETE FROM muster_journal WHERE tenant = ? AND seq <= ?", l.tenant, last); err != nil {
			return err
		}
		_, err = t.exec(ctx, "UPDATE muster_journals SET pruned_seq = ? WHERE tenant = ?", last, l.tenant)
		return err
	})
	return int(n), err
}
