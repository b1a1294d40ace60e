package sqlstore

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// operators are the comparisons that SQL and SCIM share.
var operators = map[filter.Op]string{filter.Eq: " = ?", filter.Gt: " > ?", filter.Ge: " >= ?", filter.Lt: " < ?", filter.Le: " <= ?"}

// whole keeps an integer as one of 64 bits. Greater ones become the greatest.
type whole struct{ notNull }

func (whole) fits(p schema.Path) string { return single(p, schema.KindInteger) }

func (whole) encode(_ schema.Path, v schema.Value, _ writing) (any, error) {
	n, ok := v.Int()
	switch {
	case ok:
		return n, nil
	case strings.HasPrefix(v.Text(), "-"):
		return int64(math.MinInt64), nil
	}
	return int64(math.MaxInt64), nil
}

func (whole) decode(_ schema.Path, cell any) schema.Value {
	n, ok := cellInt(cell)
	if !ok {
		return schema.Value{}
	}
	return schema.Int(n)
}

func (whole) holds() []class { return []class{integers, numbers} }

func (whole) test(c *clause, f *field, column string, e *filter.Compare) (loose bool, err error) {
	n, ok := e.Value.Int()
	operator := operators[e.Op]
	if !ok || operator == "" {
		return false, errors.ErrUnsupported
	}
	if f.spare && (n == math.MaxInt64 || n == math.MinInt64) {
		return false, errors.ErrUnsupported
	}
	c.add(column+operator, n)
	return false, nil
}

// fraction keeps a decimal as a floating-point number. Greater ones become the
// greatest.
type fraction struct{ notNull }

func (fraction) fits(p schema.Path) string { return single(p, schema.KindDecimal) }

func (fraction) encode(p schema.Path, v schema.Value, _ writing) (any, error) {
	n, err := strconv.ParseFloat(v.Text(), 64)
	switch {
	case math.IsInf(n, 0):
		return math.Copysign(math.MaxFloat64, n), nil
	case err != nil:
		return nil, refuse(p, "is not a number that can be kept")
	}
	return n + 0, nil // not every database has a negative zero
}

func (fraction) decode(_ schema.Path, cell any) schema.Value {
	text, _ := cellText(cell)
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return schema.Value{}
	}
	return schema.Decimal(n)
}

func (fraction) holds() []class { return []class{numbers} }

func (fraction) test(*clause, *field, string, *filter.Compare) (loose bool, err error) {
	return false, errors.ErrUnsupported
}

// blob keeps binary data as bytes.
type blob struct{ notNull }

func (blob) fits(p schema.Path) string { return single(p, schema.KindBinary) }

func (blob) encode(_ schema.Path, v schema.Value, _ writing) (any, error) { return v.Bytes(), nil }

func (blob) decode(_ schema.Path, cell any) schema.Value {
	text, ok := cellText(cell)
	if !ok {
		return schema.Value{}
	}
	return schema.Binary([]byte(text))
}

func (blob) holds() []class { return []class{binaries} }

func (blob) test(c *clause, _ *field, column string, e *filter.Compare) (loose bool, err error) {
	if e.Op != filter.Eq {
		return false, errors.ErrUnsupported
	}
	c.add(column+" = ?", e.Value.Bytes())
	return false, nil
}
