package filter

import "github.com/muster-scim/muster/schema"

// subject is what a node is evaluated on: a resource, or one element of a
// multi-valued attribute.
type subject struct {
	resource *schema.Resource
	element  schema.Value
}

// at returns what the subject holds at p.
func (s subject) at(p schema.Path) schema.Value {
	if s.resource != nil {
		return s.resource.Get(p)
	}
	return s.element.Get(p)
}

func (e *And) match(s subject) bool {
	for _, t := range e.Terms {
		if !t.match(s) {
			return false
		}
	}
	return true
}

func (e *Or) match(s subject) bool {
	if e.oneOf != nil {
		return e.oneOf.match(s)
	}
	for _, t := range e.Terms {
		if t.match(s) {
			return true
		}
	}
	return false
}

func (e *Not) match(s subject) bool { return !e.X.match(s) }

func (e *Has) match(s subject) bool {
	v := s.at(e.Path)
	if v.Kind() != schema.KindList {
		return !v.IsZero() && e.X.match(subject{element: v})
	}
	for i := range v.Len() {
		if e.X.match(subject{element: v.At(i)}) {
			return true
		}
	}
	return false
}

func (e *Compare) match(s subject) bool { return e.test.anyAt(s, e.Path, e.list) }

func (e *Present) match(s subject) bool { return presence.anyAt(s, e.Path, e.list) }

// anyAt reports whether at least one value that s holds at p passes. If s is a
// resource and p lies below a multi-valued attribute, that is list.
func (t *test) anyAt(s subject, p, list schema.Path) bool {
	switch {
	case !list.IsZero():
		elements := s.at(list)
		for i := range elements.Len() {
			if t.any(elements.At(i).Get(p)) {
				return true
			}
		}
		return false
	case s.resource == nil && s.element.Kind() != schema.KindComplex:
		return t.any(s.element) // a simple value, which p itself stands for
	}
	return t.any(s.at(p))
}

// any reports whether v, or if it is a list one of its elements, passes.
func (t *test) any(v schema.Value) bool {
	if v.Kind() != schema.KindList {
		return t.passes(v)
	}
	for i := range v.Len() {
		if t.passes(v.At(i)) {
			return true
		}
	}
	return false
}
