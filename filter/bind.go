package filter

import (
	"errors"

	"github.com/muster-scim/muster/filter/internal/syntax"
	"github.com/muster-scim/muster/schema"
)

// binder turns a syntax tree into an Expr of one resource type. The nodes come
// in postfix order, so a stack of finished expressions is all it needs.
type binder struct {
	typ      *schema.ResourceType
	off      schema.ToleranceSet
	tree     *syntax.Tree
	scope    schema.Path // of the value filter that is open
	stack    []Expr
	rewrites []schema.Rewrite
	// absent is nil where every name must exist. Otherwise a term that means
	// nothing to this type is false, and absent keeps the reason by node.
	absent map[int]error
	// The nodes from skipFrom to skipTo are a value filter that means nothing.
	skipFrom, skipTo int
}

// filter binds the tree of a filter on resources.
func (b *binder) filter() (*Filter, error) {
	if err := b.noteSpacing(ErrFilter); err != nil {
		return nil, err
	}
	e, err := b.bind()
	if err != nil {
		return nil, err
	}
	return &Filter{typ: b.typ, expr: e, rewrites: b.rewrites}, nil
}

// bind binds the whole tree.
func (b *binder) bind() (Expr, error) {
	var room [8]Expr
	b.stack = room[:0]
	for i := range b.tree.Nodes {
		if err := b.node(i); err != nil {
			return nil, err
		}
	}
	return b.stack[0], nil
}

func (b *binder) node(i int) error {
	n := &b.tree.Nodes[i]
	if i < b.skipTo {
		b.absent[i] = b.absent[b.skipFrom]
		return nil
	}
	switch n.Kind {
	case syntax.Compare:
		return b.soften(i, b.term(n))
	case syntax.Open:
		return b.open(i)
	case syntax.Close:
		b.push(having(b.scope, b.pop()))
		b.scope = schema.Path{}
	case syntax.CloseSub:
		return b.soften(i, b.selection(n))
	case syntax.Not:
		b.push(negation(b.pop()))
	case syntax.And:
		b.push(conjunction(b.popN(int(n.N))))
	case syntax.Or:
		b.push(disjunction(b.popN(int(n.N))))
	}
	return nil
}

// soften turns the fault of term i into what the term says about a resource
// without the attribute, if this type may lack attributes.
func (b *binder) soften(i int, err error) error {
	if err == nil || b.absent == nil || errors.Is(err, ErrHidden) {
		return err
	}
	b.absent[i] = err
	if term := &b.tree.Nodes[b.end(i)]; trueOfNothing(term) {
		b.push(&And{})
	} else {
		b.push(&Or{})
	}
	return nil
}

// end returns the last node of the term that starts at node i: the end of the
// value filter if it opens one, otherwise i itself.
func (b *binder) end(i int) int {
	if b.tree.Nodes[i].Kind == syntax.Open {
		for b.tree.Nodes[i].Kind != syntax.Close && b.tree.Nodes[i].Kind != syntax.CloseSub {
			i++
		}
	}
	return i
}

// trueOfNothing reports whether a comparison is true where there is no value.
func trueOfNothing(n *syntax.Node) bool {
	return n.Op == syntax.Ne && n.Lit != syntax.Null || n.Op == syntax.Eq && n.Lit == syntax.Null
}

func (b *binder) push(e Expr) { b.stack = append(b.stack, e) }

func (b *binder) pop() Expr { return b.popN(1)[0] }

// popN takes n expressions off the stack. They stay valid until the next push.
func (b *binder) popN(n int) []Expr {
	top := len(b.stack) - n
	taken := b.stack[top:]
	b.stack = b.stack[:top]
	return taken
}

// term binds a comparison or a presence.
func (b *binder) term(n *syntax.Node) error {
	p, err := b.resolve(n.Path)
	if err != nil {
		return err
	}
	e, err := b.comparison(n, p)
	if err != nil {
		return err
	}
	b.push(e)
	return nil
}

