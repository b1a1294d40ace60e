package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// assemble adds to stored resources the derived attributes that are selected.
func (s ownRows) assemble(ctx context.Context, list []*schema.Resource, include func(schema.Path) bool) error {
	return s.complete(ctx, list, include, columnsOnly)
}

// complete adds the derived attributes that are selected and were not read.
func (s ownRows) complete(ctx context.Context, list []*schema.Resource, include func(schema.Path) bool, read *reading) error {
	for i := range s.roles {
		role := &s.roles[i]
		if !include(role.links.List) || len(list) == 0 || slices.Contains(read.roles, role) {
			continue
		}
		derived, err := s.derived(ctx, *role, ids(list))
		if err != nil {
			return err
		}
		for i, r := range list {
			list[i] = with(r, role.links, derived[r.ID()])
		}
	}
	return nil
}

// derived reads the elements of lists or inverse attributes.
func (s ownRows) derived(ctx context.Context, role ownRole, ids []schema.ID) (map[schema.ID][]schema.Value, error) {
	found := map[schema.ID][]schema.Value{}
	if role.holder {
		members, err := s.membersOf(ctx, role.join, ids, nil)
		for id, list := range members {
			found[id] = role.elements(list)
		}
		return found, err
	}
	held, err := s.holders(ctx, role.join, s.Type.Name(), ids)
	for id, list := range held {
		for _, h := range list {
			found[id] = append(found[id], role.links.Element(h.ID, directly, h.Display))
		}
	}
	return found, err
}

// member is a row of a join table with the name of the member.
type member struct {
	store.Holder
	order int64
	part  int
}

// elements makes the elements of a list.
func (r ownRole) elements(list []member) []schema.Value {
	elements := make([]schema.Value, len(list))
	for i, m := range list {
		elements[i] = r.links.Element(m.ID, m.Type, m.Display)
	}
	return elements
}

// membersOf reads the lists of holders in order; if only is not nil, just the
// members with those ids.
func (s ownRows) membersOf(ctx context.Context, j *ownJoin, holders, only []schema.ID) (map[schema.ID][]member, error) {
	found, left := map[schema.ID][]member{}, only
	for n, part := range j.parts {
		names := s.names(j, part.target)
		err := argChunks(j.holders.ID.params(holders), func(args []any) error {
			if only == nil {
				return s.addMembersOf(ctx, j, n, names, args, nil, found)
			}
			return argChunks(part.target.ID.params(left), func(wanted []any) error {
				return s.addMembersOf(ctx, j, n, names, args, wanted, found)
			})
		})
		if err != nil {
			return nil, err
		}
		if only != nil && len(holders) == 1 { // a member is of one type
			left = slices.DeleteFunc(slices.Clone(only), func(id schema.ID) bool {
				return slices.ContainsFunc(found[holders[0]], func(m member) bool { return m.ID == id })
			})
		}
	}
	for _, list := range found {
		slices.SortFunc(list, j.compare)
	}
	return found, nil
}

// compare orders the members of a holder: by the number that the store gave
// them, if it gives one in every table, otherwise table by table.
func (j *ownJoin) compare(a, b member) int {
	if !j.numbered() && a.part != b.part {
		return cmp.Compare(a.part, b.part)
	}
	return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.ID, b.ID))
}

func (j *ownJoin) numbered() bool {
	for _, part := range j.parts {
		if !part.Numbered {
			return false
		}
	}
	return true
}

// orderOf is the expression that members of one table are ordered by.
func (s ownRows) orderOf(part ownMembers) string {
	if part.Order == "" {
		return "0"
	}
	return "m." + s.quoted(part.Order)
}

// membersClause selects holder, order and name of the members in one table.
func (s ownRows) membersClause(part ownMembers, names *naming) *clause {
	c := &clause{}
	c.add("SELECT m." + s.quoted(part.Holder) + ", " + s.orderOf(part) + ", " + names.selects + " FROM " + s.quoted(part.Table) + " m JOIN " + part.target.from("r") +
		" ON " + part.target.id("r") + " = m." + s.quoted(part.Member) + " WHERE ")
	part.target.visible(c, "r", s.tenant)
	s.rowsOf(c, part.Members, "m")
	return c
}

// member reads a row of membersClause.
func (part ownMembers) member(j *ownJoin, n int, names *naming, scan func(...any) error) (holder schema.ID, m member, err error) {
	cells, err := scanned(scan, 2+names.width)
	if err != nil {
		return "", m, err
	}
	m.part = n
	m.order, _ = cellInt(cells[1])
	m.Type = part.target.Type.Name()
	m.ID, m.Display, err = names.read(cells[2:])
	return j.holders.ID.text(cells[0]), m, err
}

