package schema

import (
	"slices"
	"strings"
)

// withDefaults returns a with every unstated characteristic filled in (RFC
// 7643 §2.2), and with those that follow from the type or from other ones:
// references and binary data are case exact (§2.3.6, §2.3.7), what is writeOnly
// is never returned (§7), and the "display" of a multi-valued attribute is
// immutable (§2.4). parent is the complex attribute around a, or nil.
func (a Attribute) withDefaults(parent *Attribute) Attribute {
	a.Type = a.Type.orDefault()
	if parent != nil && parent.MultiValued && strings.EqualFold(a.Name, "display") {
		a.Mutability = orDefault(a.Mutability, Immutable)
	}
	a.Mutability = a.Mutability.orDefault()
	if a.Mutability == WriteOnly {
		a.Returned = orDefault(a.Returned, ReturnedNever)
	}
	a.Returned = a.Returned.orDefault()
	a.Uniqueness = a.Uniqueness.orDefault()
	a.CaseExact = a.CaseExact || a.Type == TypeReference || a.Type == TypeBinary
	return a
}

// completed returns a deep copy of attrs with all defaults filled in.
func completed(attrs []Attribute, parent *Attribute) []Attribute {
	out := make([]Attribute, len(attrs))
	for i, a := range attrs {
		a = a.withDefaults(parent)
		a.SubAttributes = completed(a.SubAttributes, &a)
		a.CanonicalValues = slices.Clone(a.CanonicalValues)
		a.ReferenceTypes = slices.Clone(a.ReferenceTypes)
		out[i] = a
	}
	return out
}

// hasCase reports whether letter case means anything for values of type t.
func (t Type) hasCase() bool {
	return t == TypeString || t == TypeReference || t == TypeBinary
}

// comparable reports whether values of type t can be kept unique (RFC 7643
// §2.3).
func (t Type) comparable() bool {
	return t == TypeString || t == TypeReference || t == TypeInteger || t == TypeDecimal
}
