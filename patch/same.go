package patch

import "github.com/muster-scim/muster/schema"

// same reports whether v and w are the same value for p, without regard to what
// p does not compare.
func same(p schema.Path, v, w schema.Value) bool {
	if v.Kind() != w.Kind() || v.Len() != w.Len() {
		return false
	}
	switch v.Kind() {
	case schema.KindComplex:
		for sub := range p.Subs() {
			if !same(sub, v.Get(sub), w.Get(sub)) {
				return false
			}
		}
		return true
	case schema.KindList:
		for i, each := range v.All() {
			if !same(p, each, w.At(i)) {
				return false
			}
		}
		return true
	}
	return v.Equal(w) || p.FoldValue(v) == p.FoldValue(w)
}

// agrees reports whether v has everything that want has.
func agrees(p schema.Path, v, want schema.Value) bool {
	if want.Kind() != schema.KindComplex {
		return same(p, v, want)
	}
	for sub := range p.Subs() {
		if wanted := want.Get(sub); !wanted.IsZero() && !same(sub, v.Get(sub), wanted) {
			return false
		}
	}
	return true
}
