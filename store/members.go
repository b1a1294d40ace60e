package store

import (
	"context"
	"errors"

	"github.com/muster-scim/muster/schema"
)

// This file holds what the wrapper of Relate does before and after a write.

// prepare returns r as it is to be stored: lists with known members only, each
// once, with value and type and nothing else; members that were there before
// in their old place. What is derived is left out.
func (s *related) prepare(ctx context.Context, tx Store, old, r *schema.Resource, w Write) (*schema.Resource, error) {
	for _, rel := range s.own {
		if target, ok := rel.Target(r.Type().Name()); ok {
			r = without(r, target.Inverse)
		}
		links, ok := LinksOf(r.Type(), rel.Attribute)
		if !ok || rel.Type != r.Type().Name() || r.Get(links.List).IsZero() {
			continue
		}
		m := memberList{rel: rel, links: links, store: tx, holder: r.ID(), write: w}
		list, err := m.build(ctx, old, r)
		if err != nil {
			return nil, err
		}
		b := r.Edit()
		if err := b.Set(links.List, schema.List(list...)); err != nil {
			return nil, err
		}
		r = b.Resource()
	}
	return r, nil
}

// memberList makes the list of one holder.
type memberList struct {
	rel    Relation
	links  Links
	store  Store
	holder schema.ID
	write  Write
	above  map[schema.ID]bool // what must not become a member, once it is known
}

// build returns the elements to store: first those that old has already.
func (m *memberList) build(ctx context.Context, old, r *schema.Resource) ([]schema.Value, error) {
	wanted := map[schema.ID]schema.Value{}
	var order []schema.ID
	for e := range r.Values(m.links.List) {
		if _, repeated := wanted[m.links.ID(e)]; !repeated {
			wanted[m.links.ID(e)] = e
			order = append(order, m.links.ID(e))
		}
	}
	var list []schema.Value
	if old != nil {
		for e := range old.Values(m.links.List) {
			if _, stays := wanted[m.links.ID(e)]; stays {
				list = append(list, e)
				delete(wanted, m.links.ID(e))
			}
		}
	}
	for _, id := range order {
		e, isNew := wanted[id]
		if !isNew {
			continue
		}
		member, err := m.resolve(ctx, e)
		if err != nil {
			return nil, err
		}
		if !member.IsZero() {
			list = append(list, member)
		}
	}
	return list, nil
}

// resolve returns the element for a new member, or the zero Value if it is to
// be skipped.
func (m *memberList) resolve(ctx context.Context, e schema.Value) (schema.Value, error) {
	id := m.links.ID(e)
	if id == m.holder && m.rel.Nested() {
		return schema.Value{}, m.refuse(id, ErrCycle)
	}
	for _, name := range m.rel.Candidates(m.links.Hint(e)) {
		_, err := m.store.Get(ctx, Ref{Type: name, ID: id})
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err == nil && name == m.rel.Type {
			err = m.checkCycle(ctx, id)
		}
		return m.links.Element(id, name, ""), err
	}
	refused := m.refuse(id, ErrUnknownMember)
	if !m.write.Skips(m.rel) {
		return schema.Value{}, refused
	}
	if m.write.OnSkip != nil {
		m.write.OnSkip(refused)
	}
	return schema.Value{}, nil
}

// checkCycle refuses the holder itself and everything that it is a part of.
func (m *memberList) checkCycle(ctx context.Context, id schema.ID) error {
	if m.above == nil {
		m.above = map[schema.ID]bool{m.holder: true}
		for next := []schema.ID{m.holder}; len(next) > 0; {
			held, err := Inverse(ctx, m.store, m.rel, next)
			if err != nil {
				return err
			}
			next = nil
			for _, holders := range held {
				for _, h := range holders {
					if !m.above[h.ID] {
						m.above[h.ID] = true
						next = append(next, h.ID)
					}
				}
			}
		}
	}
	if m.above[id] {
		return m.refuse(id, ErrCycle)
	}
	return nil
}

func (m *memberList) refuse(id schema.ID, err error) *MemberError {
	return &MemberError{Path: m.links.List.String(), ID: id, Err: err}
}

// endMemberships takes a deleted resource out of every list.
func (s *related) endMemberships(ctx context.Context, tx Store, ref Ref, w Write) error {
	var errs []error
	for _, rel := range s.own {
		if _, ok := rel.Target(ref.Type); !ok {
			continue
		}
		held, err := Inverse(ctx, tx, rel, []schema.ID{ref.ID})
		errs = append(errs, err)
		for _, h := range held[ref.ID] {
			_, err := Update(ctx, tx, h.Ref, func(old *schema.Resource) (*schema.Resource, error) {
				return withoutMember(rel, old, ref.ID)
			}, Write{Time: w.Time, Unique: w.Unique, TxID: w.TxID})
			if !errors.Is(err, ErrNotFound) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

func withoutMember(rel Relation, holder *schema.Resource, id schema.ID) (*schema.Resource, error) {
	links, ok := LinksOf(holder.Type(), rel.Attribute)
	if !ok {
		return holder, nil
	}
	var list []schema.Value
	for e := range holder.Values(links.List) {
		if links.ID(e) != id {
			list = append(list, e)
		}
	}
	b := holder.Edit()
	err := b.Set(links.List, schema.List(list...))
	return b.Resource(), err
}
