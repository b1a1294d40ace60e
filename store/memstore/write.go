package memstore

import (
	"context"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Create stores a new resource.
func (h handle) Create(ctx context.Context, r *schema.Resource, w store.Write) (created *schema.Resource, err error) {
	in := incoming{stamped: w.Stamp(nil, r)}
	if s := h.session.ahead(); s != nil {
		in.prepare(s)
	}
	err = h.session.write(ctx, func(d *draft) error {
		created, err = d.create(r, in, w)
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

func (d *draft) create(r *schema.Resource, in incoming, w store.Write) (*schema.Resource, error) {
	if r.ID() != "" {
		if taken, ok := d.holderOfID(r.ID()); ok {
			return nil, &store.ConflictError{Path: r.Type().IDPath().String(), Existing: taken}
		}
	}
	return d.store(none, in, w)
}

// incoming is a resource on its way into the store.
type incoming struct {
	stamped *schema.Resource
	kept    *schema.Resource // as it is to be stored, if that is known already
}

// prepare does beforehand what depends on the type alone.
func (in *incoming) prepare(s *state) {
	if t := s.table(in.stamped.Type().Name()); t != nil && t.typ == in.stamped.Type() {
		in.kept = t.kept(in.stamped)
	}
}

// replacement is a resource on its way to take the place of an old one.
type replacement struct {
	resource, old *schema.Resource
	in            incoming
}

// prepare stamps the resource as the one after that in s.
func (r *replacement) prepare(s *state, w store.Write) (slot uint32, found bool) {
	slot, ok := s.slotOf(store.RefOf(r.resource))
	if ok && s.at(slot) != r.old {
		r.old = s.at(slot)
		r.in = incoming{stamped: w.Stamp(r.old, r.resource)}
		r.in.prepare(s)
	}
	return slot, ok
}

func (d *draft) replace(r *replacement, w store.Write) (*schema.Resource, error) {
	slot, ok := r.prepare(&d.state, w)
	if !ok {
		return nil, store.ErrNotFound
	}
	if err := w.Check(r.old); err != nil {
		return nil, err
	}
	return d.store(slot, r.in, w)
}

// store puts a resource into a slot, or into a new one, and its lists in place of
// the ones there are.
func (d *draft) store(slot uint32, in incoming, w store.Write) (*schema.Resource, error) {
	r := in.stamped
	t, err := d.tableFor(r.Type())
	if err != nil {
		return nil, err
	}
	if in.kept == nil {
		in.kept = t.kept(r)
	}
	if err := d.conflict(r.Type(), w.Keys(in.kept), slot); err != nil {
		return nil, err
	}
	if slot == none {
		slot = d.insert(in.kept)
	} else {
		d.update(slot, in.kept)
	}
	for i := range t.roles {
		if t.roles[i].holder {
			if err := d.setMembers(&t.roles[i], slot, r, w); err != nil {
				return nil, err
			}
		}
	}
	return d.assemble(d.rows.Get(slot), everything), nil
}

// delete removes a resource, the lists that it holds, and its memberships. It
// returns the last state as stored.
func (d *draft) delete(ref store.Ref, w store.Write) (*schema.Resource, error) {
	slot, ok := d.slotOf(ref)
	if !ok {
		return nil, store.ErrNotFound
	}
	r := d.at(slot)
	if err := w.Check(r); err != nil {
		return nil, err
	}
	d.endMemberships(slot, w)
	d.remove(slot)
	return r, nil
}

// holderOfID looks for an id among all types, because ids are unique across
// them (RFC 7643 §3.1), and among what was discarded.
func (d *draft) holderOfID(id schema.ID) (store.Ref, bool) {
	if slot, ok := d.find(id); ok {
		return store.RefOf(d.at(slot)), true
	}
	for _, t := range d.tables {
		if t.discarded(id) != nil {
			return store.Ref{Type: t.typ.Name(), ID: id}, true
		}
	}
	return store.Ref{}, false
}
