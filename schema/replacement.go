package schema

import "slices"

// Replacement returns what a PUT of r leaves in the place of old (RFC 7644
// §3.5.1): the attributes of r, and of old those that a client cannot set or
// that it cannot be expected to send again. These are readOnly attributes,
// whatever r holds, and immutable and writeOnly ones that r does not mention.
// Everything else that r does not mention is unassigned, except what keep,
// which may be nil, wants to stay: a service might keep "active", so that a PUT
// without it does not bring an account back to life.
//
// A value that must be unique, such as userName, keeps its old spelling if r has
// the same value in another letter case: that is not a change of who it is.
//
// Elements of lists keep in the same way what belongs to their "value".
func Replacement(old, r *Resource, keep func(Path) bool) *Resource {
	m := merger{keep: keep}
	return &Resource{typ: r.typ, fields: m.record(r.typ.root, old.fields, r.fields)}
}

type merger struct{ keep func(Path) bool }

// record merges the records of a complex value, both in schema order.
func (m merger) record(a *attr, old, record []Value) []Value {
	out := make([]Value, 0, len(old)+len(record))
	add := func(v Value, index uint16) {
		if !v.IsZero() {
			v.attr = index
			out = append(out, v)
		}
	}
	for len(old) > 0 || len(record) > 0 {
		switch {
		case len(record) == 0 || len(old) > 0 && old[0].attr < record[0].attr:
			add(m.value(a, old[0].attr, old[0], Value{}), old[0].attr)
			old = old[1:]
		case len(old) == 0 || record[0].attr < old[0].attr:
			add(m.value(a, record[0].attr, Value{}, record[0]), record[0].attr)
			record = record[1:]
		default:
			add(m.value(a, old[0].attr, old[0], record[0]), old[0].attr)
			old, record = old[1:], record[1:]
		}
	}
	return out
}

// value merges the values of the attribute at position index below parent.
func (m merger) value(parent *attr, index uint16, old, v Value) Value {
	if index == rawAttr {
		return v
	}
	a := parent.subs[index]
	switch {
	case a.def.Mutability == ReadOnly:
		return old
	case v.IsZero() && m.stays(a):
		return old
	case a.isKey() && Path{a}.sameKey(old, v):
		return old
	case a.kind != KindComplex || v.IsZero() && !a.container:
		return v
	case v.kind == KindList:
		return m.list(a, old, v)
	case !a.container && !a.sameSubject(old, v):
		return v
	}
	merged := complexOf(m.record(a, old.record(), v.record()))
	if merged.IsZero() && m.stays(a) {
		return old // r mentions nothing of it that a client can set
	}
	return merged
}

// stays reports whether what r does not mention stays.
func (m merger) stays(a *attr) bool {
	return a.def.Mutability == Immutable || a.def.Mutability == WriteOnly || m.keep != nil && m.keep(Path{a})
}

// sameSubject reports whether two complex values are about the same thing: what
// is known about one manager does not hold for the next.
func (a *attr) sameSubject(old, v Value) bool {
	return a.value == nil || Path{a}.ElementKey(old) == Path{a}.ElementKey(v)
}

// sameKey reports whether v and w are single values with the same unique key.
func (p Path) sameKey(v, w Value) bool {
	return p.FoldValue(v) != "" && p.FoldValue(v) == p.FoldValue(w)
}

// list merges elements with the same key. Of most lists nothing is kept, so r
// has them as they will be.
func (m merger) list(a *attr, old, v Value) Value {
	if !slices.ContainsFunc(a.subs, m.keeps) {
		return v
	}
	p := Path{a}
	find := old.finder(p, v.Len())
	return v.edit(func(_ int, e Value) Value {
		if at := find(p.ElementKey(e)); at >= 0 && !old.At(at).same(e) {
			return complexOf(m.record(a, old.At(at).record(), e.record()))
		}
		return e
	})
}

// keeps reports whether something of an old value of a can be in the new one.
func (m merger) keeps(a *attr) bool {
	return a.def.Mutability == ReadOnly || m.stays(a) || a.isKey()
}
