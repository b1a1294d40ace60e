package filter

import (
	"strings"

	"github.com/muster-scim/muster/filter/internal/syntax"
	"github.com/muster-scim/muster/schema"
)

// scalar returns what is compared when the filter names p: p itself, or the
// "value" of a complex attribute (RFC 7644 §3.4.2.2 has an example that leaves
// it out).
func (b *binder) scalar(n *syntax.Node, p schema.Path) (schema.Path, error) {
	if p.Kind() != schema.KindComplex {
		return p, nil
	}
	value, ok := p.Sub("value")
	if !ok || p.IsExtension() {
		return p, b.fault(n.Path, syntax.Quote(b.tree.Slice(n.Path)), "a sub-attribute of it", "a complex attribute cannot be compared")
	}
	if !p.MultiValued() {
		if err := b.tolerate(schema.BareComplex, n.Path, p.String(), "a sub-attribute of it"); err != nil {
			return p, err
		}
	}
	return value, b.visible(n.Path, value)
}

// allowedOps says which operators go with which kind of value. RFC 7644
// §3.4.2.2 refuses an order of booleans and binaries; parts are parts of text.
var allowedOps = [...]struct {
	ordering, parts bool
	names           string
}{
	schema.KindString:    {true, true, "any operator"},
	schema.KindReference: {true, true, "any operator"},
	schema.KindBinary:    {false, true, "eq, ne, co, sw, ew or pr"},
	schema.KindBoolean:   {false, false, "eq, ne or pr"},
	schema.KindInteger:   {true, false, "eq, ne, gt, ge, lt, le or pr"},
	schema.KindDecimal:   {true, false, "eq, ne, gt, ge, lt, le or pr"},
	schema.KindDateTime:  {true, false, "eq, ne, gt, ge, lt, le or pr"},
}

func isPart(op syntax.Op) bool { return op == syntax.Co || op == syntax.Sw || op == syntax.Ew }

// operand checks the operator and turns the operand into a value of p's type.
func (b *binder) operand(n *syntax.Node, p schema.Path) (schema.Value, error) {
	allowed := allowedOps[p.Kind()]
	if n.Op >= syntax.Gt && !allowed.ordering || isPart(n.Op) && !allowed.parts {
		return schema.Value{}, b.fault(b.tree.Operator(n), syntax.OpNames[n.Op], allowed.names, p.String()+" is of type "+string(p.Type()))
	}
	if n.Odd {
		if err := b.unquoted(n, p); err != nil {
			return schema.Value{}, err
		}
	}
	v, ok, err := b.convert(n, p)
	if err == nil && !ok {
		err = b.fault(n.Value, literalNames[n.Lit], operandNames[p.Kind()], p.String()+" is of type "+string(p.Type()))
	}
	return v, err
}

// unquoted accepts a word that is not JSON. The error must not repeat it.
func (b *binder) unquoted(n *syntax.Node, p schema.Path) error {
	if b.off.Has(schema.UnquotedLiteral) {
		return b.fault(n.Value, "a bare word", "a JSON value", "the tolerance "+schema.UnquotedLiteral.String()+" is off")
	}
	b.rewrites = append(b.rewrites, schema.Rewrite{Tolerance: schema.UnquotedLiteral, Path: p.String()})
	return nil
}

// literalNames describes each form of operand without showing it.
var literalNames = [...]string{
	syntax.None: "nothing", syntax.String: "a string", syntax.Escaped: "a string", syntax.Number: "a number",
	syntax.True: "true", syntax.False: "false", syntax.Null: "null", syntax.Word: "a word",
}

// operandNames describes what each kind of attribute compares with.
var operandNames = [...]string{
	schema.KindString: "a string", schema.KindReference: "a string", schema.KindBinary: "base64 data in a string",
	schema.KindBoolean: "true or false", schema.KindInteger: "a number", schema.KindDecimal: "a number",
	schema.KindDateTime: `a dateTime such as "2011-05-13T04:42:34Z"`,
}

// convert makes the operand a value of p's type; ok is false if it is none.
func (b *binder) convert(n *syntax.Node, p schema.Path) (v schema.Value, ok bool, err error) {
	text := b.tree.Operand(n)
	isText := n.Lit == syntax.String || n.Lit == syntax.Escaped || n.Lit == syntax.Word
	switch kind := p.Kind(); kind {
	case schema.KindBoolean:
		return b.boolean(n, p, text, isText)
	case schema.KindInteger, schema.KindDecimal:
		if n.Lit == syntax.Number {
			v, ok := schema.ParseValue(kind, text)
			if !ok {
				v, ok = schema.ParseValue(schema.KindDecimal, text)
			}
			return v, ok, nil
		}
	case schema.KindDateTime, schema.KindBinary:
		if isText && kind == schema.KindBinary && isPart(n.Op) {
			return schema.String(text), true, nil
		}
		if isText {
			v, ok := schema.ParseValue(kind, text)
			return v, ok, nil
		}
	default:
		if n.Lit == syntax.Number {
			err = b.tolerateQuietly(schema.NumberText, n, p)
			isText = true
		}
		if isText {
			v, _ = schema.ParseValue(kind, text)
			return v, true, err
		}
	}
	return schema.Value{}, false, nil
}

// boolean converts the operand of a boolean attribute.
func (b *binder) boolean(n *syntax.Node, p schema.Path, text string, isText bool) (schema.Value, bool, error) {
	switch {
	case n.Lit == syntax.True || n.Lit == syntax.False:
		return schema.Bool(n.Lit == syntax.True), true, nil
	case isText && (strings.EqualFold(text, "true") || strings.EqualFold(text, "false")):
		return schema.Bool(strings.EqualFold(text, "true")), true, b.tolerateQuietly(schema.BooleanText, n, p)
	}
	return schema.Value{}, false, nil
}

// tolerateQuietly is tolerate for operands, which errors do not repeat.
func (b *binder) tolerateQuietly(t schema.Tolerance, n *syntax.Node, p schema.Path) error {
	if b.off.Has(t) {
		return b.fault(n.Value, literalNames[n.Lit], operandNames[p.Kind()], "the tolerance "+t.String()+" is off")
	}
	b.rewrites = append(b.rewrites, schema.Rewrite{Tolerance: t, Path: p.String()})
	return nil
}
