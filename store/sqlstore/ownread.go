package sqlstore

import (
	"context"
	"errors"
	"iter"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Get returns the resource with everything that is derived for it.
func (h ownHandle) Get(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
	return h.ReadProjected(ctx, ref, nil)
}

// ReadProjected returns the resource with the derived attributes that the
// projection includes.
func (h ownHandle) ReadProjected(ctx context.Context, ref store.Ref, p *schema.Projection) (r *schema.Resource, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	table := h.own.tables[ref.Type]
	if table == nil {
		return nil, store.ErrNotFound
	}
	include := selected(p)
	err = h.read(ctx, table.several(include, true), func(t *tx) error {
		s := h.rows(t, table)
		with := s.alone(include)
		if r, err = s.get(ctx, ref.ID, with); err != nil {
			return err
		}
		list := []*schema.Resource{r}
		err = s.complete(ctx, list, include, with)
		r = list[0]
		return err
	})
	return ifNil(r, err)
}

// read runs fn on one state of the database if it takes several statements, and
// otherwise without a transaction. What one statement could not read whole is
// read with several.
func (h ownHandle) read(ctx context.Context, several bool, fn func(*tx) error) error {
	run := h.session.single
	if several {
		run = h.session.view
	}
	err := run(ctx, fn)
	if !errors.Is(err, errCut) {
		return err
	}
	return h.session.view(ctx, func(t *tx) error {
		t.apart = true
		return fn(t)
	})
}

// get reads a resource, and of what is derived just what with says.
func (s ownRows) get(ctx context.Context, id schema.ID, with *reading) (*schema.Resource, error) {
	arg, ok := s.ID.param(id)
	if !ok {
		return nil, store.ErrNotFound
	}
	c := s.selecting(with)
	s.visible(c, "r", s.tenant)
	c.add(" AND "+s.id("r")+" = ?"+with.suffix, arg)
	list, err := s.load(ctx, c, with)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		if r.ID() == id { // a collation may find others too
			return r, nil
		}
	}
	return nil, store.ErrNotFound
}

// lock reads a resource so that nobody else changes it any more, and checks its
// version.
func (s ownRows) lock(ctx context.Context, id schema.ID, w store.Write) (*schema.Resource, error) {
	r, err := s.get(ctx, id, s.locking())
	if err != nil {
		return nil, err
	}
	return r, w.Check(r)
}

// Scan reads some resources at a time, so that no connection is held while the
// caller looks at them.
func (h ownHandle) Scan(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[*schema.Resource, error] {
	return inBatches(ctx, afterID, func(after schema.ID, size int) ([]*schema.Resource, error) {
		return h.batch(ctx, h.own.tables[resourceType], after, size)
	})
}

// batch reads the next resources of a type in the order of their ids.
func (h ownHandle) batch(ctx context.Context, table *ownTable, after schema.ID, size int) (list []*schema.Resource, err error) {
	if err := ctx.Err(); err != nil || table == nil {
		return nil, err
	}
	err = h.read(ctx, table.several(everything, false) || table.ID.Kind == IntegerID, func(t *tx) error {
		s, where := h.rows(t, table), &clause{}
		s.visible(where, "r", s.tenant)
		if list, err = s.inOrder(ctx, where, after, 0, size); err != nil {
			return err
		}
		return s.assemble(ctx, list, everything)
	})
	return list, err
}
