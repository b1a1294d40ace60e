package filter

import (
	"github.com/muster-scim/muster/filter/internal/syntax"
	"github.com/muster-scim/muster/schema"
)

// AttrPath is the path of a PATCH operation, bound to a resource type (RFC
// 7644 §3.5.2). It is immutable and safe for concurrent use.
type AttrPath struct {
	// Attr is the attribute before the brackets, or the whole path. It may be a
	// sub-attribute, or an extension as a whole.
	Attr schema.Path
	// Filter selects elements of Attr; nil if the path has no brackets.
	Filter *Filter
	// Sub is the sub-attribute after the brackets, the zero Path if there is
	// none. The path of a sub-attribute without brackets is in Attr.
	Sub schema.Path

	rewrites []schema.Rewrite
}

// ParsePath reads text as the path of a PATCH operation on resources of type t.
// The error is an *Error; it is an ErrFilter if the fault lies between the
// brackets, otherwise an ErrPath. Whether the operation may change what the
// path names is not checked; a path may name an attribute that is never
// returned, but not filter by one.
func ParsePath(t *schema.ResourceType, text string, o *Options) (*AttrPath, error) {
	parsed, err := syntax.ParsePath(text, o.limits())
	if err != nil {
		return nil, fromSyntax(err)
	}
	b := binder{typ: t, off: o.off(), tree: &parsed.Filter}
	p := &AttrPath{}
	if err := b.path(&parsed, p); err != nil {
		return nil, err
	}
	p.rewrites = b.rewrites
	return p, nil
}

// path binds the parts of parsed into p.
func (b *binder) path(parsed *syntax.Path, p *AttrPath) (err error) {
	if err := b.noteSpacing(ErrPath); err != nil {
		return err
	}
	if p.Attr, err = b.resolve(parsed.Attr); err != nil {
		return asPathError(err)
	}
	if len(parsed.Filter.Nodes) == 0 {
		return nil
	}
	if err := b.enter(parsed.Attr, p.Attr); err != nil {
		return asPathError(err)
	}
	if parsed.Sub != (syntax.Span{Start: parsed.Sub.Start, End: parsed.Sub.Start}) {
		if p.Sub, err = b.elementSub(parsed.Sub); err != nil {
			return asPathError(err)
		}
	}
	e, err := b.bind()
	if err != nil {
		return err
	}
	p.Filter = &Filter{typ: b.typ, of: p.Attr, expr: e}
	return nil
}

// elementSub finds the sub-attribute after the brackets.
func (b *binder) elementSub(s syntax.Span) (schema.Path, error) {
	if b.scope.Kind() != schema.KindComplex {
		return schema.Path{}, b.fault(s, syntax.Quote(b.tree.Slice(s)), "the end of the path", b.scope.String()+" has no sub-attributes")
	}
	return b.sub(s)
}

// asPathError makes an error of the binder one about the path.
func asPathError(err error) error {
	if e, ok := err.(*Error); ok {
		e.err = ErrPath
	}
	return err
}

// String returns the path as canonical text. Parsing it gives an equal path.
func (p *AttrPath) String() string {
	text := []byte(p.Attr.String())
	if p.Filter != nil {
		text = append(text, '[')
		text = p.Filter.expr.append(text, p.Attr)
		text = append(text, ']')
	}
	if !p.Sub.IsZero() {
		text = append(text, '.')
		text = append(text, p.Sub.Name()...)
	}
	return string(text)
}

// Target returns the attribute that an operation on the path changes: Sub if
// there is one, otherwise Attr.
func (p *AttrPath) Target() schema.Path {
	if !p.Sub.IsZero() {
		return p.Sub
	}
	return p.Attr
}

// Rewrites lists the tolerances that reading the path needed, in order. It must
// not be changed.
func (p *AttrPath) Rewrites() []schema.Rewrite { return p.rewrites }
