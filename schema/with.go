package schema

// With returns a copy of the complex value v in which the sub-attribute p holds
// sub; an unassigned sub takes it away. v itself stays as it is. The zero Value
// becomes a complex value with sub as its only sub-attribute, and a complex
// value that loses its last one becomes the zero Value. As for Get, only the
// last step of p counts. Whether sub conforms to p is checked when the result
// becomes part of a resource.
func (v Value) With(p Path, sub Value) Value {
	if p.a == nil || v.kind != KindComplex && v.kind != KindNone {
		return v
	}
	w := complexOf(withField(v.record(), p.a.index, sub))
	w.attr = v.attr
	return w
}
