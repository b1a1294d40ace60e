package sqlstore

import (
	"errors"
	"slices"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// plan is how a query is answered. A row is one of muster_resources, called r.
type plan struct {
	first *clause     // ids to start from, as SELECT … AS id; nil if there are no few
	where clause      // which rows fulfil what the database can tell besides
	rest  filter.Expr // what is left to look at; nil if nothing is
	sort  *order      // nil if the order is that of ids
}

// plan decides what the database does.
func (h handle) plan(k *kind, q store.Query) (*plan, error) {
	p, m := &plan{}, managed{kind: k, dialect: h.db.dialect, tenant: h.tenant}
	var rest []filter.Expr
	terms := p.start(m, q.Filter)
	m.probe = p.first != nil || m.pins(terms)
	p.where.add("r.type = ?", k.typ.Name())
	pushed := p.first != nil
	for _, term := range terms {
		var c clause
		if err := where(&c, term, m); err != nil {
			rest = append(rest, term)
			continue
		}
		pushed = true
		p.where.add(" AND "+c.String(), c.args...)
	}
	if !q.Sort.By.IsZero() {
		p.sort = &order{by: k.sortPath(q.Sort.By), Sort: q.Sort}
		if !k.sorts(q.Sort.By) && len(rest) == 0 {
			rest = []filter.Expr{&filter.And{}} // every row is fine, but not their order
		}
	}
	if len(rest) > 0 {
		if !pushed {
			return nil, errors.ErrUnsupported
		}
		p.rest = &filter.And{Terms: rest}
	}
	return p, nil
}

// start chooses what the plan starts from, and returns the other terms.
func (p *plan) start(m managed, f *filter.Filter) (terms []filter.Expr) {
	if f == nil {
		return nil
	}
	if d, ok := m.demandIn(f.Expr()); ok {
		p.first = &clause{}
		p.first.add("SELECT v.id AS id FROM muster_values v WHERE "+entryTest, m.tenant, m.typ.Name(), d.index.name, column(d.key))
		return d.rest
	}
	for term := range filter.Conjuncts(f.Expr()) {
		if p.first == nil && m.narrows(term) {
			p.first = &clause{}
			if m.ids(p.first, term) == nil {
				continue
			}
			p.first = nil
		}
		terms = append(terms, term)
	}
	return terms
}

// sorts reports whether there are rows in the order of filter.Sort by p.
func (k *kind) sorts(p schema.Path) bool {
	return k.indexes(p) && k.roleAt(p) == nil && p.Kind() != schema.KindComplex
}

// selective returns the comparison that a term is, if it is one that few values
// fulfil: an equality, and not with a boolean.
func selective(e filter.Expr) (c *filter.Compare, ok bool) {
	c, ok = e.(*filter.Compare)
	return c, ok && c.Op == filter.Eq && c.Path.Kind() != schema.KindBoolean
}

// narrows reports whether few resources can be expected to fulfil a term.
func (m managed) narrows(e filter.Expr) bool {
	if has, ok := e.(*filter.Has); ok {
		if and, ok := has.X.(*filter.And); ok {
			return slices.ContainsFunc(and.Terms, m.narrows)
		}
		return m.narrows(has.X)
	}
	c, ok := selective(e)
	return ok && c.Path != m.typ.IDPath() && (m.columnOf(c.Path) == "" || c.Path.FoldValue(c.Value) == "")
}

// pins reports whether one of the terms demands an id or a unique key.
func (m managed) pins(terms []filter.Expr) bool {
	for _, t := range terms {
		c, ok := t.(*filter.Compare)
		if ok && c.Op == filter.Eq && (c.Path == m.typ.IDPath() || m.columnOf(c.Path) != "" && c.Path.FoldValue(c.Value) != "") {
			return true
		}
	}
	return false
}

// from adds where the rows come from, and what they fulfil, with the values to
// sort by as s if there is an order. The id is that of the first of the tables,
// whose order an index has.
func (p *plan) from(c *clause, d Dialect, tenant any, by *order) (id string) {
	id = "r.id"
	if p.first == nil {
		c.add(" FROM muster_resources r")
	} else {
		c.add(" FROM ("+p.first.String()+") k "+d.join()+" muster_resources r ON r.tenant = ? AND r.id = k.id", append(slices.Clone(p.first.args), tenant)...)
		id = "k.id"
	}
	if by != nil {
		c.add(" LEFT JOIN muster_values s ON s.tenant = r.tenant AND s.id = r.id AND s.element = 0 AND s.path = ?", by.by)
	}
	c.add(" WHERE r.tenant = ? AND "+p.where.String(), append([]any{tenant}, p.where.args...)...)
	return id
}

// counted adds what counts the rows. Whatever has an indexed value exists.
func (p *plan) counted(c *clause, d Dialect, tenant any) {
	if p.first != nil && len(p.where.args) == 1 {
		c.add("SELECT COUNT(*) FROM ("+p.first.String()+") k", p.first.args...)
		return
	}
	c.add("SELECT COUNT(*)")
	p.from(c, d, tenant, nil)
}

// Explanation says how a query is answered.
type Explanation struct {
	// SQL is the statement that finds the resources, for the first page.
	SQL string
	// Rest is what is looked at in Go for each resource that SQL finds; "" if
	// nothing is.
	Rest string
}

// Explain says how Query would answer, without asking the database. It returns
// errors.ErrUnsupported where Query declines, so that every resource of the
// type would be looked at.
func (h handle) Explain(q store.Query) (Explanation, error) {
	k := h.db.kinds[q.Type]
	if k == nil {
		return Explanation{}, errors.ErrUnsupported
	}
	k = h.db.known(k)
	q.After, q.Offset = "", 0
	if l, ok := k.lookupIn(q); ok {
		s := h.rows(h.single(), k)
		var e Explanation
		if !l.exact {
			e.Rest = q.Filter.String()
		}
		e.SQL = h.db.dialect.bind(s.fetching(s.which(l), selected(q.Projection)).text)
		return e, nil
	}
	p, err := h.plan(k, q)
	if err != nil {
		return Explanation{}, err
	}
	s := h.rows(h.single(), k)
	if p.rest != nil {
		return Explanation{SQL: h.db.dialect.bind(s.batchOf(p, "", siftBatch).String()), Rest: p.rest.String()}, nil
	}
	c, err := s.firstPage(p, q)
	if err != nil {
		return Explanation{}, err
	}
	return Explanation{SQL: h.db.dialect.bind(c.String())}, nil
}

// firstPage is the statement that a page begins with.
func (s rows) firstPage(p *plan, q store.Query) (*clause, error) {
	if p.sort == nil || p.first != nil {
		return s.statement(p, q)
	}
	stages, err := p.sort.stages(s.db.dialect, q)
	if err != nil {
		return nil, err
	}
	return s.ofStage(p, stages[0], "r.doc", q.Count+1, 0), nil
}
