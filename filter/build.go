package filter

import "github.com/muster-scim/muster/schema"

// The functions here keep the normal form that Expr describes.

// negation returns not e.
func negation(e Expr) Expr {
	switch e := e.(type) {
	case *Not:
		return e.X
	case *And:
		if len(e.Terms) == 0 {
			return &Or{}
		}
	case *Or:
		if len(e.Terms) == 0 {
			return &And{}
		}
	}
	return &Not{X: e}
}

// conjunction joins terms with and. It copies them.
func conjunction(terms []Expr) Expr {
	flat := make([]Expr, 0, len(terms))
	for _, t := range terms {
		if isFalse(t) {
			return t
		}
		if and, ok := t.(*And); ok {
			flat = append(flat, and.Terms...)
		} else {
			flat = append(flat, t)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return &And{Terms: flat}
}

// disjunction joins terms with or. It copies them.
func disjunction(terms []Expr) Expr {
	flat := make([]Expr, 0, len(terms))
	for _, t := range terms {
		if isTrue(t) {
			return t
		}
		if or, ok := t.(*Or); ok {
			flat = append(flat, or.Terms...)
		} else {
			flat = append(flat, t)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return &Or{Terms: flat, oneOf: mergeEqual(flat)}
}

// having asks for a value at p that fulfils e.
func having(p schema.Path, e Expr) Expr {
	switch {
	case isFalse(e):
		return e
	case isTrue(e):
		return &Present{Path: p}
	}
	return &Has{Path: p, X: e}
}

func isTrue(e Expr) bool {
	and, ok := e.(*And)
	return ok && len(and.Terms) == 0
}

func isFalse(e Expr) bool {
	or, ok := e.(*Or)
	return ok && len(or.Terms) == 0
}
