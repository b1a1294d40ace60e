package sqlstore

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

// inlined makes the expressions for what can be read with its row.
func (t *ownTable) inlined() {
	for _, l := range t.lists {
		l.inline = l.inlineIn(t)
	}
	for i := range t.roles {
		t.roles[i].inlineIn(t)
	}
	t.bulk, t.whole = t.reading(func(schema.Path) bool { return false }), t.reading(everything)
}

// jsonRows are the forms of a JSON array of arrays, one for each row. MariaDB
// cuts arrays off that are longer than its group_concat_max_len, perhaps between
// two rows; so the number of rows goes before.
var jsonRows = map[Dialect]string{
	PostgreSQL: "CAST(json_agg(json_build_array(%s)) AS text)",
	MySQL:      "CONCAT(COUNT(*), ':', JSON_ARRAYAGG(JSON_ARRAY(%s)))",
	SQLite:     "json_group_array(json_array(%s))",
}

// inJSON is the expression by which JSON shows a column as its text, number or
// boolean. MySQL shows bits and bytes in Base64, and MariaDB takes the bytes of
// any character set for UTF-8.
func (f *field) inJSON(alias string) string {
	column := f.column(alias)
	if f.dialect != MySQL {
		return column
	}
	switch f.conv.(type) {
	case flag:
		return column + " + 0"
	case textual, enum:
		return "CAST(" + column + " AS CHAR)"
	}
	return column
}

// inJSON is the expression by which JSON shows an id.
func (id ID) inJSON(d Dialect, alias string) string {
	column := alias + "." + d.quote(id.Column)
	if d == MySQL {
		return "CAST(" + column + " AS CHAR)"
	}
	return column
}

// inlineIn is the expression for all rows of a child table that belong to the row
// r, as a JSON array of arrays: order, key, then the fields. It saves a
// statement for each list, and with it the transaction that would keep the
// statements together. It is nil for a list with values that JSON does not show
// as they are.
func (l *ownList) inlineIn(t *ownTable) *clause {
	q := t.dialect.quote
	names := []string{l.order(t.dialect), "l." + q(l.Key)}
	if !jsonShows(l.fields) || l.Tenant != "" && t.Tenant == "" {
		return nil
	}
	for _, f := range l.fields {
		names = append(names, f.inJSON("l"))
	}
	c := &clause{}
	c.add("(SELECT " + fmt.Sprintf(jsonRows[t.dialect], strings.Join(names, ", ")) + " FROM " + q(l.Table) + " l WHERE l." + q(l.Owner) + " = " + t.id("r"))
	t.sameTenant(c, "l", l.Tenant)
	t.dialect.fixed(c, "l", l.Where)
	c.add(")")
	return c
}

// jsonShows reports whether JSON shows the values of columns as they are.
func jsonShows(fields []*field) bool {
	for _, f := range fields {
		switch f.conv.(type) {
		case textual, flag, whole, mark, enum:
		default:
			return false
		}
	}
	return true
}

// sameTenant adds that a row is of the tenant of the row r of t.
func (t *ownTable) sameTenant(c *clause, alias, column string) {
	if column != "" {
		c.add(" AND " + alias + "." + t.dialect.quote(column) + " = r." + t.dialect.quote(t.Tenant))
	}
}

// inlineIn makes the expression for the holders of the row r of t, if t has the
// members: id and names of each holder, as a JSON array of arrays.
func (r *ownRole) inlineIn(t *ownTable) {
	h := r.join.holders
	fields, shown := r.join.naming(h)
	part, only := r.join.partOf(t)
	if r.holder || !shown || !only || !jsonShows(fields) || t.Tenant == "" && part.Tenant+h.Tenant != "" {
		return
	}
	q := t.dialect.quote
	names := []string{h.ID.inJSON(t.dialect, "h")}
	for _, f := range fields {
		names = append(names, f.inJSON("h"))
	}
	c := &clause{}
	c.add("(SELECT " + fmt.Sprintf(jsonRows[t.dialect], strings.Join(names, ", ")) + " FROM " + q(part.Table) + " m JOIN " + h.from("h") +
		" ON " + h.id("h") + " = m." + q(part.Holder))
	t.sameTenant(c, "h", h.Tenant)
	c.add(" WHERE m." + q(part.Member) + " = " + t.id("r"))
	t.sameTenant(c, "m", part.Tenant)
	t.dialect.fixed(c, "m", part.Where)
	t.dialect.fixed(c, "h", h.Where)
	if h.Deleted.Column != "" {
		c.add(" AND h." + q(h.Deleted.Column) + " IS NULL")
	}
	c.add(")")
	r.naming, r.inline = fields, c
}

// partOf returns the join table with the members of a table, and whether there
// is just one.
func (j *ownJoin) partOf(t *ownTable) (found ownMembers, only bool) {
	n := 0
	for _, part := range j.parts {
		if part.target == t {
			found = part
			n++
		}
	}
	return found, n == 1
}

// elements reads what ownList.inline selects, in order.
func (l *ownList) elements(cell any) ([]schema.Value, error) {
	rows, err := arrays(cell, 2+len(l.fields))
	if err != nil {
		return nil, fmt.Errorf("sqlstore: the rows of %s cannot be read: %w", l.Table, err)
	}
	return l.inOrder(rows), nil
}

// arrays reads a JSON array of arrays with as many cells each. Numbers become
// texts.
func arrays(cell any, width int) ([][]any, error) {
	text, ok := cellText(cell)
	if !ok || text == "[]" {
		return nil, nil
	}
	count, array, counted := strings.Cut(text, ":")
	if text[0] == '[' {
		array, counted = text, false
	}
	rows, err := rowsIn(jsontext.NewDecoder(strings.NewReader(array), jsontext.AllowInvalidUTF8(true)), width)
	if err == nil && counted && count != strconv.Itoa(len(rows)) {
		err = fmt.Errorf("%d of %s rows", len(rows), count)
	}
	if err != nil {
		return nil, errors.Join(errCut, err)
	}
	return rows, nil
}

// rowsIn reads arrays of width simple values each.
func rowsIn(d *jsontext.Decoder, width int) (rows [][]any, err error) {
	if _, err := d.ReadToken(); err != nil { // [
		return nil, err
	}
	for d.PeekKind() == '[' {
		row := make([]any, 0, width)
		_, err := d.ReadToken()
		for err == nil && d.PeekKind() != ']' {
			var cell any
			cell, err = cellIn(d)
			row = append(row, cell)
		}
		if err == nil {
			_, err = d.ReadToken() // ]
		}
		if err != nil {
			return nil, err
		}
		if len(row) != width {
			return nil, fmt.Errorf("sqlstore: a row has %d columns, not %d", len(row), width)
		}
		rows = append(rows, row)
	}
	_, err = d.ReadToken() // ]
	return rows, err
}

// cellIn reads a simple value.
func cellIn(d *jsontext.Decoder) (any, error) {
	t, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() {
	case 'n':
		return nil, nil
	case 't', 'f':
		return t.Bool(), nil
	}
	return t.String(), nil
}

// compare orders rows of a list, which begin with order and key.
func (l *ownList) compare(a, b []any) int {
	return cmp.Or(compareCells(a[0], b[0]), compareCells(a[1], b[1]))
}

// compareCells orders integers as such, and anything else as text.
func compareCells(a, b any) int {
	n, ok := cellInt(a)
	m, both := cellInt(b)
	if ok && both {
		return cmp.Compare(n, m)
	}
	x, _ := cellText(a)
	y, _ := cellText(b)
	return cmp.Compare(x, y)
}
