package sqlstore

import (
	"cmp"
	"errors"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// reading is what one statement reads of rows besides their columns, in
// subqueries. The rest takes a statement for each list and role.
type reading struct {
	lists   []*ownList
	roles   []*ownRole
	columns clause // the subqueries
	suffix  string // ends the statements, to lock what they read
}

// reading returns what can be read with a row: lists, and the roles that are
// included.
func (t *ownTable) reading(include func(schema.Path) bool) *reading {
	with := &reading{}
	for _, l := range t.lists {
		if l.inline != nil {
			with.lists = append(with.lists, l)
			with.columns.add(", "+l.inline.String(), l.inline.args...)
		}
	}
	for i := range t.roles {
		if role := &t.roles[i]; role.inline != nil && include(role.links.List) {
			with.roles = append(with.roles, role)
			with.columns.add(", "+role.inline.String(), role.inline.args...)
		}
	}
	return with
}

// columnsOnly reads nothing but the columns.
var columnsOnly = &reading{}

// errCut is that a database cut off what a subquery put together, as MariaDB
// does beyond its group_concat_max_len.
var errCut = errors.New("sqlstore: the database cut off a JSON array")

// inBulk is for many rows. Holders are read for all of them together: an index
// that makes it cheap for each row may be missing.
func (s ownRows) inBulk() *reading {
	if s.tx.apart {
		return columnsOnly
	}
	return s.bulk
}

// few is for the rows of a page; near is whether indexes find their holders.
func (s ownRows) few(include func(schema.Path) bool, near bool) *reading {
	if near {
		return s.alone(include)
	}
	return s.inBulk()
}

// alone is for one row.
func (s ownRows) alone(include func(schema.Path) bool) *reading {
	roles := 0
	for _, role := range s.whole.roles {
		if include(role.links.List) {
			roles++
		}
	}
	switch {
	case s.tx.apart:
		return columnsOnly
	case roles == 0:
		return s.bulk
	case roles == len(s.whole.roles):
		return s.whole
	}
	return s.reading(include)
}

// locking is for one row that nobody else changes until the transaction ends.
// Databases lock no rows of subqueries.
func (s ownRows) locking() *reading {
	if suffix := s.tx.dialect.forUpdate(); suffix != "" {
		return &reading{suffix: suffix}
	}
	return s.inBulk()
}

// several reports whether a resource is read with more than one statement.
func (t *ownTable) several(include func(schema.Path) bool, alone bool) bool {
	for _, l := range t.lists {
		if l.inline == nil {
			return true
		}
	}
	for _, role := range t.roles {
		if include(role.links.List) && (!alone || role.inline == nil) {
			return true
		}
	}
	return false
}

// selecting begins a statement that reads rows, up to the condition.
func (s ownRows) selecting(with *reading) *clause {
	c := &clause{}
	c.Grow(2048)
	c.add("SELECT " + s.selects)
	c.add(with.columns.String(), with.columns.args...)
	c.add(" FROM " + s.from("r") + " WHERE ")
	return c
}

// readRow is a row that was read.
type readRow struct {
	*schema.Resource
	tag     string           // the content of the version column
	holders [][]schema.Value // of the roles in the reading
}

// readWith makes a resource of the cells of a row and its lists.
func (s ownRows) readWith(cells []any, with *reading) (row readRow, err error) {
	width := s.width()
	b, base, tag, err := s.read(cells[:width])
	if err != nil {
		return row, err
	}
	cells, row.tag = cells[width:], tag
	for i, l := range with.lists {
		elements, err := l.elements(cells[i])
		if err != nil {
			return row, err
		}
		if shown, differs := l.shown(base, elements); differs {
			err = b.Set(l.path, shown)
		}
		if err != nil {
			return row, err
		}
	}
	row.Resource = b.Resource()
	for i, role := range with.roles {
		list, err := role.holdersIn(cells[len(with.lists)+i])
		if err != nil {
			return row, err
		}
		row.holders = append(row.holders, list)
	}
	return row, nil
}

// holdersIn reads what ownRole.inline selects.
func (r *ownRole) holdersIn(cell any) ([]schema.Value, error) {
	rows, err := arrays(cell, 1+len(r.naming))
	if err != nil {
		return nil, err
	}
	held := make([]store.Holder, len(rows))
	for i, row := range rows {
		held[i].ID, held[i].Display = r.join.holders.ID.text(row[0]), named(r.naming, row[1:])
	}
	slices.SortFunc(held, func(a, b store.Holder) int { return cmp.Compare(a.ID, b.ID) })
	list := make([]schema.Value, len(held))
	for i, h := range held {
		list[i] = r.links.Element(h.ID, directly, h.Display)
	}
	return list, nil
}
