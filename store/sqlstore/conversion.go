package sqlstore

import (
	"time"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// Conversion converts between an attribute and a column. The set is closed: see
// Inverted, WhenNull, WhenSet, Enum, Unix, UnixMilli, Date, JSON and Single.
//
// What a column holds that is no value of the attribute counts as no value, and
// stays in the column until the attribute is written.
type Conversion interface {
	// fits says why an attribute cannot be kept so; "" if it can.
	fits(p schema.Path) string
	// encode returns what the column holds for v, which is assigned. A value that
	// it cannot hold at all is a *schema.PathError.
	encode(p schema.Path, v schema.Value, at writing) (any, error)
	// decode returns the value of an attribute, or the zero Value. decode(encode(v))
	// is v as the column shows it.
	decode(p schema.Path, cell any) schema.Value
	// holds are the classes of types that the column may have.
	holds() []class
	// test adds the condition that is true for the rows whose value fulfils e. It
	// is loose if it may be true for others.
	test(c *clause, f *field, column string, e *filter.Compare) (loose bool, err error)
	// present adds the condition that is true for the rows that have a value other
	// than "".
	present(c *clause, f *field, column string) error
}

// notNull is the part of a conversion whose column is NULL without a value.
type notNull struct{}

func (notNull) present(c *clause, _ *field, column string) error {
	c.add(column + " IS NOT NULL")
	return nil
}

// notEmpty is the part of a conversion whose column is NULL or empty without a
// value.
type notEmpty struct{}

func (notEmpty) present(c *clause, _ *field, column string) error {
	c.add("(" + column + " IS NOT NULL AND " + column + " <> '')")
	return nil
}

// writing is what a conversion may need to know about a write.
type writing struct {
	now     time.Time
	dialect Dialect
}

// class is a group of data types of databases.
type class string

// The classes.
const (
	texts    class = "text"
	integers class = "integer"
	numbers  class = "number"
	booleans class = "boolean"
	times    class = "time"
	binaries class = "bytes"
	jsons    class = "JSON"
	uuids    class = "UUID"
)

// refuse is the error about a value that a column cannot hold.
func refuse(p schema.Path, detail string) error {
	return &schema.PathError{Path: p.String(), Offset: -1, Err: schema.ErrValue, Detail: detail}
}

// scalars are the conversions of attributes with a single simple value.
var scalars = map[schema.Kind]Conversion{
	schema.KindString: textual{}, schema.KindReference: textual{}, schema.KindBoolean: flag{},
	schema.KindInteger: whole{}, schema.KindDecimal: fraction{}, schema.KindDateTime: instant{}, schema.KindBinary: blob{},
}

// conversionOf returns the default for an attribute.
func conversionOf(p schema.Path) Conversion {
	if c, ok := scalars[p.Kind()]; ok && !p.MultiValued() {
		return c
	}
	return JSON()
}

// single says why an attribute is not one with a single value of a kind; "" if
// it is.
func single(p schema.Path, kinds ...schema.Kind) string {
	if p.MultiValued() {
		return "is for attributes with a single value"
	}
	for _, k := range kinds {
		if p.Kind() == k {
			return ""
		}
	}
	return "is for attributes of another type"
}
