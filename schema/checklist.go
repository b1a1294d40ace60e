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
	news := v.newElements(old, few[:0])
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
	if len(corrected) > 0 {
		v = v.edit(func(i int, e Value) Value {
			if checked, ok := corrected[i]; ok {
				return checked
			}
			return e
		})
	}
	v = c.distinct(a, old, v, news)
	if one := c.onePrimary(a, v); !one.same(v) { // which may have made two values equal
		return c.distinct(a, old, one, news)
	}
	return v
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
	if p.allDiffer(v) {
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
func (p Path) allDiffer(v Value) bool {
	var keys [8]string
	if v.spread || v.Len() > len(keys) {
		return false
	}
	run := v.run()
	if len(run) < 2 {
		return true
	}
	for i, e := range run {
		keys[i] = p.ElementKey(e)
		for j := range i {
			if keys[i] == keys[j] && (keys[i] != "" || !p.differ(run[j], e)) {
				return false
			}
		}
	}
	return true
}

// differ reports whether two elements without a key are seen to have a
// different Identity: a part of v is not the same in w.
func (p Path) differ(v, w Value) bool {
	for _, f := range v.record() {
		if f.kind == KindRaw {
			continue
		}
		sub, other := p.a.subs[f.attr], field(w.record(), f.attr)
		if sub != p.a.primary && f.kind != KindList && (Path{sub}).FoldValue(f) != (Path{sub}).FoldValue(other) {
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
	if a.primary == nil || c.opts.Primary == PassPrimary {
		return v
	}
	last, count := -1, 0
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
