package filter

import "github.com/muster-scim/muster/filter/internal/syntax"

// Op is the operator of a Compare.
//
// "ne" and "pr" are missing: a ne b means not (a eq b), also where a has many
// values or none, and is bound to just that; "pr" is a Present.
type Op uint8

// The operators of RFC 7644 §3.4.2.2, Table 3, that compare with an operand.
const (
	Eq = Op(syntax.Eq) // equal
	Co = Op(syntax.Co) // contains
	Sw = Op(syntax.Sw) // starts with
	Ew = Op(syntax.Ew) // ends with
	Gt = Op(syntax.Gt) // greater than
	Ge = Op(syntax.Ge) // greater than or equal to
	Lt = Op(syntax.Lt) // less than
	Le = Op(syntax.Le) // less than or equal to
)

// String returns the operator as it is written in a filter.
func (o Op) String() string {
	if int(o) < len(syntax.OpNames) {
		return syntax.OpNames[o]
	}
	return ""
}

// holds reports whether o is true of a value that compares to the operand as
// order says. It is about Eq and the ordering operators.
func (o Op) holds(order int) bool {
	switch o {
	case Eq:
		return order == 0
	case Gt:
		return order > 0
	case Ge:
		return order >= 0
	case Lt:
		return order < 0
	case Le:
		return order <= 0
	}
	return false
}
