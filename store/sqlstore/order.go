package sqlstore

import (
	"context"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// order is an order by rows of muster_values.
type order struct {
	filter.Sort
	by string // the path of the rows
}

// Rows that only sort: the leading value of a multi-valued path, and that there
// is no value, after which a path of the schema cannot end.
const (
	leadingMark = "^"
	missingMark = "!"
)

// sortPath names the rows that have the value that p is sorted by.
func (k *kind) sortPath(p schema.Path) string {
	if manyValued(p) {
		return p.String() + leadingMark
	}
	return p.String()
}

// appendSortEntry adds the row that only sorts, if there is one.
func (k *kind) appendSortEntry(found []entry, r *schema.Resource, p schema.Path) []entry {
	v := filter.Sort{By: p}.Value(r)
	switch by := k.sortPath(p); {
	case v.IsZero():
		return append(found, entry{path: p.String() + missingMark})
	case by != p.String():
		return append(found, entry{path: by, key: sortKey(p, v)})
	}
	return found
}

// stage is a part of an order: a range of rows of muster_values at one path. An
// index has them in this order.
type stage struct {
	path  string
	where clause // besides the path
	order string
}

// stages are the parts of an order after a position, in turn; none if its value
// is too long for an index.
func (o *order) stages(d Dialect, q store.Query) ([]stage, error) {
	way, than := "", " >"
	if o.Descending {
		way, than = " DESC", " <"
	}
	values := stage{path: o.by, order: "s.value" + way + ", s.id" + way}
	missing := stage{path: o.By.String() + missingMark, order: "s.id" + way}
	missing.where.add(" AND s.value = ?", []byte{})
	if q.After == "" {
		return o.turn(missing, values), nil
	}
	id, v, err := q.After.Parse(q.Sort)
	if err != nil {
		return nil, err
	}
	at := sanitized(id)
	if v.IsZero() {
		missing.where.add(" AND s.id"+than+" ?", at)
		if !o.Descending {
			return []stage{missing}, nil
		}
		return o.turn(missing, values), nil
	}
	text, equal := sortKey(o.By, v), values
	if len(text) > maxKey {
		return nil, nil
	}
	key := []byte(text)
	if d != MySQL { // which does not look rows up by two columns in an index
		values.where.add(" AND (s.value, s.id)"+than+" (?, ?)", key, at)
		return o.turn(missing, values)[boolean(o.Descending):], nil
	}
	equal.where.add(" AND s.value = ? AND s.id"+than+" ?", key, at)
	values.where.add(" AND s.value"+than+" ?", key)
	return o.turn(missing, equal, values)[boolean(o.Descending):], nil
}

// turn puts the stages in order: what is missing comes last, or first if the
// order is descending.
func (o *order) turn(missing stage, others ...stage) []stage {
	if o.Descending {
		return append([]stage{missing}, others...)
	}
	return append(others, missing)
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// inStages reads the resources of a page from one stage after the other. It
// reports whether they are in order, which an index does not know of values
// that are too long for it.
func (s rows) inStages(ctx context.Context, p *plan, q store.Query) (list []*schema.Resource, ordered bool, err error) {
	stages, err := p.sort.stages(s.tx.dialect, q)
	if err != nil || stages == nil {
		return nil, false, err
	}
	offset := max(q.Offset, 0)
	for _, stage := range stages {
		before := len(list)
		c, long := s.ofStage(p, stage, "r.doc, CASE WHEN s.whole IS NULL THEN 0 ELSE 1 END", q.Count+1-len(list), offset), false
		err := s.eachOnce(ctx, c.String(), c.args, func(scan func(...any) error) error {
			r, cut, err := s.sortedRow(scan)
			long = long || cut
			list = append(list, r)
			return err
		})
		if err != nil || long {
			return nil, false, err
		}
		if len(list) > q.Count {
			break
		}
		if len(list) > before {
			offset = 0
		} else if offset > 0 {
			if offset, err = s.skipped(ctx, p, stage, offset); err != nil {
				return nil, false, err
			}
		}
	}
	return list, true, nil
}

// sortedRow reads a document, and whether its value is too long for an index.
func (s rows) sortedRow(scan func(...any) error) (r *schema.Resource, cut bool, err error) {
	var doc []byte
	if err := scan(&doc, &cut); err != nil {
		return nil, false, err
	}
	r, err = s.decode(doc)
	return r, cut, err
}

// skipped returns what is left of an offset after a stage that has fewer rows.
func (s rows) skipped(ctx context.Context, p *plan, stage stage, offset int) (int, error) {
	var c clause
	c.add("SELECT COUNT(*)")
	s.rowsOfStage(&c, p, stage)
	var n int
	err := s.eachOnce(ctx, c.String(), c.args, func(scan func(...any) error) error { return scan(&n) })
	return max(offset-n, 0), err
}

// ofStage selects rows of a stage, in order.
func (s rows) ofStage(p *plan, stage stage, columns string, count, offset int) *clause {
	c := &clause{}
	c.add("SELECT " + columns)
	s.rowsOfStage(c, p, stage)
	c.add(" ORDER BY "+stage.order+" LIMIT ? OFFSET ?", count, offset)
	return c
}

// rowsOfStage adds where the rows of a stage come from.
func (s rows) rowsOfStage(c *clause, p *plan, stage stage) {
	c.add(" FROM muster_values s "+s.tx.dialect.join()+" muster_resources r ON r.tenant = ? AND r.id = s.id WHERE s.tenant = ? AND s.type = ? AND s.path = ?",
		s.tenant, s.tenant, s.typ.Name(), stage.path)
	c.add(stage.where.String(), stage.where.args...)
	c.add(" AND "+p.where.String(), p.where.args...)
}