// comparison binds n, whose path means p.
func (b *binder) comparison(n *syntax.Node, p schema.Path) (Expr, error) {
	if err := b.visible(n.Path, p); err != nil {
		return nil, err
	}
	switch {
	case n.Op == syntax.Pr:
		return &Present{Path: p, list: b.listOf(p)}, nil
	case n.Lit == syntax.Null:
		return b.null(n, p)
	}
	p, err := b.scalar(n, p)
	if err != nil {
		return nil, err
	}
	v, err := b.operand(n, p)
	if err != nil {
		return nil, err
	}
	op := n.Op
	if op == syntax.Ne {
		op = syntax.Eq
	}
	e := &Compare{Path: p, Op: Op(op), Value: v, list: b.listOf(p), test: newTest(p, Op(op), v)}
	if n.Op == syntax.Ne {
		return &Not{X: e}, nil
	}
	return e, nil
}

// null binds a comparison with null, which asks whether there is a value
// (RFC 7643 §2.5: null means unassigned).
func (b *binder) null(n *syntax.Node, p schema.Path) (Expr, error) {
	if n.Odd {
		if err := b.tolerate(schema.UnquotedLiteral, n.Value, p.String(), "null in lower case"); err != nil {
			return nil, err
		}
	}
	e := &Present{Path: p, list: b.listOf(p)}
	switch n.Op {
	case syntax.Eq:
		return &Not{X: e}, nil
	case syntax.Ne:
		return e, nil
	}
	return nil, b.fault(n.Value, "null", "a value, because "+syntax.OpNames[n.Op]+" compares with one", "only eq and ne go with null")
}

// listOf returns the multi-valued parent of p, if p is seen from the resource.
func (b *binder) listOf(p schema.Path) schema.Path {
	if up := p.Parent(); b.scope.IsZero() && up.MultiValued() {
		return up
	}
	return schema.Path{}
}

// selection binds emails[type eq "work"].value eq "x": the comparison is made
// on the values that the brackets select, like that with emails.value is on
// all of them. So ne and eq null negate the whole.
func (b *binder) selection(n *syntax.Node) error {
	of, filter := b.scope, b.pop()
	p, err := b.sub(n.Path)
	if err == nil {
		err = b.tolerate(schema.FilterSelection, n.Path, of.String(), "the end of the comparison")
	}
	var e Expr
	if err == nil {
		e, err = b.comparison(n, p)
	}
	b.scope = schema.Path{}
	if err != nil {
		return err
	}
	not, negated := e.(*Not)
	if negated {
		e = not.X
	}
	if e = having(of, conjunction([]Expr{filter, e})); negated {
		e = negation(e)
	}
	b.push(e)
	return nil
}

// tolerate notes that tolerance t was needed at s, or refuses if it is off.
func (b *binder) tolerate(t schema.Tolerance, s syntax.Span, path, expected string) error {
	if b.off.Has(t) {
		return b.fault(s, syntax.Quote(b.tree.Slice(s)), expected, "the tolerance "+t.String()+" is off")
	}
	b.rewrites = append(b.rewrites, schema.Rewrite{Tolerance: t, Path: path})
	return nil
}

// noteSpacing notes blanks that the grammar does not have.
func (b *binder) noteSpacing(kind error) error {
	switch at := b.tree.Spacing; {
	case at < 0:
		return nil
	case b.off.Has(schema.FilterSpacing):
		return &Error{Offset: at, Found: "wrong spacing", Expected: "one space around operators and none elsewhere",
			Detail: "the tolerance " + schema.FilterSpacing.String() + " is off", err: kind}
	}
	b.rewrites = append(b.rewrites, schema.Rewrite{Tolerance: schema.FilterSpacing})
	return nil
}

// fault makes an error about the text at s.
func (b *binder) fault(s syntax.Span, found, expected, detail string) *Error {
	return &Error{Offset: int(s.Start), Found: found, Expected: expected, Detail: detail, err: ErrFilter}
}
