package schema

import (
	"slices"
	"strings"
)

// Projection selects what a representation of a resource holds: the
// "attributes" or "excludedAttributes" of a request together with the returned
// characteristic of each attribute (RFC 7644 §3.9, RFC 7643 §7). It is
// immutable; make one per request.
type Projection struct {
	typ   *ResourceType
	shown []bool  // by ord
	raw   bool    // preserved unknown members
	gone  []*attr // extensions that Without takes out
}

// NewProjection makes the projection for a request that names attributes, or
// attributes to leave out. Names may be sub-attributes, may carry a URN, and a
// URN alone is the extension as a whole. A named complex attribute stands for
// all of it that is returned by default. Unknown names are ignored; asking for
// both lists is a *PathError with ErrValue.
//
// Whatever is named, attributes that are always returned are included, and
// those that are never returned or writeOnly are not.
func (t *ResourceType) NewProjection(attributes, excluded []string) (*Projection, error) {
	if len(attributes) > 0 && len(excluded) > 0 {
		return nil, &PathError{Path: "attributes", Offset: -1, Err: ErrValue, Detail: "cannot be combined with excludedAttributes"}
	}
	s := selection{named: t.marks(attributes), excluded: t.marks(excluded), only: len(attributes) > 0}
	return &Projection{typ: t, shown: t.project(s), raw: !s.only}, nil
}

// NewWriteProjection is NewProjection for the answer to a request that writes
// the attributes in written: unless it names what to return, it gets back those
// of them too that are returned on request only (RFC 7643 §7). The Projection is
// nil if the answer is what is returned by default.
func (t *ResourceType) NewWriteProjection(attributes, excluded []string, written []Path) (*Projection, error) {
	asked := t.askedBy(written)
	switch {
	case len(attributes) == 0 && len(excluded) == 0 && len(asked) == 0:
		return nil, nil
	case len(attributes) > 0 || len(asked) == 0:
		return t.NewProjection(attributes, excluded)
	}
	s := selection{named: make([]bool, len(t.all)), excluded: t.marks(excluded)}
	for _, a := range asked {
		s.named[a.ord] = true
	}
	return &Projection{typ: t, shown: t.project(s), raw: true}, nil
}

// askedBy returns what is returned on request, and written as a whole or in
// part.
func (t *ResourceType) askedBy(written []Path) (asked []*attr) {
	for _, a := range t.onRequest {
		for _, p := range written {
			if (Path{a}).Contains(p) || p.a != nil && p.Contains(Path{a}) {
				asked = append(asked, a)
				break
			}
		}
	}
	return asked
}

// Includes reports whether a representation may hold p. What is not included
// need not be read from where it is stored. A nil Projection includes what is
// returned by default.
func (p *Projection) Includes(path Path) bool {
	if path.a == nil {
		return true
	}
	shown := path.a.owner.shown
	if p != nil && p.typ == path.a.owner {
		shown = p.shown
	}
	for a := path.a; a != nil; a = a.parent {
		if !shown[a.ord] {
			return false
		}
	}
	return true
}

// Without returns p less the given attributes and everything below them,
// whatever their returned characteristic says: what the reader must not see. An
// extension among them is not in "schemas" either. p may be nil, if there is at
// least one path.
func (p *Projection) Without(paths ...Path) *Projection {
	hidden := &Projection{}
	for _, path := range paths {
		if path.a == nil || p != nil && p.typ != path.a.owner {
			continue
		}
		if hidden.typ == nil {
			*hidden = path.a.owner.projectionOf(p)
		}
		if path.IsExtension() {
			hidden.gone = append(hidden.gone, path.a)
		}
		for _, a := range path.a.owner.all {
			if path.Contains(Path{a}) {
				hidden.shown[a.ord] = false
			}
		}
	}
	if hidden.typ == nil {
		return p
	}
	return hidden
}

// projectionOf returns a copy of p, or of the default if p is nil.
func (t *ResourceType) projectionOf(p *Projection) Projection {
	if p == nil {
		return Projection{typ: t, shown: slices.Clone(t.shown), raw: true}
	}
	return Projection{typ: p.typ, shown: slices.Clone(p.shown), raw: p.raw, gone: slices.Clip(p.gone)}
}

// selection is what a request asks for, by ord.
type selection struct {
	named    []bool
	excluded []bool
	only     bool // nothing but what is named
}

// marks resolves names.
func (t *ResourceType) marks(names []string) []bool {
	marks := make([]bool, len(t.all))
	for _, name := range names {
		if p, _, ok := t.Find(strings.TrimSpace(name), 0); ok {
			marks[p.a.ord] = true
		}
	}
	return marks
}

// project says for each attribute, by ord, whether it is shown if its parent
// is. Parents come before their children.
func (t *ResourceType) project(s selection) []bool {
	shown := make([]bool, len(t.all))
	whole := make([]bool, len(t.all)) // named, or below what is named
	for i, a := range t.all {
		whole[i] = s.named[i]
		if a.parent != nil {
			whole[i] = whole[i] || whole[a.parent.ord]
			s.excluded[i] = s.excluded[i] || s.excluded[a.parent.ord]
		}
		shown[i] = s.shows(a, whole[i])
	}
	for i := len(t.all) - 1; i >= 0; i-- {
		if up := t.all[i].parent; up != nil && shown[i] && !up.hidden() && s.reveals(t.all[i]) {
			shown[up.ord] = true
			s.named[up.ord] = s.named[up.ord] || s.named[i]
		}
	}
	return shown
}

// hidden reports whether no representation holds a (RFC 7643 §7).
func (a *attr) hidden() bool {
	return a.def.Returned == ReturnedNever || a.def.Mutability == WriteOnly
}

// shows is the verdict on one attribute by itself.
func (s selection) shows(a *attr, whole bool) bool {
	switch {
	case a.hidden():
		return false
	case a.def.Returned == ReturnedAlways:
		return true
	case s.excluded[a.ord]:
		return false
	case a.def.Returned == ReturnedRequest:
		return s.named[a.ord]
	default:
		return whole || !s.only
	}
}

// reveals reports whether a makes its parent visible: because it is named, or
// because the parent is only the container of an extension, whose attributes
// stand for themselves.
func (s selection) reveals(a *attr) bool {
	return s.named[a.ord] || a.parent.container && a.def.Returned == ReturnedAlways
}