func (s ownRows) addMembersOf(ctx context.Context, j *ownJoin, n int, names *naming, holders, only []any, found map[schema.ID][]member) error {
	part := j.parts[n]
	c := s.membersClause(part, names)
	c.add(" AND m."+s.quoted(part.Holder)+" IN "+marks(len(holders)), holders...)
	if only != nil {
		c.add(" AND m."+s.quoted(part.Member)+" IN "+marks(len(only)), only...)
	}
	return s.sel(ctx, c, func(scan func(...any) error) error {
		holder, m, err := part.member(j, n, names, scan)
		found[holder] = append(found[holder], m)
		return err
	})
}

// rowsOf adds the conditions under which a row of a join table counts.
func (s ownRows) rowsOf(c *clause, m Members, alias string) {
	if m.Tenant != "" {
		c.add(" AND "+alias+"."+s.quoted(m.Tenant)+" = ?", s.tenant)
	}
	s.tx.dialect.fixed(c, alias, m.Where)
}

// naming reads what names a resource in a relation, from its row r.
type naming struct {
	selects string
	width   int
	read    func(cells []any) (id schema.ID, display string, err error)
}

// names reads the columns of the attributes that may name a resource, or if one
// has no column that shows it, the whole row.
func (s ownRows) names(j *ownJoin, table *ownTable) *naming {
	selects := []string{table.id("r")}
	fields, ok := j.naming(table)
	if !ok {
		return s.wholeNames(j, table)
	}
	for _, f := range fields {
		selects = append(selects, f.column("r"))
	}
	return &naming{strings.Join(selects, ", "), len(selects), func(cells []any) (id schema.ID, display string, err error) {
		return table.ID.text(cells[0]), named(fields, cells[1:]), nil
	}}
}

// naming returns the columns of the attributes that may name a resource, and
// false if one of those has no column that shows it.
func (j *ownJoin) naming(table *ownTable) (fields []*field, ok bool) {
	for _, name := range j.DisplayOf(table.Type.Name()) {
		p, err := table.Type.Path(name)
		if err != nil {
			continue
		}
		f := table.fieldAt(p)
		if f == nil || f.Fold == FoldStored && f.spare {
			return nil, false
		}
		fields = append(fields, f)
	}
	return fields, true
}

// named returns the first name among the cells of fields.
func named(fields []*field, cells []any) string {
	for i, f := range fields {
		if display := f.decode(cells[i]).Text(); display != "" {
			return display
		}
	}
	return ""
}

func (s ownRows) wholeNames(j *ownJoin, table *ownTable) *naming {
	other := ownRows{s.ownHandle, s.tx, table}
	return &naming{table.selects, table.width(), func(cells []any) (id schema.ID, display string, err error) {
		b, _, _, err := other.read(cells)
		if err != nil {
			return "", "", err
		}
		r := b.Resource()
		return r.ID(), j.Name(r), nil
	}}
}

// holders reads what holds each of ids, which are of one type, in the order of
// the holders' ids.
func (s ownRows) holders(ctx context.Context, j *ownJoin, memberType string, ids []schema.ID) (map[schema.ID][]store.Holder, error) {
	held := map[schema.ID][]store.Holder{}
	names := s.names(j, j.holders)
	for _, part := range j.parts {
		if part.Type != memberType {
			continue
		}
		err := argChunks(part.target.ID.params(ids), func(args []any) error {
			c := &clause{}
			c.add("SELECT m." + s.quoted(part.Member) + ", " + names.selects + " FROM " + s.quoted(part.Table) + " m JOIN " + j.holders.from("r") +
				" ON " + j.holders.id("r") + " = m." + s.quoted(part.Holder) + " WHERE ")
			j.holders.visible(c, "r", s.tenant)
			s.rowsOf(c, part.Members, "m")
			c.add(" AND m."+s.quoted(part.Member)+" IN "+marks(len(args)), args...)
			return s.each(ctx, c.String(), c.args, s.addHolder(held, j, part, names))
		})
		if err != nil {
			return nil, err
		}
	}
	for _, list := range held {
		slices.SortFunc(list, func(a, b store.Holder) int { return cmp.Compare(a.ID, b.ID) })
	}
	return held, nil
}

// addHolder reads a row of member and holder.
func (s ownRows) addHolder(held map[schema.ID][]store.Holder, j *ownJoin, part ownMembers, names *naming) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		cells, err := scanned(scan, 1+names.width)
		if err != nil {
			return err
		}
		h := store.Holder{Ref: store.Ref{Type: j.Type}}
		h.ID, h.Display, err = names.read(cells[1:])
		id := part.target.ID.text(cells[0])
		held[id] = append(held[id], h)
		return err
	}
}
