package filter

import (
	"iter"

	"github.com/muster-scim/muster/schema"
)

// The functions here look for conditions that an index can answer. Each gives a
// necessary condition: every resource that fulfils the filter fulfils it, but
// not the other way round, so what an index finds must still pass Match.

// Conjuncts iterates over the terms that must all be true for e to be true: the
// terms of an And, otherwise e itself.
func Conjuncts(e Expr) iter.Seq[Expr] {
	return func(yield func(Expr) bool) {
		and, ok := e.(*And)
		if !ok {
			yield(e)
			return
		}
		for _, t := range and.Terms {
			if !yield(t) {
				return
			}
		}
	}
}

// EqualityOn returns an operand that at least one value at p must be equal to,
// and whether e demands that. It sees userName eq "x" among the conjuncts, and
// emails[value eq "x"] for the path emails.value.
//
// Equal means equal in the sense of Compare: an index holds the schema.Path.Fold of
// values whose letter case does not count.
func EqualityOn(e Expr, p schema.Path) (schema.Value, bool) {
	values, ok := AnyOf(e, p)
	if !ok || len(values) != 1 {
		return schema.Value{}, false
	}
	return values[0], true
}

// AnyOf returns operands of which at least one must be equal to a value at p,
// and whether e demands that. Beyond EqualityOn it sees members[value eq "a" or
// value eq "b"]. An empty list means that nothing can fulfil e.
func AnyOf(e Expr, p schema.Path) (values []schema.Value, ok bool) {
	switch e := e.(type) {
	case *Compare:
		if e.Op == Eq && e.Path == p {
			return []schema.Value{e.Value}, true
		}
	case *Has:
		return AnyOf(e.X, p)
	case *And:
		for _, t := range e.Terms {
			if found, has := AnyOf(t, p); has && (!ok || len(found) < len(values)) {
				values, ok = found, true
			}
		}
		return values, ok
	case *Or:
		for _, t := range e.Terms {
			found, has := AnyOf(t, p)
			if !has {
				return nil, false
			}
			values = append(values, found...)
		}
		return values, true
	}
	return nil, false
}

// PrefixOn returns a text that at least one value at p must start with, and
// whether e demands that: the operand of an Sw or of an Eq. For a path whose
// letter case does not count it is the schema.Path.Fold of the value that starts
// with the schema.Path.Fold of the text.
func PrefixOn(e Expr, p schema.Path) (prefix string, ok bool) {
	switch e := e.(type) {
	case *Compare:
		if (e.Op == Sw || e.Op == Eq) && e.Path == p {
			return e.Value.Text(), true
		}
	case *Has:
		return PrefixOn(e.X, p)
	case *And:
		for _, t := range e.Terms {
			if found, has := PrefixOn(t, p); has && (!ok || len(found) > len(prefix)) {
				prefix, ok = found, true
			}
		}
	}
	return prefix, ok
}
