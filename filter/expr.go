package filter

import (
	"iter"

	"github.com/muster-scim/muster/schema"
)

// Expr is a node of a bound filter. It is one of *And, *Or, *Not, *Compare,
// *Present and *Has; the set is closed, so a type switch over these six is
// complete. Nodes are immutable: read them, never change them.
//
// A tree is as deep as Options allow at most, so walking it may recurse. It is
// in a normal form that leaves translators little to get wrong:
//
//   - And and Or are n-ary and hold no node of their own kind. A filter that is
//     true or false whatever the resource is an And or Or without terms at the
//     root; it can only come from ParseAcross.
//   - There is no "ne" and no null. a ne b is a Not of the equality, so it is
//     true where a is missing; a eq null is a Not of the Present.
//   - A Not never holds a Not.
//   - Paths are canonical and never complex, except in Present and Has. A
//     comparison with emails is one with emails.value.
//   - Operands have the type of the attribute.
type Expr interface {
	// String returns the node as canonical text, as seen from the resource.
	String() string
	// match evaluates the node.
	match(subject) bool
	// append writes the node as canonical text.
	append(dst []byte, scope schema.Path) []byte
}

// And is true if every term is; without terms it is true.
type And struct {
	// Terms are the operands in the order of the text; never exactly one.
	Terms []Expr
}

// Or is true if at least one term is; without terms it is false.
type Or struct {
	// Terms are the operands in the order of the text; never exactly one.
	Terms []Expr

	oneOf *Compare // does the same as Terms, or nil
}

// Not is true if X is false.
type Not struct {
	// X is what is negated.
	X Expr
}

// Compare is true if at least one value at Path compares to Value as Op says
// (RFC 7644 §3.4.2.2). Inside a Has it is about the values that one element
// has at Path; if Path is that of the Has itself, about the element, which is
// then a simple value.
//
// Strings compare case-sensitively if Path.CaseExact, otherwise by their
// schema.Path.Fold; dateTimes by instant; numbers exactly.
type Compare struct {
	// Path is the attribute whose values are compared.
	Path schema.Path
	// Op is the operator.
	Op Op
	// Value is the operand. Its kind is that of Path, with two exceptions: an
	// integer attribute may be compared with a KindDecimal, and a part of a
	// binary one (Co, Sw, Ew) is a KindString.
	Value schema.Value

	list schema.Path // the multi-valued parent of Path, outside a Has
	test test
}

// Present is true if there is at least one value at Path other than the empty
// string. Path may be complex, or an extension as a whole.
type Present struct {
	// Path is the attribute that must have a value.
	Path schema.Path

	list schema.Path
}

// Has is true if at least one value at Path, taken by itself, fulfils X. Path
// is complex, or multi-valued and simple. Paths in X are those of
// sub-attributes of Path or, where Path is simple, Path itself.
type Has struct {
	// Path is the attribute whose values are tried.
	Path schema.Path
	// X is what one value must fulfil.
	X Expr
}

// Walk iterates over e and everything below it, parents first.
func Walk(e Expr) iter.Seq[Expr] {
	return func(yield func(Expr) bool) {
		if e != nil {
			walk(e, yield)
		}
	}
}

func walk(e Expr, yield func(Expr) bool) bool {
	if !yield(e) {
		return false
	}
	for _, sub := range operands(e) {
		if !walk(sub, yield) {
			return false
		}
	}
	return true
}

// operands returns the nodes directly below e.
func operands(e Expr) []Expr {
	switch e := e.(type) {
	case *And:
		return e.Terms
	case *Or:
		return e.Terms
	case *Not:
		return []Expr{e.X}
	case *Has:
		return []Expr{e.X}
	}
	return nil
}

// pathOf returns the path that e itself is about, the zero Path for
// connectives.
func pathOf(e Expr) schema.Path {
	switch e := e.(type) {
	case *Compare:
		return e.Path
	case *Present:
		return e.Path
	case *Has:
		return e.Path
	}
	return schema.Path{}
}
