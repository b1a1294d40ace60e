package sqlstore

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// setMembers makes the list of a holder what r says. Members that stay keep
// their row.
func (s ownRows) setMembers(ctx context.Context, role ownRole, exists bool, r *schema.Resource, w store.Write) error {
	is := role.idsIn(r)
	if exists {
		members, err := s.membersOf(ctx, role.join, []schema.ID{r.ID()}, nil)
		if err != nil {
			return err
		}
		var gone []schema.ID
		for _, m := range members[r.ID()] {
			if !is[m.ID] {
				gone = append(gone, m.ID)
			}
			delete(is, m.ID)
		}
		if err := s.removeMembers(ctx, role, r.ID(), gone); err != nil {
			return err
		}
	}
	return s.addMembers(ctx, role, r, is, w)
}

func (s ownRows) removeMembers(ctx context.Context, role ownRole, holder schema.ID, ids []schema.ID) error {
	arg, _ := s.ID.param(holder)
	for _, part := range role.join.parts {
		err := argChunks(part.target.ID.params(ids), func(args []any) error {
			return s.deleteRows(ctx, part.Members, part.Holder, []any{arg}, part.Member, args)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteRows deletes the rows of a join table whose column has one of some
// values, and likewise a second column, if it is named.
func (s ownRows) deleteRows(ctx context.Context, m Members, column string, values []any, second string, others []any) error {
	c := &clause{}
	c.add("DELETE FROM "+s.quoted(m.Table)+" WHERE "+s.quoted(column)+" IN "+marks(len(values)), values...)
	if second != "" {
		c.add(" AND "+s.quoted(second)+" IN "+marks(len(others)), others...)
	}
	if m.Tenant != "" {
		c.add(" AND "+s.quoted(m.Tenant)+" = ?", s.tenant)
	}
	s.tx.dialect.fixed(c, s.quoted(m.Table), m.Where)
	_, err := s.exec(ctx, c.String(), c.args...)
	return err
}

// addMembers adds those in the list of r whose ids are wanted, which are not
// members yet.
func (s ownRows) addMembers(ctx context.Context, role ownRole, r *schema.Resource, wanted map[schema.ID]bool, w store.Write) error {
	if len(wanted) == 0 {
		return nil
	}
	var elements []schema.Value
	for e := range r.Values(role.links.List) {
		if id := role.links.ID(e); wanted[id] {
			wanted[id] = false
			elements = append(elements, e)
		}
	}
	known, err := s.resolve(ctx, role, r.ID(), elements, w)
	if err != nil || len(known) == 0 {
		return err
	}
	last, err := s.lastNumber(ctx, role.join, r.ID())
	if err != nil {
		return err
	}
	for n := range role.join.parts {
		if err := s.insertMembers(ctx, role, n, r.ID(), known, last); err != nil {
			return err
		}
	}
	return nil
}

// insertMembers inserts those members that belong into the join table part.
func (s ownRows) insertMembers(ctx context.Context, role ownRole, part int, holder schema.ID, known []member, last int64) error {
	m := role.join.parts[part].Members
	arg, _ := s.ID.param(holder)
	var rows []*assignments
	var ids []schema.ID
	for i, member := range known {
		if member.part != part {
			continue
		}
		values := &assignments{dialect: s.tx.dialect}
		id, _ := s.own.tables[m.Type].ID.param(member.ID)
		values.set(m.Holder, arg)
		values.set(m.Member, id)
		if m.Tenant != "" {
			values.set(m.Tenant, s.tenant)
		}
		if m.Numbered {
			values.set(m.Order, last+int64(i)+1)
		}
		values.fixed(m.Where)
		rows, ids = append(rows, values), append(ids, member.ID)
	}
	missed, err := s.insertNew(ctx, m.Table, rows)
	if err != nil || !missed {
		return err
	}
	return s.checkMembers(ctx, role, holder, ids)
}

// insertNew inserts rows with the same columns, and reports whether an index of
// the service kept some of them out. MySQL's INSERT IGNORE would pass over any
// other mistake too, such as a broken constraint.
func (s ownRows) insertNew(ctx context.Context, table string, rows []*assignments) (missed bool, err error) {
	for some := range slices.Chunk(rows, maxInserted) {
		var args []any
		for _, row := range some {
			args = append(args, row.args...)
		}
		query := some[0].insert(table) + strings.Repeat(", "+marks(len(some[0].args)), len(some)-1)
		if s.tx.dialect != MySQL {
			query += " ON CONFLICT DO NOTHING"
		}
		n, err := s.execUnique(ctx, query, args...)
		var duplicate *duplicateError
		switch {
		case errors.As(err, &duplicate) && len(some) > 1:
			for _, row := range some {
				if _, err := s.insertNew(ctx, table, []*assignments{row}); err != nil {
					return false, err
				}
			}
			missed = true
		case errors.As(err, &duplicate):
			missed = true
		case err != nil:
			return false, err
		}
		missed = missed || n < int64(len(some))
	}
	return missed, nil
}

// checkMembers looks whether all that were to be members are, after an index
// kept rows out: that of a member which the service added meanwhile, or one that
// keeps members apart in a way of its own.
func (s ownRows) checkMembers(ctx context.Context, role ownRole, holder schema.ID, ids []schema.ID) error {
	members, err := s.membersOf(ctx, role.join, []schema.ID{holder}, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(members[holder], func(m member) bool { return m.ID == id }) {
			return refuse(role.links.List, "cannot have the member "+string(id)+": a unique index of "+role.join.parts[0].Table+" keeps it out")
		}
	}
	return nil
}

// lastNumber returns the greatest number of a member of a holder.
func (s ownRows) lastNumber(ctx context.Context, j *ownJoin, holder schema.ID) (last int64, err error) {
	arg, _ := s.ID.param(holder)
	c := &clause{}
	for _, part := range j.parts {
		if !part.Numbered {
			continue
		}
		c.add([]string{"SELECT MAX(n) FROM (", " UNION ALL "}[min(len(c.args), 1)])
		c.add("SELECT MAX(m."+s.quoted(part.Order)+") AS n FROM "+s.quoted(part.Table)+" m WHERE m."+s.quoted(part.Holder)+" = ?", arg)
		s.rowsOf(c, part.Members, "m")
	}
	if len(c.args) == 0 {
		return 0, nil
	}
	c.add(") numbers")
	var n *int64
	if _, err = s.one(ctx, c.String(), c.args, &n); n != nil {
		last = *n
	}
	return last, err
}

// resolve returns the members for elements whose ids exist and may be members,
// and locks them so that they stay.
func (s ownRows) resolve(ctx context.Context, role ownRole, holder schema.ID, elements []schema.Value, w store.Write) (known []member, err error) {
	types, err := s.existing(ctx, role, elements)
	if err != nil {
		return nil, err
	}
	var above map[schema.ID]bool
	for _, e := range elements {
		m, ok := role.choose(types, e)
		if !ok {
			refused := &store.MemberError{Path: role.links.List.String(), ID: m.ID, Err: store.ErrUnknownMember}
			if !w.Skips(role.Relation) {
				return nil, refused
			}
			if w.OnSkip != nil {
				w.OnSkip(refused)
			}
			continue
		}
		if m.Type == role.Type && above == nil {
			if above, err = s.above(ctx, role, holder); err != nil {
				return nil, err
			}
		}
		if m.Type == role.Type && above[m.ID] {
			return nil, &store.MemberError{Path: role.links.List.String(), ID: m.ID, Err: store.ErrCycle}
		}
		known = append(known, m)
	}
	return known, nil
}

// choose finds the table that has the member of an element.
func (r ownRole) choose(types map[store.Ref]bool, e schema.Value) (m member, ok bool) {
	m.ID = r.links.ID(e)
	for _, name := range r.Candidates(r.links.Hint(e)) {
		for n, part := range r.join.parts {
			if part.Type == name && types[store.Ref{Type: name, ID: m.ID}] {
				m.Type, m.part = name, n
				return m, true
			}
		}
	}
	return m, false
}

// existing returns which resources with the ids of elements exist. It looks for
// each among the types of the relation, until it is found or its own type is
// known. It locks what it finds, in the order of types and ids.
func (s ownRows) existing(ctx context.Context, role ownRole, elements []schema.Value) (map[store.Ref]bool, error) {
	found, done := map[store.Ref]bool{}, map[schema.ID]bool{}
	for _, part := range role.join.parts {
		var wanted []schema.ID
		for _, e := range elements {
			if id := role.links.ID(e); !done[id] || strings.EqualFold(role.links.Hint(e), part.Type) {
				wanted = append(wanted, id)
			}
		}
		slices.Sort(wanted)
		err := argChunks(part.target.ID.params(wanted), func(args []any) error {
			return s.lockAll(ctx, part.target, args, func(id schema.ID) {
				found[store.Ref{Type: part.Type, ID: id}] = true
				done[id] = true
			})
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// lockAll locks the rows of a table with some ids, so that they stay.
func (s ownRows) lockAll(ctx context.Context, table *ownTable, args []any, note func(schema.ID)) error {
	c := &clause{}
	c.add("SELECT " + table.id("r") + " FROM " + table.from("r") + " WHERE ")
	table.visible(c, "r", s.tenant)
	c.add(" AND "+table.id("r")+" IN "+marks(len(args))+" ORDER BY "+table.id("r")+s.tx.dialect.forShare(), args...)
	return s.each(ctx, c.String(), c.args, func(scan func(...any) error) error {
		var cell any
		err := scan(&cell)
		note(table.ID.text(cell))
		return err
	})
}

// above returns the holder and everything that it is a part of, and locks it.
// Of two writes that together would close a cycle, each makes a member of what
// the other one locks here, so one waits and then sees it.
func (s ownRows) above(ctx context.Context, role ownRole, holder schema.ID) (map[schema.ID]bool, error) {
	above := map[schema.ID]bool{holder: true}
	for next := []schema.ID{holder}; len(next) > 0; {
		slices.Sort(next)
		var found []schema.ID
		err := argChunks(s.ID.params(next), func(args []any) error {
			query := "SELECT " + s.id("r") + " FROM " + s.from("r") + " WHERE " + s.id("r") + " IN " + marks(len(args)) + " ORDER BY " + s.id("r") + s.tx.dialect.forUpdate()
			return s.each(ctx, query, args, func(scan func(...any) error) error {
				var cell any
				return scan(&cell)
			})
		})
		if err != nil {
			return nil, err
		}
		held, err := s.holders(ctx, role.join, role.Type, next)
		if err != nil {
			return nil, err
		}
		for _, list := range held {
			for _, h := range list {
				if !above[h.ID] {
					above[h.ID] = true
					found = append(found, h.ID)
				}
			}
		}
		next = found
	}
	return above, nil
}

// endMemberships removes what a deleted resource held and takes it out of every
// list. The holders of those lists get a new version.
func (s ownRows) endMemberships(ctx context.Context, ref store.Ref, w store.Write) error {
	arg, _ := s.ID.param(ref.ID)
	for _, j := range s.own.joins {
		if j.Type == ref.Type {
			for _, part := range j.parts {
				if err := s.deleteRows(ctx, part.Members, part.Holder, []any{arg}, "", nil); err != nil {
					return err
				}
			}
		}
		for _, part := range j.parts {
			if part.Type != ref.Type {
				continue
			}
			if err := s.touchHolders(ctx, j, ref, w); err != nil {
				return err
			}
			if err := s.deleteRows(ctx, part.Members, part.Member, []any{arg}, "", nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// touchHolders gives what holds a resource a new version.
func (s ownRows) touchHolders(ctx context.Context, j *ownJoin, ref store.Ref, w store.Write) error {
	held, err := s.holders(ctx, j, ref.Type, []schema.ID{ref.ID})
	if err != nil {
		return err
	}
	w.Version = ""
	holders := ownRows{s.ownHandle, s.tx, j.holders}
	for _, h := range held[ref.ID] {
		r, err := holders.lock(ctx, h.ID, w)
		if err == nil {
			err = holders.update(ctx, r, holders.stamped(r, r, w), writing{w.Instant(), s.tx.dialect})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
