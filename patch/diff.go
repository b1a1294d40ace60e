package patch

import "github.com/muster-scim/muster/schema"

// Diff returns the smallest request that turns from into to, as a client would
// send it: applying it to from gives a resource that is Equal to to. If they
// are equal already, it has no operations.
//
// Attributes that a client cannot write are left out: readOnly ones, which
// include id and meta. A request cannot express that an immutable attribute
// changes either; it is refused when it is applied. Both resources must be of
// the same type, and to must hold only what a request can say: no list with
// repeated values or several primary ones, and no empty string unless the
// request is compiled with EmptyKept. The order of references means nothing.
// Compile stores every spelling of such a request, unless Options.LetterCase is
// CaseIgnored; whoever parses it from JSON wants CaseStored for the same effect.
func Diff(from, to *schema.Resource) *Request {
	r := requestOf(between(from, to, false))
	r.exact = true
	return r
}

// Between returns the edits that turn from into to, readOnly attributes
// included, but not id and meta. A store that can carry out edits is so told
// what a PUT changes.
func Between(from, to *schema.Resource) *Changes {
	c := &Changes{typ: from.Type(), fold: CaseStored}
	for _, e := range between(from, to, true) {
		c.steps = append(c.steps, step{edit: e})
	}
	return c
}

// between lists the edits, in schema order.
func between(from, to *schema.Resource, all bool) []Edit {
	d := differ{all: all}
	for p := range from.Type().Paths() {
		if p == from.Type().SchemasPath() || p == from.Type().IDPath() || p == from.Type().MetaPath() {
			continue
		}
		d.compare(p, from.Get(p), to.Get(p))
	}
	return d.edits
}

// differ collects edits.
type differ struct {
	edits []Edit
	all   bool // readOnly attributes too
}

func (d *differ) compare(p schema.Path, old, v schema.Value) {
	switch {
	case old.Equal(v), !d.all && p.Mutability() == schema.ReadOnly:
	case p.MultiValued():
		d.edits = append(d.edits, d.list(p, old, v)...)
	case p.Kind() == schema.KindComplex && !d.wholly(p, v):
		for sub := range p.Subs() {
			d.compare(sub, old.Get(sub), v.Get(sub))
		}
	default:
		d.edits = append(d.edits, assign(p, v))
	}
}

// wholly reports whether the complex p changes as a whole: it loses its value,
// and nothing in it is out of reach.
func (d *differ) wholly(p schema.Path, v schema.Value) bool {
	if !v.IsZero() {
		return false
	}
	for sub := range p.Subs() {
		if !d.all && sub.Mutability() == schema.ReadOnly {
			return false
		}
	}
	return true
}

// assign sets or clears p.
func assign(p schema.Path, v schema.Value) Edit {
	if v.IsZero() {
		return &Clear{Path: p}
	}
	return &Set{Path: p, Value: v}
}

// list turns the list old into v: by changing values, or by removing and adding
// some, where that is shorter and gives v exactly, otherwise by a whole new
// list. The RFC gives clients no way to remove some values of a simple list.
func (d *differ) list(p schema.Path, old, v schema.Value) []Edit {
	whole := []Edit{assign(p, v)}
	if edits, ok := d.updates(p, old, v); ok && shorter(edits, whole) && reaches(p, edits, old, v) {
		return edits
	}
	removed := missing(p, old, v)
	added := missing(p, v, old)
	if len(removed)+len(added) >= v.Len() || len(removed) > 0 && !d.all && p.Kind() != schema.KindComplex {
		return whole
	}
	var edits []Edit
	if len(removed) > 0 {
		for i, r := range removed {
			removed[i] = identifying(p, r)
		}
		edits = append(edits, &RemoveValues{Path: p, Values: schema.List(removed...)})
	}
	if len(added) > 0 {
		edits = append(edits, &AddValues{Path: p, Values: schema.List(added...)})
	}
	if !reaches(p, edits, old, v) {
		return whole
	}
	return edits
}

// shorter reports whether a is sent in fewer bytes than b.
func shorter(a, b []Edit) bool {
	return size(a) < size(b)
}

func size(edits []Edit) (n int) {
	for _, op := range requestOf(edits).Operations {
		n += len(`{"op":"replace","path":"","value":},`) + len(op.Path) + len(op.Value)
	}
	return n
}

// missing returns the elements of a that b does not have.
func missing(p schema.Path, a, b schema.Value) (out []schema.Value) {
	has := make(map[string]bool, b.Len())
	for _, v := range b.All() {
		has[p.Identity(v)] = true
	}
	for _, v := range a.All() {
		if !has[p.Identity(v)] {
			out = append(out, v)
		}
	}
	return out
}

// reaches reports whether edits turn old into v. They may not: the order
// differs, a value that stays has changed beside what identifies it, or p is
// immutable.
func reaches(p schema.Path, edits []Edit, old, v schema.Value) bool {
	s := state{c: &Changes{}}
	s.lists = []*list{newList(p, old)}
	for _, e := range edits {
		if e.apply(&s) != nil {
			return false
		}
	}
	return s.lists[0].result().Equal(v)
}
