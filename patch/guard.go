package patch

import (
	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// RemovesAll reports whether the edits may leave the multi-valued attribute p
// without any of the values that it has, although the request does not name
// them one by one: p is cleared, alone or with its extension, or values are
// removed by a filter that does more than name them. It is known before the
// resource is read, so a service can refuse what would empty a group by
// accident.
//
// A request that puts values in the place of the removed ones, by replace or by
// remove and add, does not count.
func (c *Changes) RemovesAll(p schema.Path) bool {
	removes := false
	for _, s := range c.steps {
		switch e := s.edit.(type) {
		case *Clear:
			removes = removes || e.Path.Contains(p)
		case *RemoveMatching:
			removes = removes || e.Path == p
		case *RemoveValues:
			removes = removes || e.Path == p && !allNamed(p, e.Values)
		case *Set:
			removes = removes && e.Path != p
		case *AddValues:
			removes = removes && e.Path != p
		}
	}
	return removes
}

// named returns the values that f names: f is value eq "x", perhaps joined by
// and with more equalities, or several of these joined by or. Any other filter
// needs the values to be looked at.
func named(p schema.Path, f *filter.Filter) (values schema.Value, ok bool) {
	terms := []filter.Expr{f.Expr()}
	if or, ok := f.Expr().(*filter.Or); ok {
		terms = or.Terms
	}
	list := make([]schema.Value, 0, len(terms))
	for _, term := range terms {
		v, ok := sample(p, term)
		if !ok {
			return schema.Value{}, false
		}
		list = append(list, v)
	}
	values = schema.List(list...)
	return values, allNamed(p, values)
}

// allNamed reports whether each of values is a simple value or has a "value".
func allNamed(p schema.Path, values schema.Value) bool {
	if p.Kind() != schema.KindComplex {
		return true
	}
	key, ok := p.Sub("value")
	for _, v := range values.All() {
		ok = ok && !v.Get(key).IsZero()
	}
	return ok
}

// sample returns the least value of p that fulfils e, if e consists of
// equalities joined by and. Values that e does not select do not agree with the
// sample, so one can be used in the place of the other.
func sample(p schema.Path, e filter.Expr) (v schema.Value, ok bool) {
	terms := []filter.Expr{e}
	if and, ok := e.(*filter.And); ok {
		terms = and.Terms
	}
	for _, term := range terms {
		compare, ok := term.(*filter.Compare)
		if !ok || compare.Op != filter.Eq || !comparesText(compare.Path) {
			return schema.Value{}, false
		}
		if compare.Path == p {
			return compare.Value, len(terms) == 1
		}
		if held := v.Get(compare.Path); !held.IsZero() {
			return schema.Value{}, false
		}
		v = v.With(compare.Path, compare.Value)
	}
	return v, !v.IsZero()
}

// comparesText reports whether two values of p are equal only if their texts
// are, so that equality in a filter is the same as in same.
func comparesText(p schema.Path) bool {
	switch p.Kind() {
	case schema.KindString, schema.KindReference, schema.KindBoolean:
		return !p.MultiValued() || p.Parent().IsZero() || p.Parent().IsExtension()
	}
	return false
}
