package sqlstore

import (
	"context"
	"slices"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// lookup is a query that one statement answers, because its filter demands one
// value of an index. What has it is looked at here, if it is not too much.
type lookup struct {
	path   schema.Path // zero for an index of several attributes
	index  string
	text   string // the prepared value
	unique bool   // at most one resource has it
	exact  bool   // it is all that the filter demands
	most   int    // resources to look at
}

// fewest is how many resources are looked at in Go rather than that the
// database is asked about each.
const fewest = 250

// lookupIn returns the lookup that a query is, if it is one.
func (k *kind) lookupIn(q store.Query) (l lookup, ok bool) {
	if q.Filter == nil || !isCompare(q.Filter) && k.asksRelations(q.Filter) {
		return l, false
	}
	for _, p := range k.unique {
		if v, ok := filter.EqualityOn(q.Filter.Expr(), p); ok {
			if text := p.FoldValue(v); text != "" { // which is not kept as a key
				return lookup{path: p, index: p.String(), text: text, unique: true, exact: isCompare(q.Filter), most: 1}, true
			}
		}
	}
	if q.After != "" || q.Count <= 0 || k.roleAt(q.Sort.By) != nil {
		return l, false // a page far behind is not one of few
	}
	page := max(q.Offset, 0) + q.Count + 1
	if e, ok := q.Filter.Expr().(*filter.Compare); ok {
		if e.Op != filter.Eq || !k.sorts(e.Path) {
			return l, false
		}
		return lookup{path: e.Path, index: e.Path.String(), text: sortKey(e.Path, e.Value), exact: true, most: page}, true
	}
	return k.lookupAmong(q, page)
}

// lookupAmong returns the lookup of some of the terms that must all be true.
func (k *kind) lookupAmong(q store.Query, page int) (l lookup, ok bool) {
	d, ok := k.demandIn(q.Filter.Expr())
	if ok && len(d.rest) == 0 {
		return lookup{index: d.index.name, text: d.key, exact: true, most: page}, true
	}
	if k.lists(q.Projection) {
		return l, false
	}
	if ok {
		return lookup{index: d.index.name, text: d.key, most: fewest}, true
	}
	for term := range filter.Conjuncts(q.Filter.Expr()) {
		if e, ok := selective(term); ok && k.sorts(e.Path) {
			return lookup{path: e.Path, index: e.Path.String(), text: sortKey(e.Path, e.Value), most: fewest}, true
		}
	}
	return l, false
}

// lists reports whether lists of members are asked for, which may be long.
func (k *kind) lists(p *schema.Projection) bool {
	for _, role := range k.roles {
		if role.holder && selected(p)(role.links.List) {
			return true
		}
	}
	return false
}

func isCompare(f *filter.Filter) bool {
	_, ok := f.Expr().(*filter.Compare)
	return ok
}

// asksRelations reports whether a filter is about lists that are kept as rows,
// which may be too long to be looked at here.
func (k *kind) asksRelations(f *filter.Filter) bool {
	for p := range f.Paths() {
		if k.roleAt(p) != nil {
			return true
		}
	}
	return false
}

// look answers a lookup, unless more than it looks at have the value.
func (h handle) look(ctx context.Context, k *kind, l lookup, q store.Query) (page store.Page, done bool, err error) {
	var list []*schema.Resource
	err = h.read(ctx, false, func(t *tx) (err error) {
		list, err = h.rows(t, k).having(ctx, l, selected(q.Projection))
		return err
	})
	if err != nil || !l.unique && len(list) == l.most {
		return page, err != nil, err
	}
	list = slices.CompactFunc(list, func(a, b *schema.Resource) bool { return a.ID() == b.ID() })
	page, err = pageOf(list, q)
	return page, true, err
}

// pageOf returns the page of a list that has all that can match, in the order
// of ids.
func pageOf(list []*schema.Resource, q store.Query) (store.Page, error) {
	pager := store.NewPager(q)
	for _, r := range list {
		if _, err := pager.Add(r); err != nil {
			return store.Page{}, err
		}
	}
	return pager.Page()
}

// having reads some of the resources that have a value, in the order of their
// ids, and those again that have it twice.
func (s rows) having(ctx context.Context, l lookup, include func(schema.Path) bool) ([]*schema.Resource, error) {
	if l.path == s.typ.IDPath() && !namable(l.text) {
		return nil, nil
	}
	return s.fetch(ctx, s.which(l), include)
}

// entryTest demands a value of an index, in a row of muster_values called v.
const entryTest = "v.tenant = ? AND v.type = ? AND v.path = ? AND v.value = ?"

// which selects the resources that a lookup is for.
func (s rows) which(l lookup) selection {
	tenant, name, key := any(s.tenant), s.typ.Name(), column(l.text)
	entry := []any{tenant, name, l.index, key}
	switch {
	case l.unique && l.path == s.typ.IDPath():
		return s.withID(schema.ID(l.text))
	case l.unique && l.path == s.key:
		return selection{documents + "r.type = ? AND r.unique_key = ?", []any{tenant, name, key}, true}
	case l.unique:
		return selection{documents + "r.id = (SELECT v.id FROM muster_unique v WHERE " + entryTest + ")", append([]any{tenant}, entry...), true}
	case l.path == s.typ.ExternalIDPath():
		return selection{documents + "r.type = ? AND r.external_key = ? LIMIT ?", []any{tenant, name, key, l.most}, false}
	}
	return selection{"SELECT r.doc FROM muster_values v " + s.tx.dialect.join() + " muster_resources r ON r.tenant = v.tenant AND r.id = v.id WHERE " + entryTest + " LIMIT ?",
		append(entry, l.most), false}
}
