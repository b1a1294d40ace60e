package sqlstore

import (
	"context"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
)

// child is a row of a child table.
type child struct {
	key   any
	shown schema.Value
	used  bool
}

// setList makes the rows of a list what r says. Rows whose value stays keep
// their key and whatever else is in them.
func (s ownRows) setList(ctx context.Context, l *ownList, exists bool, r *schema.Resource, at writing) error {
	owner, _ := s.ID.param(r.ID())
	rows, err := s.children(ctx, l, exists, owner)
	if err != nil {
		return err
	}
	elements := r.Get(l.path)
	matches := make([]*child, elements.Len())
	for i, e := range elements.All() {
		shown := l.elementShows(e)
		matches[i] = claim(rows, func(c *child) bool { return c.shown.Equal(shown) })
	}
	for i, e := range elements.All() {
		if key := l.path.ElementKey(e); matches[i] == nil && key != "" {
			matches[i] = claim(rows, func(c *child) bool { return l.path.ElementKey(c.shown) == key })
		}
	}
	for _, c := range rows {
		if c.used {
			continue
		}
		if _, err := s.exec(ctx, "DELETE FROM "+s.quoted(l.Table)+" WHERE "+s.quoted(l.Key)+" = ?", c.key); err != nil {
			return err
		}
	}
	fresh := &inserts{}
	for i, e := range elements.All() {
		values, err := l.assign(s.tx.dialect, matches[i], i, e, at)
		if err == nil && matches[i] == nil {
			s.owned(values, l, owner)
			err = fresh.add(ctx, s, l.Table, values)
		} else if err == nil && len(values.args) > 0 {
			_, err = s.execUnique(ctx, values.update(l.Table)+" WHERE "+s.quoted(l.Key)+" = ?", append(values.args, matches[i].key)...)
		}
		if err != nil {
			return err
		}
	}
	return fresh.flush(ctx, s, l.Table)
}

// quoted is an identifier in this database.
func (s ownRows) quoted(name string) string { return s.tx.dialect.quote(name) }

// claim finds a row that no other element has.
func claim(rows []*child, fits func(*child) bool) *child {
	for _, c := range rows {
		if !c.used && fits(c) {
			c.used = true
			return c
		}
	}
	return nil
}

func (s ownRows) children(ctx context.Context, l *ownList, exists bool, owner any) (rows []*child, err error) {
	if !exists {
		return nil, nil
	}
	c := l.childQuery(s.tx.dialect, 1)
	c.args = []any{owner}
	l.visible(c, s.tx.dialect, s.tenant)
	var found [][]any
	err = s.each(ctx, c.String(), c.args, func(scan func(...any) error) error {
		cells, err := scanned(scan, 3+len(l.fields))
		if err == nil {
			found = append(found, cells[1:])
		}
		return err
	})
	slices.SortStableFunc(found, l.compare)
	for _, cells := range found {
		rows = append(rows, &child{key: cells[1], shown: l.element(cells[2:])})
	}
	return rows, err
}

// assign assigns what changes in the row of an element, which is a new one if
// match is nil.
func (l *ownList) assign(d Dialect, match *child, position int, e schema.Value, at writing) (*assignments, error) {
	values := &assignments{dialect: d}
	for _, f := range l.fields {
		if match != nil && l.part(match.shown, f.path).Equal(f.shows(l.part(e, f.path))) {
			continue
		}
		if err := values.field(f, l.part(e, f.path), at, match != nil); err != nil {
			return nil, err
		}
	}
	if l.Order != "" {
		values.set(l.Order, position)
	}
	return values, nil
}

// owned assigns what makes a new row one of an owner.
func (s ownRows) owned(values *assignments, l *ownList, owner any) {
	values.set(l.Owner, owner)
	if l.Tenant != "" {
		values.set(l.Tenant, s.tenant)
	}
	values.fixed(l.Where)
}

// inserts are new rows that one statement makes, because they assign the same
// columns.
type inserts struct {
	*assignments
	rows int
}

// maxInserted keeps a statement below the number of parameters that every
// database takes.
const maxInserted = 500

// add adds a row. What came before with other columns is inserted.
func (i *inserts) add(ctx context.Context, s ownRows, table string, row *assignments) error {
	if i.rows > 0 && (!slices.Equal(i.names, row.names) || len(i.args)+len(row.args) > maxInserted) {
		if err := i.flush(ctx, s, table); err != nil {
			return err
		}
	}
	if i.rows++; i.rows == 1 {
		i.assignments = row
		return nil
	}
	i.args = append(i.args, row.args...)
	return nil
}

// flush inserts the rows.
func (i *inserts) flush(ctx context.Context, s ownRows, table string) error {
	if i.rows == 0 {
		return nil
	}
	more := strings.Repeat(", "+marks(len(i.names)), i.rows-1)
	_, err := s.execUnique(ctx, "INSERT INTO "+s.quoted(table)+" "+i.list()+" VALUES "+marks(len(i.names))+more, i.args...)
	i.rows = 0
	return err
}
