package memstore

import (
	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// plan is a way to find the matches of a filter: among some rows, of which a
// number is known before they are gathered.
type plan struct {
	size   int
	gather func() rows
	exact  bool // every row matches
}

// plan finds the fewest rows that hold all matches.
func (s *state) plan(t *table, f *filter.Filter) plan {
	best := plan{size: t.order.Len(), gather: func() rows { return treeRows{&t.order} }, exact: f == nil}
	if f == nil {
		return best
	}
	for _, find := range []func(*table, filter.Expr) plan{s.planIDs, s.planIndexes, s.planRelations} {
		if p := find(t, f.Expr()); p.gather != nil && p.size <= best.size/2 {
			best = p
		}
	}
	return best
}

// better returns the plan with fewer rows; the zero plan is no plan.
func (p plan) better(other plan) plan {
	if p.gather == nil || other.gather != nil && other.size < p.size {
		return other
	}
	return p
}

// isEquality reports whether e is nothing but a comparison with eq.
func isEquality(e filter.Expr) bool {
	c, ok := e.(*filter.Compare)
	return ok && c.Op == filter.Eq
}

func (s *state) planIDs(t *table, e filter.Expr) plan {
	ids, ok := filter.AnyOf(e, t.typ.IDPath())
	if !ok {
		return plan{}
	}
	return plan{size: len(ids), exact: isEquality(e), gather: func() rows {
		var found []*schema.Resource
		for _, id := range ids {
			if r, ok := t.byID.Get(id.Text()); ok {
				found = append(found, r)
			}
		}
		return union(found)
	}}
}

func (s *state) planIndexes(t *table, e filter.Expr) (best plan) {
	for _, x := range t.indexes {
		if !indexable(x.path) {
			continue
		}
		if values, ok := filter.AnyOf(e, x.path); ok {
			best = best.better(x.planKeys(values, isEquality(e)))
		} else if x.ordered() {
			best = best.better(x.planRange(e))
		}
	}
	return best
}

// planKeys looks for the resources with any of some values.
func (x *index) planKeys(values []schema.Value, exact bool) plan {
	p := plan{exact: exact}
	var found []bucket
	for _, v := range values {
		if b, ok := x.exact.Get(x.path.FoldValue(v)); ok {
			found = append(found, b)
			p.size += b.len()
		}
	}
	p.gather = func() rows {
		if len(found) == 1 {
			return found[0].rows()
		}
		var list []*schema.Resource
		for _, b := range found {
			for r := range b.from("") {
				list = append(list, r)
			}
		}
		return union(list)
	}
	return p
}

func (b bucket) rows() rows {
	if b.many != nil {
		return treeRows{b.many}
	}
	return listRows{b.one}
}

// planRange looks for the resources whose keys lie between two bounds.
func (x *index) planRange(e filter.Expr) plan {
	low, high, ok := x.bounds(e)
	if !ok {
		return plan{}
	}
	return plan{size: max(high-low, 0), gather: func() rows {
		var list []*schema.Resource
		n := high - low
		for at := range x.keys.At(low) {
			if n--; n < 0 {
				break
			}
			list = append(list, at.resource)
		}
		return union(list)
	}}
}

// bounds returns the ranks between which the keys of matches lie.
func (x *index) bounds(e filter.Expr) (low, high int, ok bool) {
	if prefix, ok := filter.PrefixOn(e, x.path); ok {
		low, high = x.prefixed(x.path.Fold(prefix))
		return low, high, true
	}
	if x.path.MultiValued() || x.path.Parent().MultiValued() {
		return 0, 0, false // two bounds may be met by two values
	}
	low, high = 0, x.keys.Len()
	for term := range filter.Conjuncts(e) {
		c, isCompare := term.(*filter.Compare)
		if !isCompare || c.Path != x.path {
			continue
		}
		switch key := x.path.FoldValue(c.Value); c.Op {
		case filter.Ge, filter.Gt:
			low, ok = max(low, x.below(key)), true
		case filter.Le:
			high, ok = min(high, x.below(key+"\x00")), true
		case filter.Lt:
			high, ok = min(high, x.below(key)), true
		}
	}
	return low, high, ok
}

// prefixed returns the ranks between which the keys with a prefix lie.
func (x *index) prefixed(prefix string) (low, high int) {
	low = x.below(prefix)
	high, _ = x.keys.Find(func(e entry) int {
		if e.key[:min(len(e.key), len(prefix))] <= prefix {
			return -1
		}
		return 1
	})
	return low, high
}

// below returns the number of keys less than key.
func (x *index) below(key string) int {
	n, _ := x.keys.Find(func(e entry) int {
		if e.key < key {
			return -1
		}
		return 1
	})
	return n
}

// planRelations looks from the other end: for the groups that have a member,
// or the members that a group has.
func (s *state) planRelations(t *table, e filter.Expr) (best plan) {
	for i := range t.roles {
		role := &t.roles[i]
		if ids, ok := filter.AnyOf(e, role.links.Value); ok {
			best = best.better(s.planOtherEnd(t, role, ids))
		}
	}
	return best
}

func (s *state) planOtherEnd(t *table, role *role, ids []schema.Value) plan {
	rel := s.relations[role.relation]
	p := plan{}
	for _, id := range ids {
		p.size += rel.across(role.holder, schema.ID(id.Text())).Len()
	}
	p.gather = func() rows {
		var list []*schema.Resource
		for _, id := range ids {
			for other := range rel.across(role.holder, schema.ID(id.Text())).At(0) {
				if r, ok := t.byID.Get(string(other)); ok {
					list = append(list, r)
				}
			}
		}
		return union(list)
	}
	return p
}
