package sqlstore

import (
	"context"
	"iter"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Trash returns the bin of the store, or of the transaction.
func (h handle) Trash() (store.Bin, error) { return bin(h), nil }

// bin is the store.Bin of a session.
type bin handle

func (b bin) Discard(ctx context.Context, ref store.Ref, w store.Write) error {
	return b.session.write(ctx, func(t *tx) error {
		r, err := handle(b).delete(ctx, t, ref, w)
		if err != nil {
			return err
		}
		doc, err := r.AppendJSON(nil, &schema.Encoding{All: true})
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, "INSERT INTO muster_trash (tenant, id, type, discarded, doc) VALUES (?, ?, ?, ?, ?)",
			b.tenant, ref.ID, ref.Type, w.Instant().UnixMilli(), string(doc))
		return err
	})
}

func (b bin) Restore(ctx context.Context, ref store.Ref, w store.Write) (restored *schema.Resource, err error) {
	k := b.db.kinds[ref.Type]
	if k == nil || !namable(ref.ID) {
		return nil, store.ErrNotFound
	}
	err = b.session.write(ctx, func(t *tx) error {
		s := handle(b).rows(t, k)
		var doc []byte
		found, err := s.one(ctx, "SELECT doc FROM muster_trash WHERE tenant = ? AND id = ? AND type = ?"+t.dialect.forUpdate(), []any{b.tenant, ref.ID, ref.Type}, &doc)
		if err != nil {
			return err
		}
		if !found {
			return store.ErrNotFound
		}
		old, err := s.decode(doc)
		if err != nil {
			return err
		}
		if err := w.Check(old); err != nil {
			return err
		}
		restored, err = s.restore(ctx, old, w)
		return err
	})
	return ifNil(restored, err)
}

// restore moves a resource out of the bin.
func (s rows) restore(ctx context.Context, old *schema.Resource, w store.Write) (*schema.Resource, error) {
	if _, err := s.exec(ctx, "DELETE FROM muster_trash WHERE tenant = ? AND id = ?", s.tenant, old.ID()); err != nil {
		return nil, err
	}
	r := w.Stamp(old, old)
	if err := s.insert(ctx, r); err != nil {
		return nil, err
	}
	return s.store(ctx, nil, r, w)
}

func (b bin) Purge(ctx context.Context, ref store.Ref) error {
	if !namable(ref.ID) {
		return store.ErrNotFound
	}
	return b.session.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, "DELETE FROM muster_trash WHERE tenant = ? AND id = ? AND type = ?", b.tenant, ref.ID, ref.Type)
		if err == nil && n == 0 {
			return store.ErrNotFound
		}
		return err
	})
}

func (b bin) Discarded(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[store.Discarded, error] {
	const most = 256
	return func(yield func(store.Discarded, error) bool) {
		for {
			list, err := b.batch(ctx, resourceType, afterID, most)
			if err != nil {
				yield(store.Discarded{}, err)
				return
			}
			for _, d := range list {
				if !yield(d, nil) {
					return
				}
				afterID = d.Resource.ID()
			}
			if len(list) < most {
				return
			}
		}
	}
}

// batch reads the next resources in the bin.
func (b bin) batch(ctx context.Context, resourceType string, after schema.ID, most int) (list []store.Discarded, err error) {
	k := b.db.kinds[resourceType]
	if err := ctx.Err(); err != nil || k == nil {
		return nil, err
	}
	err = handle(b).read(ctx, false, func(t *tx) error {
		list = nil
		return t.each(ctx, "SELECT discarded, doc FROM muster_trash WHERE tenant = ? AND type = ? AND id > ? ORDER BY id LIMIT ?",
			[]any{b.tenant, resourceType, sanitized(after), most}, func(scan func(...any) error) error {
				var at int64
				var doc []byte
				if err := scan(&at, &doc); err != nil {
					return err
				}
				r, err := k.decode(doc)
				list = append(list, store.Discarded{Resource: r, Time: time.UnixMilli(at).UTC()})
				return err
			})
	})
	return list, err
}
