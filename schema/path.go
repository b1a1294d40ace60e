package schema

import "iter"

// Path is the handle of one attribute, sub-attribute or extension of a
// compiled ResourceType. Paths are small, comparable (usable as map keys) and
// safe for concurrent use. The zero Path stands for the whole resource.
//
// Get one from ResourceType.Path; equal texts in any letter case give the same
// Path.
type Path struct{ a *attr }

// attr is a compiled attribute. It never changes after Compile.
type attr struct {
	owner     *ResourceType
	def       *Attribute
	parent    *attr // nil at the top level
	subs      []*attr
	names     nameTable
	canonical string
	urn       string // of the extension that defines it, or ""
	kind      Kind   // of a single value
	index     uint16 // in the parent's record
	container bool   // the object of an extension
	common    bool   // schemas, id, externalId, meta
	inList    bool   // below a multi-valued attribute
	traits
}

// IsZero reports whether p is the zero Path.
func (p Path) IsZero() bool { return p.a == nil }

// String returns the canonical text of the path: "userName", "name.givenName",
// or with the URN for what an extension defines. The text resolves to the same
// Path. The zero Path gives "".
func (p Path) String() string {
	if p.a == nil {
		return ""
	}
	return p.a.canonical
}

// Name returns the attribute's own name, and for an extension its URN.
func (p Path) Name() string {
	if p.a == nil {
		return ""
	}
	return p.a.def.Name
}

// Owner returns the resource type that p belongs to, or nil for the zero Path.
func (p Path) Owner() *ResourceType {
	if p.a == nil {
		return nil
	}
	return p.a.owner
}

// Parent returns the complex attribute or the extension that p is part of, or
// the zero Path at the top level.
func (p Path) Parent() Path {
	if p.a == nil {
		return Path{}
	}
	return Path{p.a.parent}
}

// Sub returns the sub-attribute with the given name in any letter case.
func (p Path) Sub(name string) (Path, bool) {
	if p.a == nil {
		return Path{}, false
	}
	sub := p.a.names.find(name)
	return Path{sub}, sub != nil
}

// Subs iterates over the sub-attributes in schema order.
func (p Path) Subs() iter.Seq[Path] {
	return func(yield func(Path) bool) {
		if p.a != nil {
			yieldAll(p.a.subs, yield)
		}
	}
}

// References reports whether the values of p are references to resources:
// complex values with both "value" and "$ref" (RFC 7643 §2.4), such as the
// members of a group or the manager of a user. What such a value refers to is
// all that identifies it; the rest follows from there.
func (p Path) References() bool { return p.a != nil && p.a.ref != nil }

// Contains reports whether q is p itself or lies below it.
func (p Path) Contains(q Path) bool {
	if p.a == nil {
		return true
	}
	for a := q.a; a != nil; a = a.parent {
		if a == p.a {
			return true
		}
	}
	return false
}

// Attribute returns the definition of p. It must not be changed. The zero Path
// has none.
func (p Path) Attribute() *Attribute {
	if p.a == nil {
		return nil
	}
	return p.a.def
}

// Kind returns the kind of a single value of p: for a multi-valued attribute
// that of one element.
func (p Path) Kind() Kind {
	if p.a == nil {
		return KindComplex
	}
	return p.a.kind
}

// Type returns the data type; the zero Path and extensions are complex.
func (p Path) Type() Type {
	if p.a == nil {
		return TypeComplex
	}
	return p.a.def.Type
}

// MultiValued reports whether p holds a list.
func (p Path) MultiValued() bool { return p.a != nil && p.a.def.MultiValued }

// CaseExact reports whether letter case counts when values are compared.
func (p Path) CaseExact() bool { return p.a != nil && p.a.def.CaseExact }

// Required reports whether a resource must have a value for p.
func (p Path) Required() bool { return p.a != nil && p.a.def.Required }

// Mutability returns the mutability of p, never the empty string.
func (p Path) Mutability() Mutability {
	if p.a == nil {
		return ReadWrite
	}
	return p.a.def.Mutability
}

// Returned returns when p is returned, never the empty string.
func (p Path) Returned() Returned {
	if p.a == nil {
		return ReturnedDefault
	}
	return p.a.def.Returned
}

// Uniqueness returns the uniqueness of p, never the empty string.
func (p Path) Uniqueness() Uniqueness {
	if p.a == nil {
		return UniquenessNone
	}
	return p.a.def.Uniqueness
}

// Extension returns the URN of the extension that p is or belongs to, or "".
func (p Path) Extension() string {
	if p.a == nil {
		return ""
	}
	return p.a.urn
}

// IsExtension reports whether p is an extension as a whole.
func (p Path) IsExtension() bool { return p.a != nil && p.a.container }

// IsCommon reports whether p is one of schemas, id, externalId and meta, or
// lies below meta (RFC 7643 §3.1).
func (p Path) IsCommon() bool { return p.a != nil && p.a.common }

func yieldAll(attrs []*attr, yield func(Path) bool) {
	for _, a := range attrs {
		if !yield(Path{a}) {
			return
		}
	}
}
