package sqlstore

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
)

// inlineIn is the expression for all rows of a child table that belong to the row
// r, as a JSON array of arrays: order, key, then the fields. It saves a
// statement for each list, and with it the transaction that would keep the
// statements together. It is "" for a list with values that JSON does not show
// as they are.
func (l *ownList) inlineIn(d Dialect, t *ownTable) string {
	if len(l.Where) > 0 || l.Tenant != "" && t.Tenant == "" {
		return ""
	}
	order := l.Order
	if order == "" {
		order = l.Key
	}
	names := []string{"l." + d.quote(order), "l." + d.quote(l.Key)}
	for _, f := range l.fields {
		switch f.conv.(type) {
		case textual, flag, whole, mark, enum:
			names = append(names, f.column("l"))
		default:
			return ""
		}
	}
	form := map[Dialect]string{
		PostgreSQL: "CAST(json_agg(json_build_array(%s)) AS text)",
		MySQL:      "JSON_ARRAYAGG(JSON_ARRAY(%s))",
		SQLite:     "json_group_array(json_array(%s))",
	}[d]
	on := "l." + d.quote(l.Owner) + " = " + t.id("r")
	if l.Tenant != "" {
		on += " AND l." + d.quote(l.Tenant) + " = r." + d.quote(t.Tenant)
	}
	return "(SELECT " + fmt.Sprintf(form, strings.Join(names, ", ")) + " FROM " + d.quote(l.Table) + " l WHERE " + on + ")"
}

// elements reads what inlineIn selects, in order.
func (l *ownList) elements(cell any) ([]schema.Value, error) {
	text, ok := cellText(cell)
	if !ok {
		return nil, nil
	}
	var rows [][]any
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	if err := d.Decode(&rows); err != nil {
		return nil, fmt.Errorf("sqlstore: the rows of %s cannot be read: %w", l.Table, err)
	}
	for _, row := range rows {
		if len(row) != 2+len(l.fields) {
			return nil, fmt.Errorf("sqlstore: a row of %s has %d columns", l.Table, len(row))
		}
		for i, c := range row {
			if n, ok := c.(json.Number); ok {
				row[i] = n.String()
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b []any) int { return cmp.Or(compareCells(a[0], b[0]), compareCells(a[1], b[1])) })
	list := make([]schema.Value, len(rows))
	for i, row := range rows {
		list[i] = l.element(row[2:])
	}
	return list, nil
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
