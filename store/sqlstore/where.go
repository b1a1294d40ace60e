package sqlstore

import (
	"errors"
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// clause is a piece of SQL with its parameters.
type clause struct {
	strings.Builder
	args []any
	once bool // it may never come again, so it is not worth keeping prepared
}

func (c *clause) add(text string, args ...any) {
	c.WriteString(text)
	c.args = append(c.args, args...)
}

// places says where values live: it makes the leaves of a condition. Each is
// true or false for a row, never NULL. A leaf that it cannot make is an
// errors.ErrUnsupported.
type places interface {
	compare(c *clause, e *filter.Compare) error
	present(c *clause, e *filter.Present) error
	has(c *clause, e *filter.Has) error
}

// where appends the condition that is true for the rows of resources that
// fulfil e.
func where(c *clause, e filter.Expr, at places) error {
	switch e := e.(type) {
	case *filter.And:
		return all(c, e.Terms, " AND ", "1 = 1", at)
	case *filter.Or:
		return all(c, e.Terms, " OR ", "1 = 0", at)
	case *filter.Not:
		c.add("NOT ")
		return where(c, e.X, at)
	case *filter.Compare:
		return at.compare(c, e)
	case *filter.Present:
		return at.present(c, e)
	case *filter.Has:
		return at.has(c, e)
	}
	return errors.ErrUnsupported
}

// all joins terms; without any it is none.
func all(c *clause, terms []filter.Expr, word, none string, at places) error {
	c.add("(")
	for i, t := range terms {
		if i > 0 {
			c.add(word)
		}
		if err := where(c, t, at); err != nil {
			return err
		}
	}
	if len(terms) == 0 {
		c.add(none)
	}
	c.add(")")
	return nil
}

// keyTest appends the comparison of a prepared key with an operand. short and
// whole are expressions for its indexed form (see column) and for all of it.
func (d Dialect) keyTest(c *clause, short, whole string, e *filter.Compare) error {
	key := sortKey(e.Path, e.Value)
	kind := e.Path.Kind()
	text := kind == schema.KindString || kind == schema.KindReference
	if text {
		key = e.Path.Fold(e.Value.Text())
	}
	switch {
	case e.Op == filter.Eq:
		c.add(short+" = ?", column(key))
	case text && e.Op == filter.Co:
		c.add(d.position(whole, "?")+" > 0", []byte(key))
	case text && e.Op == filter.Sw:
		prefix(c, short, whole, key)
	case text && e.Op == filter.Ew && key == "":
		c.add("1 = 1")
	case text && e.Op == filter.Ew:
		c.add(d.suffix(whole)+" = ?", len(key), []byte(key))
	case text || kind == schema.KindDateTime || kind == schema.KindInteger || kind == schema.KindDecimal:
		operator, ok := map[filter.Op]string{filter.Gt: " > ?", filter.Ge: " >= ?", filter.Lt: " < ?", filter.Le: " <= ?"}[e.Op]
		if !ok {
			return errors.ErrUnsupported
		}
		c.add(whole+operator, []byte(key))
	default:
		return errors.ErrUnsupported
	}
	return nil
}

// prefix makes a range of a prefix, which an index serves.
func prefix(c *clause, short, whole, key string) {
	on := short
	if len(key) > maxKey {
		on = whole
	}
	c.add("("+on+" >= ?", []byte(key))
	end := []byte(key)
	for len(end) > 0 && end[len(end)-1] == 0xff {
		end = end[:len(end)-1]
	}
	if len(end) > 0 {
		end[len(end)-1]++
		c.add(" AND "+on+" < ?", end)
	}
	c.add(")")
}
