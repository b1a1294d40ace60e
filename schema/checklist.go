package schema

import "fmt"

// list checks the elements of a multi-valued attribute, and then what they
// must be together.
func (c *checker) list(a *attr, old, v Value) Value {
	elements := make([]Value, 0, v.Len())
	changed := false
	for i, e := range v.All() {
		c.at(i)
		checked := c.single(a, Value{}, e)
		changed = changed || !checked.same(e)
		elements = append(elements, checked)
	}
	c.at(-1)
	if changed {
		v = List(elements...)
	}
	c.keepsElements(a, old, v)
	return c.onePrimary(a, c.distinct(a, v))
}

// keepsElements checks that the elements that were there before keep their
// immutable sub-attributes (the value aside, which tells them apart). A $ref or
// a display that is derived from the value is not the client's to change, and
// follows from it.
func (c *checker) keepsElements(a *attr, old, v Value) {
	fixed := a.fixedSubs()
	if len(fixed) == 0 || old.IsZero() {
		return
	}
	before := make(map[string]Value, old.Len())
	for _, e := range old.All() {
		before[Path{a}.ElementKey(e)] = e
	}
	for i, e := range v.All() {
		was, ok := before[Path{a}.ElementKey(e)]
		if !ok {
			continue
		}
		c.at(i)
		for _, sub := range fixed {
			if now := e.Get(Path{sub}); !now.IsZero() {
				c.unchangedOnceSet(sub, was.Get(Path{sub}), now)
			}
		}
	}
	c.at(-1)
}

func (c *checker) unchangedOnceSet(a *attr, old, v Value) {
	if !old.IsZero() {
		c.unchanged(a, old, v)
	}
}

// fixedSubs are the immutable sub-attributes of an element that can be told
// from its value and are nobody's to derive.
func (a *attr) fixedSubs() (fixed []*attr) {
	if a.value == nil {
		return nil
	}
	for _, sub := range a.subs {
		derived := a.ref != nil && (sub == a.ref || equalFoldASCII(sub.def.Name, "display"))
		if sub.def.Mutability == Immutable && sub != a.value && !derived {
			fixed = append(fixed, sub)
		}
	}
	return fixed
}

// distinct removes values that are in the list already (RFC 7643 §2.4).
func (c *checker) distinct(a *attr, v Value) Value {
	if v.Len() < 2 {
		return v
	}
	seen := make(map[string]struct{}, v.Len())
	var kept []Value
	for i, e := range v.All() {
		id := Path{a}.Identity(e)
		if _, twice := seen[id]; !twice {
			seen[id] = struct{}{}
			kept = append(kept, e)
			continue
		}
		if c.opts.Off.Has(DuplicateValue) {
			c.at(i)
			c.problem(c.place(), ErrValue, "multiValued", "is in the list already")
			c.at(-1)
		}
		c.report.use(DuplicateValue, a.canonical)
	}
	if len(kept) == v.Len() {
		return v
	}
	return List(kept...)
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
	var elements []Value
	for i, e := range v.All() {
		if i != index && field(e.record(), a.primary.index).Bool() {
			e = complexOf(withField(e.record(), a.primary.index, Bool(false)))
		}
		elements = append(elements, e)
	}
	return List(elements...)
}
