package sqlstore

import (
	"errors"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// Inverted keeps a boolean as its opposite: "active" in a column "disabled".
func Inverted() Conversion { return flag{inverted: true} }

// flag keeps a boolean, or its opposite, as one.
type flag struct {
	notNull
	inverted bool
}

func (flag) fits(p schema.Path) string { return single(p, schema.KindBoolean) }

func (f flag) encode(_ schema.Path, v schema.Value, _ writing) (any, error) {
	return v.Bool() != f.inverted, nil
}

func (f flag) decode(_ schema.Path, cell any) schema.Value {
	b, ok := cellBool(cell)
	if !ok {
		return schema.Value{}
	}
	return schema.Bool(b != f.inverted)
}

func (flag) holds() []class { return []class{booleans, integers} }

func (f flag) test(c *clause, at *field, column string, e *filter.Compare) (loose bool, err error) {
	if e.Op != filter.Eq {
		return false, errors.ErrUnsupported
	}
	wanted := e.Value.Bool() != f.inverted
	switch {
	case at.dialect == PostgreSQL:
		c.add(column + map[bool]string{true: " = true", false: " = false"}[wanted])
	case wanted:
		c.add(column + " <> 0")
	default:
		c.add(column + " = 0")
	}
	return false, nil
}

// WhenNull keeps a boolean as a time that is NULL while it is true: "active" in
// a column "disabled_at". It is set to the time of the write.
func WhenNull() Conversion { return mark{null: true} }

// WhenSet keeps a boolean as a time that is NULL while it is false: "active" in
// a column "activated_at". It is set to the time of the write.
func WhenSet() Conversion { return mark{null: false} }

// mark keeps a boolean as whether there is a time.
type mark struct{ null bool }

func (mark) fits(p schema.Path) string { return single(p, schema.KindBoolean) }

func (m mark) encode(_ schema.Path, v schema.Value, at writing) (any, error) {
	if v.Bool() == m.null {
		return nil, nil
	}
	return timeCell(at.now, at.dialect), nil
}

func (m mark) decode(_ schema.Path, cell any) schema.Value {
	return schema.Bool((cell == nil) == m.null)
}

func (mark) holds() []class { return []class{times, texts} }

func (mark) present(c *clause, _ *field, _ string) error {
	c.add("1 = 1")
	return nil
}

func (m mark) test(c *clause, _ *field, column string, e *filter.Compare) (loose bool, err error) {
	if e.Op != filter.Eq {
		return false, errors.ErrUnsupported
	}
	c.add(column + map[bool]string{true: " IS NULL", false: " IS NOT NULL"}[e.Value.Bool() == m.null])
	return false, nil
}
