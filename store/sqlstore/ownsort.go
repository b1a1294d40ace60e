package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// columnOrder is an order that the database can give.
type columnOrder struct {
	value string                          // the expression that is sorted by, or NULL
	key   func(schema.Value) (any, error) // what it is for a value
	id    string                          // the expression that orders equal values
	after func(id schema.ID) (any, bool)  // what that is for an id
}

// orderOf returns the order of rows that sort demands, or nil if the database
// does not have it.
func (t *ownTable) orderOf(sort filter.Sort) *columnOrder {
	f := t.fieldAt(sort.By)
	if f == nil {
		f = t.metaField(sort.By)
	}
	if f == nil || sort.By.IsZero() || sort.By.MultiValued() {
		return nil
	}
	o := f.order("r")
	if o != nil {
		o.id, o.after = t.ID.asText(t.dialect, "r"), t.ID.textOf
	}
	return o
}

// asText is the expression of the id as text that sorts by bytes.
func (id ID) asText(d Dialect, alias string) string {
	column := alias + "." + d.quote(id.Column)
	switch {
	case id.Kind != IntegerID:
		return id.ordered(d, alias)
	case d == PostgreSQL:
		return "CAST(" + column + ` AS text) COLLATE "C"`
	case d == MySQL:
		return "CAST(" + column + " AS BINARY)"
	}
	return "CAST(" + column + " AS text)"
}

// textOf returns what asText is for an id.
func (id ID) textOf(text schema.ID) (any, bool) {
	arg, ok := id.param(text)
	if id.Kind == IntegerID {
		return fmt.Sprint(arg), ok
	}
	return arg, ok
}

// order returns the order of the values of a column, or nil where that is not
// the order of filter.Sort.
func (f *field) order(alias string) *columnOrder {
	column := f.column(alias)
	if f.Key != "" {
		return &columnOrder{value: alias + "." + f.dialect.quote(f.Key), key: f.key}
	}
	switch c := f.conv.(type) {
	case flag, mark:
		return f.flagOrder(alias)
	case whole:
		if f.spare {
			return nil // greater numbers may be kept elsewhere
		}
		return &columnOrder{value: column, key: func(v schema.Value) (any, error) { return f.encode(v, writing{dialect: f.dialect}) }}
	case instant:
		if f.spare || c.date || c.unit == 0 && f.dialect == SQLite {
			return nil
		}
		return &columnOrder{value: column, key: func(v schema.Value) (any, error) { return f.encode(v, writing{dialect: f.dialect}) }}
	}
	return nil
}

// flagOrder puts false before true.
func (f *field) flagOrder(alias string) *columnOrder {
	yes, no := &clause{}, &clause{}
	for c, b := range map[*clause]bool{yes: true, no: false} {
		if _, err := f.compare(c, alias, &filter.Compare{Path: f.path, Op: filter.Eq, Value: schema.Bool(b)}); err != nil {
			return nil
		}
	}
	value := "CASE WHEN " + yes.String() + " THEN 1 WHEN " + no.String() + " THEN 0 END"
	return &columnOrder{value: value, key: func(v schema.Value) (any, error) {
		if v.IsZero() {
			return nil, nil
		}
		return map[bool]int{true: 1}[v.Bool()], nil
	}}
}

// by is the ORDER BY of an order. No value comes last, and first in descending
// order.
func (o *columnOrder) by(descending bool) string {
	absent := " ORDER BY CASE WHEN " + o.value + " IS NULL THEN 1 ELSE 0 END"
	if descending {
		return absent + " DESC, " + o.value + " DESC, " + o.id + " DESC"
	}
	return absent + ", " + o.value + ", " + o.id
}

// from adds that a row comes after a position.
func (o *columnOrder) from(c *clause, q store.Query) error {
	if q.After == "" {
		return nil
	}
	text, v, err := q.After.Parse(q.Sort)
	if err != nil {
		return err
	}
	id, ok := o.after(text)
	key, err := o.key(v)
	if err != nil || !ok {
		return errors.Join(store.ErrPosition, err)
	}
	later, absent := " > ?", o.value+" IS NULL"
	if q.Sort.Descending {
		later, absent = " < ?", "1 = 0"
	}
	switch {
	case key == nil && q.Sort.Descending:
		c.add(" AND ("+o.value+" IS NOT NULL OR "+o.id+later+")", id)
	case key == nil:
		c.add(" AND "+o.value+" IS NULL AND "+o.id+later, id)
	default:
		c.add(" AND ("+absent+" OR "+o.value+later+" OR "+o.value+" = ? AND "+o.id+later+")", key, key, id)
	}
	return nil
}

// ordered reads a page in the order of a plan.
func (s ownRows) ordered(ctx context.Context, p *ownPlan, q store.Query) ([]*schema.Resource, error) {
	c := s.byWhere(p.where, s.inBulk())
	if err := p.order.from(c, q); err != nil {
		return nil, err
	}
	c.add(p.order.by(q.Sort.Descending)+" LIMIT ? OFFSET ?", q.Count+1, max(q.Offset, 0))
	return s.load(ctx, c, s.inBulk())
}
