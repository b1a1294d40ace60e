package memstore

import (
	"context"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Create stores a new resource.
func (h handle) Create(ctx context.Context, r *schema.Resource, w store.Write) (created *schema.Resource, err error) {
	stamped := w.Stamp(nil, r)
	err = h.session.write(ctx, func(d *draft) error {
		created, err = d.create(r, stamped, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return created, nil
}

// Replace stores a new state of a resource.
func (h handle) Replace(ctx context.Context, r *schema.Resource, w store.Write) (replaced *schema.Resource, err error) {
	ready := replacement{resource: r}
	if s := h.session.ahead(); s != nil {
		ready.prepare(s, w)
	}
	err = h.session.write(ctx, func(d *draft) error {
		replaced, err = d.replace(&ready, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return replaced, nil
}

// Delete removes a resource and its memberships.
func (h handle) Delete(ctx context.Context, ref store.Ref, w store.Write) error {
	return h.session.write(ctx, func(d *draft) error {
		_, err := d.delete(ref, w)
		return err
	})
}

func (d *draft) create(r, stamped *schema.Resource, w store.Write) (*schema.Resource, error) {
	if r.ID() != "" {
		if taken, ok := d.holderOfID(r.ID()); ok {
			return nil, &store.ConflictError{Path: r.Type().IDPath().String(), Existing: taken}
		}
	}
	return d.store(nil, stamped, w)
}

// replacement is a resource on its way to take the place of an old one.
type replacement struct {
	resource, old, stamped *schema.Resource
}

// prepare stamps the resource as the one after that in s.
func (r *replacement) prepare(s *state, w store.Write) (found bool) {
	old, ok := s.stored(store.RefOf(r.resource))
	if ok && old != r.old {
		r.old, r.stamped = old, w.Stamp(old, r.resource)
	}
	return ok
}

func (d *draft) replace(r *replacement, w store.Write) (*schema.Resource, error) {
	if !r.prepare(&d.state, w) {
		return nil, store.ErrNotFound
	}
	if err := w.Check(r.old); err != nil {
		return nil, err
	}
	return d.store(r.old, r.stamped, w)
}

// store puts r, which is stamped, in place of old, and its lists in place of
// the ones there are.
func (d *draft) store(old, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	t, err := d.tableFor(r.Type())
	if err != nil {
		return nil, err
	}
	bare := t.bare(r)
	if err := t.conflict(d.edit, bare, w); err != nil {
		return nil, err
	}
	t.put(d.edit, old, bare)
	for i := range t.roles {
		if t.roles[i].holder {
			if err := d.setMembers(&t.roles[i], r, w); err != nil {
				return nil, err
			}
		}
	}
	return d.assemble(t, bare, everything), nil
}

// delete removes a resource, the lists that it holds, and its memberships. It
// returns the last state as stored.
func (d *draft) delete(ref store.Ref, w store.Write) (*schema.Resource, error) {
	r, ok := d.stored(ref)
	if !ok {
		return nil, store.ErrNotFound
	}
	if err := w.Check(r); err != nil {
		return nil, err
	}
	t, err := d.tableFor(r.Type())
	if err != nil {
		return nil, err
	}
	t.drop(d.edit, r)
	return r, d.endMemberships(ref, w)
}

// holderOfID looks for an id among all types, because ids are unique across
// them (RFC 7643 §3.1), and among what was discarded.
func (d *draft) holderOfID(id schema.ID) (store.Ref, bool) {
	for _, t := range d.tables {
		if _, ok := t.byID.Get(string(id)); ok || t.discarded(id) != nil {
			return store.Ref{Type: t.typ.Name(), ID: id}, true
		}
	}
	return store.Ref{}, false
}
