package memstore

import (
	"context"
	"iter"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Trash returns the bin of the store, or of the transaction.
func (h handle) Trash() (store.Bin, error) { return bin(h), nil }

// bin is the store.Bin of a session.
type bin struct{ session session }

func (b bin) Discard(ctx context.Context, ref store.Ref, w store.Write) error {
	return b.session.write(ctx, func(d *draft) error {
		r, err := d.delete(ref, w)
		if err != nil {
			return err
		}
		t := d.ownTable(d.tableOf(r))
		t.bin.Set(d.edit, store.Discarded{Resource: r, Time: w.Instant()}, toDiscarded(r.ID()))
		return nil
	})
}

func (b bin) Restore(ctx context.Context, ref store.Ref, w store.Write) (restored *schema.Resource, err error) {
	err = b.session.write(ctx, func(d *draft) error {
		found, err := d.purge(ref)
		if err != nil {
			return err
		}
		if err := w.Check(found.Resource); err != nil {
			return err
		}
		restored, err = d.store(none, incoming{stamped: w.Stamp(found.Resource, found.Resource)}, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return restored, nil
}

func (b bin) Purge(ctx context.Context, ref store.Ref) error {
	return b.session.write(ctx, func(d *draft) error {
		_, err := d.purge(ref)
		return err
	})
}

func (b bin) Discarded(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[store.Discarded, error] {
	return func(yield func(store.Discarded, error) bool) {
		t := b.session.read().table(resourceType)
		if t == nil {
			return
		}
		for found := range t.bin.From(afterDiscarded(afterID)) {
			if err := ctx.Err(); err != nil {
				yield(store.Discarded{}, err)
				return
			}
			if !yield(found, nil) {
				return
			}
		}
	}
}

func afterDiscarded(id schema.ID) func(store.Discarded) int {
	return func(found store.Discarded) int {
		if found.Resource.ID() <= id {
			return -1
		}
		return 1
	}
}

// purge takes a resource out of the bin.
func (d *draft) purge(ref store.Ref) (*store.Discarded, error) {
	t := d.table(ref.Type)
	if t == nil {
		return nil, store.ErrNotFound
	}
	found := t.discarded(ref.ID)
	if found == nil {
		return nil, store.ErrNotFound
	}
	d.ownTable(t).bin.Delete(d.edit, toDiscarded(ref.ID))
	return found, nil
}

// toDiscarded tells how something discarded compares to an id.
func toDiscarded(id schema.ID) func(store.Discarded) int {
	return func(f store.Discarded) int { return f.Resource.ID().Compare(id) }
}

// discarded returns what the bin holds under an id, or nil.
func (t *table) discarded(id schema.ID) (found *store.Discarded) {
	rank, ok := t.bin.Find(toDiscarded(id))
	if !ok {
		return nil
	}
	for f := range t.bin.At(rank) {
		return &f
	}
	return nil
}
