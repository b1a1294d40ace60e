package memstore

import (
	"iter"
	"slices"

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
	best := plan{size: t.order.Len(), gather: func() rows { return treeRows{&t.order, &s.resources} }, exact: f == nil}
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
		var slots []uint32
		for _, id := range ids {
			if slot, ok := s.find(schema.ID(id.Text())); ok && s.at(slot).Type() == t.typ {
				slots = append(slots, slot)
			}
		}
		return s.union(slots)
	}}
}

func (s *state) planIndexes(t *table, e filter.Expr) (best plan) {
	for _, x := range t.indexes {
		if !indexable(x.path) {
			continue
		}
		if values, ok := filter.AnyOf(e, x.path); ok {
			best = best.better(s.planKeys(x, values, isEquality(e)))
		} else if x.ordered {
			best = best.better(s.planRange(x, e))
		}
	}
	return best
}

// planKeys looks for the resources with any of some values.
func (s *state) planKeys(x *index, values []schema.Value, exact bool) plan {
	p := plan{exact: exact}
	var all []found
	for _, v := range values {
		if f, ok := x.lookUp(&s.resources, x.path.FoldValue(v)); ok {
			all = append(all, f)
			p.size += f.len()
		}
	}
	p.gather = func() rows {
		if len(all) == 1 && all[0].many != nil {
			return treeRows{all[0].many, &s.resources}
		}
		var slots []uint32
		for _, f := range all {
			slots = slices.AppendSeq(slots, f.all())
		}
		return s.union(slots)
	}
	return p
}

// planRange looks for the resources whose keys lie between two bounds.
func (s *state) planRange(x *index, e filter.Expr) plan {
	low, high, ok := x.bounds(e)
	if !ok {
		return plan{}
	}
	return plan{size: max(high-low, 0), gather: func() rows {
		var slots []uint32
		n := high - low
		for at := range x.keys.At(low) {
			if n--; n < 0 {
				break
			}
			slots = append(slots, at.slot)
		}
		return s.union(slots)
	}}
}

// bounds returns the ranks between which the keys of matches lie.
func (x *index) bounds(e filter.Expr) (low, high int, ok bool) {
	if prefix, ok := filter.PrefixOn(e, x.path); ok {
		low, high = x.prefixed(x.path.Fold(prefix))
		return low, high, true
	}
	if manyValued(x.path) {
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
	p := plan{}
	var others []iter.Seq[uint32]
	for _, id := range ids {
		slot, ok := s.find(schema.ID(id.Text()))
		if !ok {
			continue
		}
		ends := s.ties(role.relation, slot)
		if role.holder {
			p.size += ends.holders()
			others = append(others, ends.allHolders())
		} else {
			p.size += ends.members()
			others = append(others, ends.allMembers())
		}
	}
	p.gather = func() rows {
		var slots []uint32
		for _, list := range others {
			for slot := range list {
				if s.at(slot).Type() == t.typ {
					slots = append(slots, slot)
				}
			}
		}
		return s.union(slots)
	}
	return p
}
