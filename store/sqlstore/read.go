package sqlstore

import (
	"context"
	"database/sql"
	"iter"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Get returns the resource with everything that is derived for it.
func (h handle) Get(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
	return h.ReadProjected(ctx, ref, nil)
}

// ReadProjected returns the resource with the derived attributes that the
// projection includes.
func (h handle) ReadProjected(ctx context.Context, ref store.Ref, p *schema.Projection) (r *schema.Resource, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	k := h.db.kinds[ref.Type]
	if k == nil {
		return nil, store.ErrNotFound
	}
	var list []*schema.Resource
	err = h.read(ctx, false, func(t *tx) error {
		list, err = h.rows(t, k).byID(ctx, ref.ID, selected(p))
		return err
	})
	return found(list, err)
}

// read runs fn on one state of the database if it takes several statements,
// and otherwise without a transaction.
func (h handle) read(ctx context.Context, several bool, fn func(*tx) error) error {
	if _, ok := h.session.(inside); ok || several {
		return h.session.view(ctx, fn)
	}
	h.db.prepared.prepare(ctx)
	return retry(ctx, func() error { return fn(h.single()) })
}

// get reads a resource without what is derived.
func (s rows) get(ctx context.Context, id schema.ID) (*schema.Resource, error) {
	return found(s.byID(ctx, id, nothing))
}

// Scan reads some resources at a time, so that no connection is held while the
// caller looks at them.
func (h handle) Scan(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[*schema.Resource, error] {
	return inBatches(ctx, afterID, func(after schema.ID, size int) ([]*schema.Resource, error) {
		return h.batch(ctx, h.db.kinds[resourceType], after, size)
	})
}

// batch reads the next resources of a type in the order of their ids.
func (h handle) batch(ctx context.Context, k *kind, after schema.ID, size int) (list []*schema.Resource, err error) {
	if err := ctx.Err(); err != nil || k == nil {
		return nil, err
	}
	err = h.read(ctx, k.derives(everything), func(t *tx) error {
		s := h.rows(t, k)
		var c clause
		c.add("SELECT doc FROM muster_resources WHERE tenant = ? AND type = ? AND id > ? ORDER BY id LIMIT ?",
			s.tenant, k.typ.Name(), sanitized(after), size)
		list, err = s.documents(ctx, &c)
		if err != nil {
			return err
		}
		return s.assemble(ctx, list, everything)
	})
	return list, err
}

// sanitized returns a text that orders among ids as the given one does, and
// that a database accepts: no id has a NUL in it.
func sanitized(after schema.ID) schema.ID {
	for i := range len(after) {
		if after[i] == 0 {
			return after[:i]
		}
	}
	return after
}

// documents reads the resources that a query finds.
func (s rows) documents(ctx context.Context, c *clause) (list []*schema.Resource, err error) {
	err = s.sel(ctx, c, s.decodeTo(&list, false))
	return list, err
}

// decodeTo returns what reads a document from a row, and if it is the only one
// leaves it at that.
func (s rows) decodeTo(list *[]*schema.Resource, one bool) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var doc sql.RawBytes // a resource keeps copies of its texts
		if err := scan(&doc); err != nil {
			return err
		}
		r, err := s.decode(doc)
		*list = append(*list, r)
		if err == nil && one {
			err = errEnough
		}
		return err
	}
}

// ReadValues iterates over one state of the list, and keeps a transaction open
// while it does.
func (h handle) ReadValues(ctx context.Context, ref store.Ref, p schema.Path) iter.Seq2[schema.Value, error] {
	return emitted(ctx, func(begun *bool, emit func(schema.Value) error) error {
		k := h.db.kinds[ref.Type]
		if k == nil {
			return store.ErrNotFound
		}
		return h.once(ctx, begun, func(t *tx) error { return h.rows(t, k).values(ctx, ref.ID, p, emit) })
	})
}

// once is view without a second attempt once fn has begun what cannot be taken
// back.
func (h handle) once(ctx context.Context, begun *bool, fn func(*tx) error) error {
	if _, ok := h.session.(inside); ok {
		return h.session.view(ctx, fn)
	}
	return h.db.once(ctx, begun, fn)
}

// values calls emit for each value at p.
func (s rows) values(ctx context.Context, id schema.ID, p schema.Path, emit func(schema.Value) error) error {
	r, err := s.get(ctx, id)
	if err != nil {
		return err
	}
	if role := s.roleAt(p); role != nil && role.holder && role.links.List == p {
		return s.stream(ctx, *role, id, emit)
	}
	list := []*schema.Resource{r}
	if err := s.assemble(ctx, list, p.Contains); err != nil {
		return err
	}
	return emitAll(list[0].Values(p), emit)
}

// stream reads the members of a holder, some at a time.
func (s rows) stream(ctx context.Context, role role, holder schema.ID, emit func(schema.Value) error) error {
	const most = 1000
	for last := int64(0); ; {
		var batch []schema.Value
		err := s.each(ctx, "SELECT m.seq, m.member, r.type, r.name"+s.tx.dialect.memberRows()+" AND m.holder = ? AND m.seq > ? ORDER BY m.seq LIMIT ?",
			[]any{s.tenant, role.key(), holder, last, most}, func(scan func(...any) error) error {
				var id schema.ID
				var name, names string
				err := scan(&last, &id, &name, &names)
				batch = append(batch, role.links.Element(id, name, s.db.nameIn(role.Relation, names)))
				return err
			})
		if err != nil {
			return err
		}
		if err := emitAll(slices.Values(batch), emit); err != nil {
			return err
		}
		if len(batch) < most {
			return nil
		}
	}
}
