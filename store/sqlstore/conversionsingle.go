package sqlstore

import (
	"errors"
	"maps"
	"slices"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// Single keeps the "value" of one element of a multi-valued attribute: of the
// primary one, or else of the first. fixed are the other sub-attributes that the
// element has when it is read, such as "type": "work" and "primary": "true".
// More than that, other elements for instance, is kept in Table.Overflow, and
// without it refused.
func Single(fixed map[string]string) Conversion { return one{fixed: maps.Clone(fixed)} }

type one struct{ fixed map[string]string }

func (o one) fits(p schema.Path) string {
	value, complex := p.Sub("value")
	switch {
	case !p.MultiValued():
		return "is for multi-valued attributes"
	case p.Kind() == schema.KindString:
		return ""
	case !complex || value.Kind() != schema.KindString:
		return "is for attributes with a text as value"
	}
	for _, name := range slices.Sorted(maps.Keys(o.fixed)) {
		sub, ok := p.Sub(name)
		if !ok {
			return "has a sub-attribute that there is not: " + name
		}
		if _, ok := schema.ParseValue(sub.Kind(), o.fixed[name]); !ok {
			return "has a value that does not fit its sub-attribute: " + name
		}
	}
	return ""
}

// leading returns the text of the element that the column shows.
func (one) leading(p schema.Path, list schema.Value) string {
	value, complex := p.Sub("value")
	if !complex {
		return list.At(0).Text()
	}
	shown := list.At(0)
	if primary, ok := p.Sub("primary"); ok {
		for _, e := range list.All() {
			if e.Get(primary).Bool() {
				shown = e
				break
			}
		}
	}
	return shown.Get(value).Text()
}

func (o one) encode(p schema.Path, v schema.Value, at writing) (any, error) {
	if text := o.leading(p, v); text != "" {
		return at.dialect.storable(text), nil
	}
	return nil, nil
}

func (o one) decode(p schema.Path, cell any) schema.Value {
	text, ok := cellText(cell)
	if !ok || text == "" {
		return schema.Value{}
	}
	value, complex := p.Sub("value")
	if !complex {
		return schema.List(schema.String(text))
	}
	fields := []schema.Field{{Path: value, Value: schema.String(text)}}
	for name, fixed := range o.fixed {
		if sub, ok := p.Sub(name); ok {
			v, _ := schema.ParseValue(sub.Kind(), fixed)
			fields = append(fields, schema.Field{Path: sub, Value: v})
		}
	}
	return schema.List(schema.Complex(fields...))
}

func (one) holds() []class { return []class{texts} }

func (one) present(c *clause, f *field, column string) error {
	if f.spare {
		return errors.ErrUnsupported
	}
	return notEmpty{}.present(c, f, column)
}

func (one) test(c *clause, f *field, column string, e *filter.Compare) (loose bool, err error) {
	if f.spare {
		return false, errors.ErrUnsupported // there may be elements that the column does not show
	}
	return textual{}.test(c, f, column, e)
}
