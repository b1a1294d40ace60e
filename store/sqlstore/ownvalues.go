package sqlstore

import (
	"context"
	"iter"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// ReadValues iterates over one state of the list, and keeps a transaction open
// while it does.
func (h ownHandle) ReadValues(ctx context.Context, ref store.Ref, p schema.Path) iter.Seq2[schema.Value, error] {
	return emitted(ctx, func(begun *bool, emit func(schema.Value) error) error {
		table := h.own.tables[ref.Type]
		if table == nil {
			return store.ErrNotFound
		}
		return h.once(ctx, begun, func(t *tx) error { return h.rows(t, table).values(ctx, ref.ID, p, emit) })
	})
}

// once is view without a second attempt once fn has begun what cannot be taken
// back.
func (h ownHandle) once(ctx context.Context, begun *bool, fn func(*tx) error) error {
	if _, ok := h.session.(ownInside); ok {
		return h.session.view(ctx, fn)
	}
	return h.own.db.once(ctx, begun, fn)
}

// values calls emit for each value at p.
func (s ownRows) values(ctx context.Context, id schema.ID, p schema.Path, emit func(schema.Value) error) error {
	r, err := s.get(ctx, id, s.inBulk())
	if err != nil {
		return err
	}
	if role := s.roleAt(p); role != nil && role.holder && role.links.List == p && role.join.streams() {
		return s.stream(ctx, *role, id, emit)
	}
	list := []*schema.Resource{r}
	if err := s.assemble(ctx, list, p.Contains); err != nil {
		return err
	}
	return emitAll(list[0].Values(p), emit)
}

// streams reports whether the members can be read some at a time: each table
// has an order with an index, and the tables come one after another or are
// merged.
func (j *ownJoin) streams() bool {
	for _, part := range j.parts {
		if part.Order == "" {
			return false
		}
	}
	return true
}

// stream reads the members of a holder some at a time.
func (s ownRows) stream(ctx context.Context, role ownRole, holder schema.ID, emit func(schema.Value) error) error {
	var parts []iter.Seq2[member, error]
	for n := range role.join.parts {
		parts = append(parts, s.streamPart(ctx, role, n, holder))
	}
	merged := oneAfterAnother(parts)
	if role.join.numbered() {
		merged = inMemberOrder(parts)
	}
	for m, err := range merged {
		if err != nil {
			return err
		}
		if err := emit(role.links.Element(m.ID, m.Type, m.Display)); err != nil {
			return err
		}
	}
	return nil
}

// streamPart reads the members in one table.
func (s ownRows) streamPart(ctx context.Context, role ownRole, n int, holder schema.ID) iter.Seq2[member, error] {
	const most = 1000
	return func(yield func(member, error) bool) {
		names := s.names(role.join, role.join.parts[n].target)
		for last := (*int64)(nil); ; {
			batch, err := s.nextMembers(ctx, role, n, names, holder, last, most)
			for _, m := range batch {
				if !yield(m, nil) {
					return
				}
			}
			if err != nil {
				yield(member{}, err)
				return
			}
			if len(batch) < most {
				return
			}
			last = &batch[len(batch)-1].order
		}
	}
}

// nextMembers reads the members that come after a number.
func (s ownRows) nextMembers(ctx context.Context, role ownRole, n int, names *naming, holder schema.ID, last *int64, most int) (batch []member, err error) {
	part := role.join.parts[n]
	arg, _ := s.ID.param(holder)
	c := s.membersClause(part, names)
	c.add(" AND m."+s.quoted(part.Holder)+" = ?", arg)
	if last != nil {
		c.add(" AND "+s.orderOf(part)+" > ?", *last)
	}
	c.add(" ORDER BY "+s.orderOf(part)+" LIMIT ?", most)
	err = s.sel(ctx, c, func(scan func(...any) error) error {
		_, m, err := part.member(role.join, n, names, scan)
		batch = append(batch, m)
		return err
	})
	return batch, err
}

func oneAfterAnother(parts []iter.Seq2[member, error]) iter.Seq2[member, error] {
	return func(yield func(member, error) bool) {
		for _, part := range parts {
			for m, err := range part {
				if !yield(m, err) || err != nil {
					return
				}
			}
		}
	}
}

// head is the next member of a table.
type head struct {
	member
	err  error
	next func() (member, error, bool)
}

// inMemberOrder merges the members of several tables by their numbers.
func inMemberOrder(parts []iter.Seq2[member, error]) iter.Seq2[member, error] {
	return func(yield func(member, error) bool) {
		var heads []*head
		for _, part := range parts {
			next, stop := iter.Pull2(part)
			defer stop()
			if m, err, ok := next(); ok {
				heads = append(heads, &head{m, err, next})
			}
		}
		for len(heads) > 0 {
			i := 0
			for n, h := range heads {
				if h.order < heads[i].order {
					i = n
				}
			}
			if !yield(heads[i].member, heads[i].err) || heads[i].err != nil {
				return
			}
			var ok bool
			if heads[i].member, heads[i].err, ok = heads[i].next(); !ok {
				heads = slices.Delete(heads, i, i+1)
			}
		}
	}
}
