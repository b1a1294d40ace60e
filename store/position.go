package store

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// Position is a place between two matches of a query. Only the store that made
// it reads it. It may hold the id and sort value of a resource, so it must be
// sealed before it is shown to a client.
type Position string

// PositionAfter returns the position after r in an order, for stores that do
// not have a better one: the id, and if there is a sort attribute, its value.
// The position stays good when r changes or goes.
func PositionAfter(sort filter.Sort, r *schema.Resource) (Position, error) {
	if sort.By.IsZero() {
		return Position(r.ID()), nil
	}
	text := strconv.AppendInt(nil, int64(len(r.ID())), 10)
	text = append(append(text, ':'), r.ID()...)
	text, err := sort.By.AppendJSON(text, sort.Value(r))
	return Position(text), err
}

// Parse returns the id and the sort value of a position made by PositionAfter
// for the same order: what comes after it is what has a later value, or the
// same value and a later id. It returns an ErrPosition if the text is not such
// a position.
func (p Position) Parse(sort filter.Sort) (id schema.ID, v schema.Value, err error) {
	if sort.By.IsZero() {
		return schema.ID(p), v, nil
	}
	length, rest, _ := strings.Cut(string(p), ":")
	n, err := strconv.Atoi(length)
	if err != nil || n < 0 || n > len(rest) {
		return "", v, ErrPosition
	}
	decode := sort.By.DecodeValue
	if sort.By.MultiValued() {
		decode = sort.By.DecodeElement
	}
	v, _, err = decode([]byte(rest[n:]), &schema.DecodeOptions{KeepReadOnly: true, Off: schema.Strict})
	if err != nil {
		return "", v, fmt.Errorf("%w: %w", ErrPosition, err)
	}
	return schema.ID(rest[:n]), v, nil
}

// place is a parsed Position.
type place struct {
	sort  filter.Sort
	id    schema.ID
	value schema.Value
}

// before reports whether r comes after the place.
func (p *place) before(r *schema.Resource) bool {
	c := 0
	if !p.sort.By.IsZero() {
		c = p.sort.CompareValues(p.value, p.sort.Value(r))
	}
	if c != 0 {
		return c < 0
	}
	if p.sort.Descending && !p.sort.By.IsZero() {
		return r.ID() < p.id
	}
	return r.ID() > p.id
}
