package filter

import (
	"errors"
	"strings"

	"github.com/muster-scim/muster/filter/internal/syntax"
	"github.com/muster-scim/muster/schema"
)

// Sort is an order of resources (RFC 7644 §3.4.2.3). It is total: resources
// with equal values are ordered by id, so that pages are stable. Descending is
// the exact reverse of ascending; resources without a value come last in
// ascending order and first in descending order. The zero value orders by id.
type Sort struct {
	// By is the attribute to sort by. Of a multi-valued attribute the primary
	// value counts, or else the first. Below a multi-valued attribute it is what
	// its primary or first element has.
	By schema.Path
	// Descending reverses the order.
	Descending bool
}

// ParseSort makes a Sort of the parameters sortBy and sortOrder for resources
// of type t. A sortBy that is complex means its "value". An empty sortBy gives
// the order by id, an empty sortOrder is ascending; letter case does not count.
// The rewrites are the tolerances that reading sortBy needed. The error is an
// *Error and an ErrSort; its offset is in the parameter that it speaks of.
func ParseSort(t *schema.ResourceType, sortBy, sortOrder string, o *Options) (Sort, []schema.Rewrite, error) {
	s := Sort{Descending: strings.EqualFold(sortOrder, "descending")}
	if !s.Descending && sortOrder != "" && !strings.EqualFold(sortOrder, "ascending") {
		return Sort{}, nil, &Error{Found: syntax.Quote(sortOrder), Expected: "ascending or descending", Detail: "in sortOrder", err: ErrSort}
	}
	if sortBy == "" {
		return s, nil, nil
	}
	parsed, err := syntax.ParsePath(sortBy, o.limits())
	if err == nil && len(parsed.Filter.Nodes) > 0 {
		err = &syntax.Error{Offset: int(parsed.Attr.End), Found: `"["`, Expected: "the end of the attribute path"}
	}
	if err != nil {
		return Sort{}, nil, asSortError(fromSyntax(err))
	}
	b := binder{typ: t, off: o.off(), tree: &parsed.Filter}
	if s.By, err = b.sortBy(parsed.Attr); err != nil {
		return Sort{}, nil, asSortError(err)
	}
	return s, b.rewrites, nil
}

// sortBy finds the attribute that the text at s names and that has an order.
func (b *binder) sortBy(s syntax.Span) (schema.Path, error) {
	if err := b.noteSpacing(ErrSort); err != nil {
		return schema.Path{}, err
	}
	p, err := b.resolve(s)
	if err != nil {
		return p, err
	}
	if err := b.visible(s, p); err != nil {
		return p, err
	}
	return b.scalar(&syntax.Node{Path: s}, p)
}

// asSortError makes an error of the binder one about sortBy.
func asSortError(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.err = ErrSort
	}
	return err
}

// Value returns the value that r is sorted by, or the zero Value if it has
// none. If r is of another type than By, the attribute with the same path
// there counts.
func (s Sort) Value(r *schema.Resource) schema.Value {
	p := s.By
	if p.IsZero() {
		p = r.Type().IDPath()
	} else if p.Owner() != r.Type() {
		p = sameIn(r.Type(), p)
	}
	up := p.Parent()
	if !up.MultiValued() {
		return firstOf(r.Get(p))
	}
	return firstOf(leading(r.Get(up), up).Get(p))
}

// sameIn returns the path of t with the text of p, the zero Path if there is
// none or if it is never returned.
func sameIn(t *schema.ResourceType, p schema.Path) schema.Path {
	same, err := t.Path(p.String())
	if err != nil || !hiddenPart(same).IsZero() {
		return schema.Path{}
	}
	return same
}

// leading returns the primary element of list, or else the first.
func leading(list schema.Value, p schema.Path) schema.Value {
	if primary, ok := p.Sub("primary"); ok {
		for i := range list.Len() {
			if e := list.At(i); e.Get(primary).Bool() {
				return e
			}
		}
	}
	return firstOf(list)
}

// firstOf returns the first element of a list, and v if it is none.
func firstOf(v schema.Value) schema.Value {
	if v.Kind() == schema.KindList {
		return v.At(0)
	}
	return v
}

// Compare returns a negative number if a comes before b, a positive one if it
// comes after, and 0 only if they are the same resource.
func (s Sort) Compare(a, b *schema.Resource) int {
	return s.compare(s.Value(a), s.Value(b), a, b)
}

// compare is Compare with the sort values at hand.
func (s Sort) compare(v, w schema.Value, a, b *schema.Resource) int {
	if c := s.CompareValues(v, w); c != 0 {
		return c
	}
	c := a.ID().Compare(b.ID())
	if c == 0 && a.Type() != b.Type() {
		c = strings.Compare(a.Type().Name(), b.Type().Name())
	}
	return s.direct(c)
}

// CompareValues orders two values as returned by Value, without regard to ids:
// what a store needs to find where a page starts.
func (s Sort) CompareValues(v, w schema.Value) int {
	return s.direct(order(s.By, v, w))
}

func (s Sort) direct(c int) int {
	if s.Descending {
		return -c
	}
	return c
}

// order compares two values at p in ascending order, unassigned ones last.
func order(p schema.Path, v, w schema.Value) int {
	switch {
	case v.IsZero() || w.IsZero():
		return rank(v) - rank(w)
	case v.Kind() != w.Kind():
		return int(v.Kind()) - int(w.Kind())
	}
	switch v.Kind() {
	case schema.KindInteger, schema.KindDecimal:
		return compareNumbers(v, w)
	case schema.KindDateTime:
		a, _ := v.Time()
		b, _ := w.Time()
		return a.Compare(b)
	case schema.KindBinary:
		return strings.Compare(binaryKey(v.Text()), binaryKey(w.Text()))
	}
	if !folds(p) {
		return strings.Compare(v.Text(), w.Text())
	}
	return compareFolded(p, v.Text(), w.Text())
}

// rank puts unassigned values last.
func rank(v schema.Value) int {
	if v.IsZero() {
		return 1
	}
	return 0
}

func compareNumbers(v, w schema.Value) int {
	a, small := v.Int()
	b, also := w.Int()
	if small && also {
		return compareInts(a, b)
	}
	return parseNumber(v.Text()).compare(parseNumber(w.Text()))
}
