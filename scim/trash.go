package scim

import (
	"context"
	"errors"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// erase deletes the resource of the call for good, or keeps it out of sight.
func (c *call) erase(ctx context.Context, s store.Store, w store.Write) error {
	if !c.h.cfg.Lifecycle.SoftDelete {
		return s.Delete(ctx, c.ref(), w)
	}
	bin, err := store.Trash(s)
	if err != nil {
		return err
	}
	return bin.Discard(ctx, c.ref(), w)
}

// insert creates a resource, or does what the policy says if it was deleted.
func (c *call) insert(ctx context.Context, s store.Store, r *schema.Resource) (*Event, error) {
	old, path, err := c.discarded(ctx, s, r)
	if err != nil {
		return nil, err
	}
	if old == nil {
		ref, err := c.linked(ctx, s, r)
		if err != nil {
			return nil, err
		}
		if ref.ID != "" {
			return c.link(ctx, s, ref, r)
		}
		stored, err := s.Create(ctx, r, c.write())
		if err != nil {
			return nil, err
		}
		return c.event(OpCreate, nil, stored), nil
	}
	if c.h.cfg.Lifecycle.Recreate == RecreateConflict {
		return nil, &store.ConflictError{Path: path.String()}
	}
	return c.revive(ctx, s, old, r)
}

// revive brings a deleted resource back with new values.
func (c *call) revive(ctx context.Context, s store.Store, old, r *schema.Resource) (*Event, error) {
	bin, err := store.Trash(s)
	if err != nil {
		return nil, err
	}
	if _, err := bin.Restore(ctx, store.RefOf(old), c.write()); err != nil {
		return nil, err
	}
	b := r.Edit()
	b.SetID(old.ID())
	stored, err := s.Replace(ctx, b.Resource(), c.write())
	if err != nil {
		return nil, err
	}
	e := c.event(OpCreate, nil, stored)
	e.Kinds = []Kind{Restored}
	return e, nil
}

// discarded looks for a deleted resource with a key of r, if that matters.
func (c *call) discarded(ctx context.Context, s store.Store, r *schema.Resource) (*schema.Resource, schema.Path, error) {
	l := &c.h.cfg.Lifecycle
	if !l.SoftDelete || l.Recreate == RecreateNew {
		return nil, schema.Path{}, nil
	}
	bin, err := store.Trash(s)
	if err != nil {
		return nil, schema.Path{}, err
	}
	w := c.write()
	taken := map[schema.Key]bool{}
	for _, key := range w.Keys(r) {
		taken[key] = true
	}
	for found, err := range bin.Discarded(ctx, r.Type().Name(), "") {
		if err != nil {
			return nil, schema.Path{}, err
		}
		for _, key := range w.Keys(found.Resource) {
			if taken[key] {
				return found.Resource, key.Path, nil
			}
		}
	}
	return nil, schema.Path{}, nil
}

// Restore brings back a resource that Lifecycle.SoftDelete has kept, with its
// id and without its memberships, and returns it. The change is committed and
// told like one of a request by actor, which may be nil. It fails with a
// store.ErrNotFound if the resource is not kept, and with a
// *store.ConflictError if one of its unique values was taken meanwhile.
func (h *Handler) Restore(ctx context.Context, tenant Tenant, actor *Actor, ref store.Ref) (*schema.Resource, error) {
	t, ok := h.registry.ByName(ref.Type)
	if !ok {
		return nil, store.ErrNotFound
	}
	c := &call{h: h, id: requestID(""), actor: actor, tenant: tenant, profile: h.pairing, route: route{at: atItem, typ: t, name: string(ref.ID)}}
	c.tenant.Store = h.relater.Relate(tenant.ID, tenant.Store)
	return c.commit(ctx, func(ctx context.Context, s store.Store) (*Event, error) {
		bin, err := store.Trash(s)
		if err != nil {
			return nil, err
		}
		restored, err := bin.Restore(ctx, ref, c.write())
		if err != nil {
			return nil, err
		}
		return c.event(OpRestore, nil, restored), nil
	})
}

// Purge removes for good what was deleted before a moment and kept by
// Lifecycle.SoftDelete, and returns the number of resources. With Config.Journal
// it keeps a Record of each, by actor, who may be nil. Several instances may
// purge at the same time.
func (h *Handler) Purge(ctx context.Context, tenant Tenant, actor *Actor, before time.Time) (purged int, err error) {
	bin, err := store.Trash(tenant.Store)
	if err != nil {
		return 0, err
	}
	for t := range h.registry.Types() {
		var old []store.Ref
		for found, err := range bin.Discarded(ctx, t.Name(), "") {
			if err != nil {
				return purged, err
			}
			if found.Time.Before(before) {
				old = append(old, store.RefOf(found.Resource))
			}
		}
		for _, ref := range old {
			switch err := h.purge(ctx, tenant, actor, ref); {
			case err == nil:
				purged++
			case !errors.Is(err, store.ErrNotFound): // another instance was faster
				return purged, err
			}
		}
	}
	return purged, nil
}

// purge removes one resource for good.
func (h *Handler) purge(ctx context.Context, tenant Tenant, actor *Actor, ref store.Ref) error {
	return store.InTx(ctx, tenant.Store, func(ctx context.Context, tx store.Store) error {
		bin, err := store.Trash(tx)
		if err != nil {
			return err
		}
		if err := bin.Purge(ctx, ref); err != nil || !h.cfg.Journal {
			return err
		}
		c := &call{h: h, id: requestID(""), actor: actor, tenant: tenant, profile: h.pairing}
		e := c.event(OpPurge, nil, nil)
		e.Ref, e.Kinds = ref, []Kind{Purged}
		return appendEvent(ctx, tx, e)
	})
}
