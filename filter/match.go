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

func (e *Compare) match(s subject) bool {
	if !e.list.IsZero() {
		list := s.at(e.list)
		for i := range list.Len() {
			if e.test.any(list.At(i).Get(e.Path)) {
				return true
			}
		}
		return false
	}
	if s.resource == nil && s.element.Kind() != schema.KindComplex {
		return e.test.any(s.element)
	}
	return e.test.any(s.at(e.Path))
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

func (e *Present) match(s subject) bool {
	if !e.list.IsZero() {
		list := s.at(e.list)
		for i := range list.Len() {
			if present(list.At(i).Get(e.Path)) {
				return true
			}
		}
		return false
	}
	if s.resource == nil && s.element.Kind() != schema.KindComplex {
		return present(s.element)
	}
	return present(s.at(e.Path))
}

// present reports whether v holds anything but empty strings.
func present(v schema.Value) bool {
	switch v.Kind() {
	case schema.KindNone:
		return false
	case schema.KindString, schema.KindReference:
		return v.Text() != ""
	case schema.KindList:
		for i := range v.Len() {
			if present(v.At(i)) {
				return true
			}
		}
		return false
	}
	return true
}
