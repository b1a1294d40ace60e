package schema

import (
	"fmt"
	"slices"
)

// list checks the elements of a multi-valued attribute, and then what they
// must be together. Elements that a long list shares with old were checked when
// they came in.
func (c *checker) list(a *attr, old, v Value) Value {
	var few [16]element
	var news []element
	if v.spread || c.looksInto(a) {
		news = v.newElements(old, few[:0])
	}
	if c.looksInto(a) {
		v = c.elements(a, old, v, news)
	}
	v = c.distinct(a, old, v, news)
	if one := c.onePrimary(a, v); !one.same(v) { // which may have made two values equal
		return c.distinct(a, old, one, news)
	}
	return v
}

// elements checks each of the new elements on its own.
func (c *checker) elements(a *attr, old, v Value, news []element) Value {
	var corrected map[int]Value
	for _, n := range news {
		c.at(n.index)
		if checked := c.single(a, Value{}, n.value); !checked.same(n.value) {
			if corrected == nil {
				corrected = make(map[int]Value)
			}
			corrected[n.index] = checked
		}
	}
	c.keepsElements(a, old, news)
	c.at(-1)
	if len(corrected) == 0 {
		return v
	}
	return v.edit(func(i int, e Value) Value {
		if checked, ok := corrected[i]; ok {
			return checked
		}
		return e
	})
}

// keepsElements checks that the elements that were there before keep their
// immutable sub-attributes (the value aside, which tells them apart). A $ref or
// a display that is derived from the value is not the client's to change, and
// follows from it.
func (c *checker) keepsElements(a *attr, old Value, news []element) {
	if len(a.fixed) == 0 || old.IsZero() {
		return
	}
	find := old.finder(Path{a}, len(news))
	for _, n := range news {
		at := find(Path{a}.ElementKey(n.value))
		if at < 0 {
			continue
		}
		c.at(n.index)
		for _, sub := range a.fixed {
			was, now := old.At(at).Get(Path{sub}), n.value.Get(Path{sub})
			if !was.IsZero() && !now.IsZero() {
				c.unchanged(sub, was, now)
			}
		}
	}
}

// distinct removes values that are in the list already (RFC 7643 §2.4). If v
// was made from the long list old, in which there are none, only what is new is
// looked up.
func (c *checker) distinct(a *attr, old, v Value, news []element) Value {
	p := Path{a}
	if a.allDiffer(v) {
		return v
	}
	if a.ref != nil && old.spread && len(news) <= fewElements {
		for _, n := range slices.Backward(news) {
			if at := v.IndexOfElement(p, p.ElementKey(n.value)); at >= 0 && at != n.index && c.duplicate(a, n.index) {
				v = v.WithAt(n.index, Value{})
			}
		}
		return v
	}
	seen := make(map[string]struct{}, v.Len())
	return v.Without(func(i int, e Value) bool {
		id := p.Identity(e)
		_, twice := seen[id]
		seen[id] = struct{}{}
		return twice && c.duplicate(a, i)
	})
}

// allDiffer reports whether it is seen at once that no two elements of a short
// list are the same value.
func (a *attr) allDiffer(v Value) bool {
	const few = 8
	if v.Len() > few {
		return false
	}
	run := v.run()
	for i, e := range run {
		for _, other := range run[:i] {
			if !a.differ(other, e) {
				return false
			}
		}
	}
	return true
}

// differ reports whether two elements are seen to have a different Identity:
// the values that they refer to differ, or else a part of v is not the same in
// w.
func (a *attr) differ(v, w Value) bool {
	if v.kind != KindComplex {
		return !a.equal(v, w)
	}
	if a.ref != nil && a.value != nil {
		x, y := field(v.record(), a.value.index), field(w.record(), a.value.index)
		if !x.IsZero() && !y.IsZero() {
			return !a.value.equal(x, y)
		}
	}
	for _, f := range v.record() {
		if f.kind == KindRaw {
			continue
		}
		if sub := a.subs[f.attr]; sub != a.primary && f.kind < KindComplex && !sub.equal(f, field(w.record(), f.attr)) {
			return true
		}
	}
	return false
}

// duplicate notes that element i is in the list already, and reports that it
// is to be dropped.
func (c *checker) duplicate(a *attr, i int) bool {
	if c.opts.Off.Has(DuplicateValue) {
		c.at(i)
		c.problem(c.place(), ErrValue, "multiValued", "is in the list already")
		c.at(-1)
		return false
	}
	c.report.use(DuplicateValue, a.canonical)
	return true
}

// onePrimary sees to it that at most one element is primary.
func (c *checker) onePrimary(a *attr, v Value) Value {
	if a.primary == nil || v.Len() < 2 || c.opts.Primary == PassPrimary {
		return v
	}
	var last, count int
	for i, e := range v.All() {
		if field(e.record(), a.primary.index).Bool() {
			last, count = i, count+1
		}
	}
	switch {
	case count < 2:
		return v
	case c.opts.Primary == RejectPrimary || c.opts.Off.Has(SecondPrimary):
		c.problem(c.place(), ErrValue, "primary", fmt.Sprintf("has %d primary values", count))
		return v
	}
	c.report.use(SecondPrimary, a.canonical)
	return a.withPrimary(v, last)
}

// withPrimary returns the list v with only the element at index primary.
func (a *attr) withPrimary(v Value, index int) Value {
	return v.edit(func(i int, e Value) Value {
		if i != index && field(e.record(), a.primary.index).Bool() {
			return complexOf(withField(e.record(), a.primary.index, Bool(false)))
		}
		return e
	})
}
