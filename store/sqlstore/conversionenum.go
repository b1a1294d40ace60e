package sqlstore

import (
	"errors"
	"maps"
	"slices"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// Enum keeps each of some values as a text of the service's own. The keys are
// values of the attribute as SCIM writes them, "true" and "false" for a boolean,
// and the values what the column holds. No other value can be stored. If other
// is not "", it is the value of the attribute where the column holds anything
// else.
//
//	Enum(map[string]string{"true": "active", "false": "suspended"}, "false")
func Enum(values map[string]string, other string) Conversion {
	return enum{values: maps.Clone(values), other: other}
}

type enum struct {
	values map[string]string
	other  string
}

func (c enum) fits(p schema.Path) string {
	if problem := single(p, schema.KindString, schema.KindReference, schema.KindBoolean, schema.KindInteger); problem != "" {
		return problem
	}
	if len(c.values) == 0 {
		return "has no values"
	}
	taken := map[string]bool{}
	for value, text := range c.values {
		if _, ok := schema.ParseValue(p.Kind(), value); !ok {
			return "has a key that is no value of the attribute: " + value
		}
		if taken[text] {
			return "keeps two values as " + text
		}
		taken[text] = true
	}
	if _, ok := schema.ParseValue(p.Kind(), c.other); c.other != "" && !ok {
		return "has another value that is none of the attribute: " + c.other
	}
	return ""
}

func (c enum) encode(p schema.Path, v schema.Value, _ writing) (any, error) {
	wanted := p.FoldValue(v)
	for value, text := range c.values {
		if known, ok := schema.ParseValue(p.Kind(), value); ok && p.FoldValue(known) == wanted {
			return text, nil
		}
	}
	return nil, refuse(p, "is none of the values that can be kept")
}

func (c enum) decode(p schema.Path, cell any) schema.Value {
	text, ok := cellText(cell)
	if !ok {
		return schema.Value{}
	}
	value := c.other
	for key, kept := range c.values {
		if kept == text {
			value = key
		}
	}
	if value == "" {
		return schema.Value{}
	}
	v, _ := schema.ParseValue(p.Kind(), value)
	return v
}

func (enum) holds() []class { return []class{texts, integers, booleans} }

func (c enum) present(to *clause, _ *field, column string) error {
	if c.other != "" {
		to.add(column + " IS NOT NULL")
		return nil
	}
	kept := slices.Sorted(maps.Values(c.values))
	to.add("("+column+" IS NOT NULL AND "+column+" IN "+marks(len(kept))+")", anys(kept)...)
	return nil
}

func (c enum) test(to *clause, _ *field, column string, e *filter.Compare) (loose bool, err error) {
	if e.Op != filter.Eq {
		return false, errors.ErrUnsupported
	}
	wanted := e.Path.FoldValue(e.Value)
	equal := func(value string) bool {
		v, ok := schema.ParseValue(e.Path.Kind(), value)
		return ok && e.Path.FoldValue(v) == wanted
	}
	var is, others []string
	for _, value := range slices.Sorted(maps.Keys(c.values)) {
		if equal(value) {
			is = append(is, c.values[value])
		} else {
			others = append(others, c.values[value])
		}
	}
	switch {
	case c.other != "" && equal(c.other) && len(others) > 0:
		to.add(column+" NOT IN "+marks(len(others)), anys(others)...)
	case c.other != "" && equal(c.other):
		to.add("1 = 1")
	case len(is) == 0:
		to.add("1 = 0")
	default:
		to.add(column+" IN "+marks(len(is)), anys(is)...)
	}
	return false, nil
}
