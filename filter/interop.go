package filter

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	parser "github.com/scim2/filter-parser/v2"

	"github.com/muster-scim/muster/filter/internal/syntax"
	"github.com/muster-scim/muster/schema"
)

// This file is the only one that knows github.com/scim2/filter-parser. The
// parser of that module never sees a text from outside: nesting can overflow
// its stack.

// FromAST binds a syntax tree of filter-parser to resources of type t. The
// limits and tolerances of o apply as in Parse, the tree counting as the text
// that it stands for; offsets in errors are positions in that text. As
// filter-parser leaves escapes in strings alone, so a string is read like one
// between quotes, where it can be.
func FromAST(t *schema.ResourceType, e parser.Expression, o *Options) (*Filter, error) {
	l := o.limits()
	w := astWriter{room: l.Depth + l.Terms}
	text, err := w.expression(nil, e)
	if err != nil {
		return nil, err
	}
	return Parse(t, string(text), o)
}

// astWriter writes a syntax tree as text. The method String of the trees does
// not: it loses null, and the parentheses of some expressions.
type astWriter struct {
	room int // how much deeper the tree may go
}

func (w astWriter) expression(dst []byte, e parser.Expression) ([]byte, error) {
	if w.room--; w.room < 0 {
		return nil, &Error{Found: "a tree that is too deep", Expected: "one within the limits", err: ErrFilter}
	}
	if v := reflect.ValueOf(e); v.Kind() == reflect.Pointer && v.IsNil() {
		e = nil
	}
	switch e := e.(type) {
	case *parser.LogicalExpression:
		return w.logical(dst, e)
	case *parser.NotExpression:
		return w.group(append(dst, "not "...), e.Expression)
	case *parser.ValuePath:
		dst, err := w.path(dst, e.AttributePath)
		if err == nil {
			dst, err = w.expression(append(dst, '['), e.ValueFilter)
		}
		return append(dst, ']'), err
	case *parser.AttributeExpression:
		return w.attribute(dst, e)
	}
	return nil, &Error{Found: fmt.Sprintf("%T", e), Expected: "a node of filter-parser", err: ErrFilter}
}

func (w astWriter) group(dst []byte, e parser.Expression) ([]byte, error) {
	dst, err := w.expression(append(dst, '('), e)
	return append(dst, ')'), err
}

// path writes an attribute path. It must be one, or the text would stand for
// another tree.
func (w astWriter) path(dst []byte, p parser.AttributePath) ([]byte, error) {
	text := p.String()
	if !syntax.IsAttrPath(text) {
		return nil, &Error{Offset: len(dst), Found: syntax.Quote(text), Expected: "an attribute path", err: ErrFilter}
	}
	return append(dst, text...), nil
}

// logical writes the operands, with parentheses where they bind less tightly.
func (w astWriter) logical(dst []byte, e *parser.LogicalExpression) (_ []byte, err error) {
	if e.Operator != parser.AND && e.Operator != parser.OR {
		return nil, w.badOperator(dst, string(e.Operator))
	}
	for i, operand := range []parser.Expression{e.Left, e.Right} {
		if i > 0 {
			dst = append(append(append(dst, ' '), e.Operator...), ' ')
		}
		if inner, ok := operand.(*parser.LogicalExpression); ok && inner.Operator != e.Operator {
			dst, err = w.group(dst, operand)
		} else {
			dst, err = w.expression(dst, operand)
		}
		if err != nil {
			return nil, err
		}
	}
	return dst, nil
}

func (w astWriter) attribute(dst []byte, e *parser.AttributeExpression) ([]byte, error) {
	dst, err := w.path(dst, e.AttributePath)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(syntax.OpNames[1:], string(e.Operator)) {
		return nil, w.badOperator(dst, string(e.Operator))
	}
	dst = append(append(dst, ' '), e.Operator...)
	if e.Operator == parser.PR {
		return dst, nil
	}
	dst = append(dst, ' ')
	switch v := e.CompareValue.(type) {
	case nil:
		return append(dst, "null"...), nil
	case string:
		if quoted := `"` + v + `"`; json.Valid([]byte(quoted)) {
			return append(dst, quoted...), nil
		}
		return appendQuoted(dst, v), nil
	case float64:
		return strconv.AppendFloat(dst, v, 'g', -1, 64), nil
	case bool, int:
		return fmt.Append(dst, v), nil
	case json.Number:
		if _, ok := schema.ParseValue(schema.KindDecimal, v.String()); ok {
			return append(dst, v...), nil
		}
	}
	return nil, &Error{Offset: len(dst), Found: fmt.Sprintf("%T", e.CompareValue), Expected: "an operand of filter-parser", err: ErrFilter}
}

func (w astWriter) badOperator(dst []byte, op string) error {
	return &Error{Offset: len(dst), Found: syntax.Quote(op), Expected: "an operator of filter-parser", err: ErrFilter}
}

// ToAST returns e as a syntax tree of filter-parser, for code that expects one.
// Numbers are json.Number, and strings hold escapes as they do in trees that
// filter-parser makes. An And or Or without terms, which that module cannot
// express, gives nil.
func ToAST(e Expr) parser.Expression { return toAST(e, schema.Path{}) }

func toAST(e Expr, scope schema.Path) parser.Expression {
	switch e := e.(type) {
	case *And:
		return chain(e.Terms, parser.AND, scope)
	case *Or:
		return chain(e.Terms, parser.OR, scope)
	case *Not:
		if c, ok := e.X.(*Compare); ok && c.Op == Eq {
			return compareAST(c, parser.NE, scope)
		}
		return &parser.NotExpression{Expression: toAST(e.X, scope)}
	case *Has:
		return &parser.ValuePath{AttributePath: pathAST(e.Path, scope), ValueFilter: toAST(e.X, e.Path)}
	case *Present:
		return &parser.AttributeExpression{AttributePath: pathAST(e.Path, scope), Operator: parser.PR}
	case *Compare:
		return compareAST(e, parser.CompareOperator(e.Op.String()), scope)
	}
	return nil
}

// chain joins terms from the left.
func chain(terms []Expr, op parser.LogicalOperator, scope schema.Path) parser.Expression {
	var joined parser.Expression
	for i, t := range terms {
		if i == 0 {
			joined = toAST(t, scope)
		} else {
			joined = &parser.LogicalExpression{Left: joined, Right: toAST(t, scope), Operator: op}
		}
	}
	return joined
}

func compareAST(e *Compare, op parser.CompareOperator, scope schema.Path) parser.Expression {
	var operand any
	switch text := e.Value.Text(); e.Value.Kind() {
	case schema.KindBoolean:
		operand = e.Value.Bool()
	case schema.KindInteger, schema.KindDecimal:
		operand = json.Number(text)
	default:
		quoted := string(appendQuoted(nil, text))
		operand = quoted[1 : len(quoted)-1]
	}
	return &parser.AttributeExpression{AttributePath: pathAST(e.Path, scope), Operator: op, CompareValue: operand}
}

// pathAST splits the text of p as filter-parser does.
func pathAST(p, scope schema.Path) parser.AttributePath {
	name := string(appendName(nil, p, scope))
	var path parser.AttributePath
	if colon := strings.LastIndexByte(name, ':'); colon >= 0 {
		urn := name[:colon]
		path.URIPrefix, name = &urn, name[colon+1:]
	}
	path.AttributeName = name
	if name, sub, dotted := strings.Cut(name, "."); dotted {
		path.AttributeName, path.SubAttribute = name, &sub
	}
	return path
}
