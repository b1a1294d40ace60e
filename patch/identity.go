package patch

import (
	"strconv"
	"strings"

	"github.com/muster-scim/muster/schema"
)

// IsReference reports whether the values of p are references to resources:
// complex values with both "value" and "$ref", such as the members of a group
// or the manager of a user. What such a value refers to is all that identifies
// it; the rest is derived from there.
func IsReference(p schema.Path) bool {
	if p.Kind() != schema.KindComplex || p.IsExtension() {
		return false
	}
	_, hasValue := p.Sub("value")
	ref, hasRef := p.Sub("$ref")
	return hasValue && hasRef && ref.Kind() == schema.KindReference
}

// Identity returns a text that is equal for two values of the multi-valued
// attribute p if and only if they count as the same value: for an attribute
// that references resources the prepared "value", otherwise everything that the
// value holds, without regard to letter case where that does not count. A
// "primary" that is false is the same as none.
//
// A store that keeps the values of p as rows can use it as their key.
func Identity(p schema.Path, v schema.Value) string {
	if v.Kind() != schema.KindComplex {
		return p.FoldValue(v)
	}
	if IsReference(p) {
		sub, _ := p.Sub("value")
		return sub.FoldValue(v.Get(sub))
	}
	var key []byte
	for sub := range p.Subs() {
		held := v.Get(sub)
		if held.IsZero() || isPrimary(sub) && !held.Bool() {
			continue
		}
		key = append(key, sub.Name()...)
		for _, each := range held.All() {
			text := sub.FoldValue(each)
			key = strconv.AppendInt(append(key, ' '), int64(len(text)), 10)
			key = append(append(key, ' '), text...)
		}
		key = append(key, ';')
	}
	return string(key)
}

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

// isPrimary reports whether p is the "primary" of a multi-valued attribute
// (RFC 7643 §2.4).
func isPrimary(p schema.Path) bool {
	return p.Kind() == schema.KindBoolean && p.Parent().MultiValued() && strings.EqualFold(p.Name(), "primary")
}

// keepReferences returns what p holds after the references in v are written
// over those in old. A resource that is referred to before and after stays as
// it is known: the parts that only the service provider writes are kept, and
// old itself is returned if the same resources are referred to in another
// order.
func keepReferences(p schema.Path, old, v schema.Value) schema.Value {
	if !p.MultiValued() {
		if agrees(p, old, v) {
			return old
		}
		return v
	}
	known := make(map[string]schema.Value, old.Len())
	for _, each := range old.All() {
		known[Identity(p, each)] = each
	}
	kept := 0
	list := make([]schema.Value, 0, v.Len())
	for _, each := range v.All() {
		before, ok := known[Identity(p, each)]
		if ok {
			each = keepFixed(p, before, each)
			if each.Equal(before) {
				kept++
			}
		}
		list = append(list, each)
	}
	if kept == old.Len() && kept == len(list) && kept == len(known) {
		return old
	}
	return schema.List(list...)
}

// keepFixed gives v the sub-attributes of old that a client cannot change.
func keepFixed(p schema.Path, old, v schema.Value) schema.Value {
	for sub := range p.Subs() {
		if held := old.Get(sub); !held.IsZero() && sub.Mutability() != schema.ReadWrite && sub.Mutability() != schema.WriteOnly {
			v = v.With(sub, held)
		}
	}
	return v
}
