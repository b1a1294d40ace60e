package filter

import (
	"errors"
	"strings"

	"github.com/muster-scim/muster/filter/internal/syntax"
	"github.com/muster-scim/muster/schema"
)

// resolve finds the attribute that the text at s names: of the resource, or
// inside a value filter of the value.
func (b *binder) resolve(s syntax.Span) (schema.Path, error) {
	if !b.scope.IsZero() {
		return b.sub(s)
	}
	text := b.tree.Slice(s)
	p, rewrites, err := b.typ.Resolve(text, b.off)
	if err == nil {
		b.rewrites = append(b.rewrites, rewrites...)
		return p, nil
	}
	e := b.fault(s, syntax.Quote(text), "a known attribute", "")
	var unknown *schema.PathError
	if errors.As(err, &unknown) {
		e.Detail, e.cause = unknown.Detail, unknown
	}
	return schema.Path{}, e
}

// sub finds the sub-attribute of the scope that the text at s names. A simple
// value has one: "value", itself.
func (b *binder) sub(s syntax.Span) (schema.Path, error) {
	name := b.tree.Slice(s)
	if p, ok := b.scope.Sub(name); ok {
		return p, nil
	}
	expected := "a sub-attribute of " + b.scope.String()
	if b.scope.Kind() != schema.KindComplex {
		if strings.EqualFold(name, "value") {
			return b.scope, nil
		}
		expected = `"value", because ` + b.scope.String() + " has no sub-attributes"
	}
	e := b.fault(s, syntax.Quote(name), expected, "")
	e.cause = &schema.PathError{Path: b.scope.String() + "." + name, Offset: -1, Err: schema.ErrUnknownAttribute}
	return schema.Path{}, e
}

// open starts a value filter.
func (b *binder) open(i int) error {
	s := b.tree.Nodes[i].Path
	p, err := b.resolve(s)
	if err == nil {
		err = b.enter(s, p)
	}
	if err != nil && b.absent != nil {
		b.skipFrom, b.skipTo = i, b.end(i)+1
	}
	return b.soften(i, err)
}

// enter makes p the scope of names.
func (b *binder) enter(s syntax.Span, p schema.Path) error {
	if err := b.visible(s, p); err != nil {
		return err
	}
	switch {
	case p.Kind() == schema.KindComplex && !isExtension(p):
	case p.MultiValued():
		if err := b.tolerate(schema.SimpleValueFilter, s, p.String(), "a complex attribute"); err != nil {
			return err
		}
	default:
		return b.fault(s, syntax.Quote(b.tree.Slice(s)), "a complex or multi-valued attribute before \"[\"", "")
	}
	b.scope = p
	return nil
}

// isExtension reports whether p is an extension, of the type or inside of
// another one. Neither has a value of its own that a filter could select.
func isExtension(p schema.Path) bool {
	return p.IsExtension() || strings.Contains(p.Name(), ":")
}

// visible refuses attributes whose value must not come out, not even by
// asking for it.
func (b *binder) visible(s syntax.Span, p schema.Path) error {
	if hidden := hiddenPart(p); !hidden.IsZero() {
		e := b.fault(s, syntax.Quote(b.tree.Slice(s)), "an attribute that can be returned", hidden.String()+" cannot be filtered by")
		e.cause = ErrHidden
		return e
	}
	return nil
}

// hiddenPart returns p or the attribute around it that is never returned or
// write-only, the zero Path if there is none.
func hiddenPart(p schema.Path) schema.Path {
	for ; !p.IsZero(); p = p.Parent() {
		if p.Returned() == schema.ReturnedNever || p.Mutability() == schema.WriteOnly {
			return p
		}
	}
	return schema.Path{}
}
