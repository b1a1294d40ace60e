package memstore

import (
	"context"
	"errors"
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
// projection includes. What is stored costs nothing and is always there.
func (h handle) ReadProjected(ctx context.Context, ref store.Ref, p *schema.Projection) (*schema.Resource, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := h.session.read()
	r, ok := s.stored(ref)
	if !ok {
		return nil, store.ErrNotFound
	}
	return s.assemble(r, selected(p)), nil
}

// Scan iterates over one state of the store.
func (h handle) Scan(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[*schema.Resource, error] {
	return func(yield func(*schema.Resource, error) bool) {
		s := h.session.read()
		t := s.table(resourceType)
		if t == nil {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
			}
			return
		}
		for slot := range t.order.From(s.afterID(afterID)) {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(s.assemble(s.rows.Get(slot), everything), nil) {
				return
			}
		}
	}
}

// ReadValues iterates over one state of the list.
func (h handle) ReadValues(ctx context.Context, ref store.Ref, p schema.Path) iter.Seq2[schema.Value, error] {
	return func(yield func(schema.Value, error) bool) {
		s := h.session.read()
		values, err := s.values(ref, p)
		if err != nil {
			yield(schema.Value{}, err)
			return
		}
		for v := range values {
			if err := ctx.Err(); err != nil {
				yield(schema.Value{}, err)
				return
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

func (s *state) values(ref store.Ref, p schema.Path) (iter.Seq[schema.Value], error) {
	r, ok := s.stored(ref)
	if !ok {
		return nil, store.ErrNotFound
	}
	if role := s.table(ref.Type).roleAt(p); role != nil && role.links.List == p {
		return s.derived(role, r.ties), nil
	}
	return s.assemble(r, p.Contains).Values(p), nil
}

// Inverse looks the holders up from the members' side.
func (h handle) Inverse(ctx context.Context, rel store.Relation, ids []schema.ID) (map[schema.ID][]store.Holder, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := h.session.read()
	at := slices.IndexFunc(s.config.Relations, func(r store.Relation) bool { return r.Type == rel.Type && r.Attribute == rel.Attribute })
	if at < 0 {
		return nil, errors.ErrUnsupported
	}
	held := make(map[schema.ID][]store.Holder, len(ids))
	for _, id := range ids {
		if _, done := held[id]; done {
			continue
		}
		slot, ok := s.find(id)
		if !ok {
			continue
		}
		for holder := range s.ties(at, slot).allHolders() {
			ref := store.Ref{Type: rel.Type, ID: s.id(holder)}
			held[id] = append(held[id], store.Holder{Ref: ref, Display: s.nameOf(at, holder)})
		}
	}
	return held, nil
}

// Relations returns the relations of the configuration.
func (h handle) Relations() []store.Relation { return h.session.read().config.Relations }
