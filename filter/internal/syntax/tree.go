package syntax

// Kind says what a Node stands for.
type Kind uint8

// The kinds of nodes. A tree is written in postfix order: operands come before
// the node that combines them. Only the opening of a value filter comes first,
// because the names inside it mean something else than those outside.
const (
	Compare  Kind = iota // Path Op Value, or Path pr
	Not                  // negates the operand before it
	And                  // joins the N operands before it, N > 1
	Or                   // joins the N operands before it, N > 1
	Open                 // Path "[": the following operand is about one value of Path
	Close                // "]": ends the innermost Open and takes the operand before it
	CloseSub             // "]." Path Op Value: a comparison on the selected values
)

// Span is a half-open range of byte offsets in the text of a tree.
type Span struct {
	// Start is the offset of the first byte, End that after the last one.
	Start, End int32
}

// Literal is the form of an operand.
type Literal uint8

// The literals of JSON, and the bare word that some clients send instead of a
// string.
const (
	None    Literal = iota
	String          // "text" without escapes
	Escaped         // "text" with at least one escape
	Number
	True
	False
	Null
	Word // a bare word, not JSON
)

// Node is one step of a tree. Which fields mean something depends on Kind.
type Node struct {
	// Kind says what the node stands for.
	Kind Kind
	// Op is the operator of a comparison.
	Op Op
	// Lit is the form of the operand.
	Lit Literal
	// Odd says that the operand is not JSON as written: a bare word, or True for
	// true.
	Odd bool
	// N is the number of operands of And and Or.
	N int32
	// Path covers the attribute path.
	Path Span
	// Value covers the operand with its quotes.
	Value Span
}

// Tree is a parsed filter.
type Tree struct {
	// Text is what was parsed; the spans of the nodes lie in it.
	Text string
	// Nodes are the steps in postfix order.
	Nodes []Node
	// Spacing is the offset of the first blank that the grammar does not have,
	// or lacks; -1 if there is none.
	Spacing int
}

// Path is a parsed PATCH path: Attr, or Attr "[" Filter "]", or
// Attr "[" Filter "]." Sub.
type Path struct {
	// Attr covers the attribute path before the brackets.
	Attr Span
	// Sub covers the name after the brackets; empty when there is none.
	Sub Span
	// Filter is the expression inside the brackets; its Nodes are empty when
	// the path has no brackets. Its Text is that of the whole path.
	Filter Tree
}

// Slice returns the text that s covers.
func (t *Tree) Slice(s Span) string { return t.Text[s.Start:s.End] }

// Operator returns where the operator of a comparison stands.
func (t *Tree) Operator(n *Node) Span {
	at := n.Path.End
	for classes[t.Text[at]]&blank != 0 {
		at++
	}
	return Span{at, at + int32(len(OpNames[n.Op]))}
}

// Operand returns the operand of a comparison as text: decoded for a string,
// as written for everything else.
func (t *Tree) Operand(n *Node) string {
	raw := t.Slice(n.Value)
	switch n.Lit {
	case String:
		return raw[1 : len(raw)-1]
	case Escaped:
		return unescape(raw[1 : len(raw)-1])
	default:
		return raw
	}
}
