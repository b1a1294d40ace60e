package sqlstore

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// combined is an index of attributes that are asked for together. A resource
// that has a value of each has one row, with one key of them all.
type combined struct {
	name  string
	paths []schema.Path // in the order of their names
}

// combine adds the index of several named attributes, if the type has them all,
// and of each one value that is kept in the document.
func (k *kind) combine(names []string) {
	var c combined
	for _, name := range names {
		p, err := k.typ.Path(name)
		if err != nil || p.Type() == schema.TypeComplex || manyValued(p) || k.roleAt(p) != nil {
			return
		}
		c.paths = append(c.paths, p)
	}
	slices.SortFunc(c.paths, func(a, b schema.Path) int { return cmp.Compare(a.String(), b.String()) })
	c.paths = slices.Compact(c.paths)
	for i, p := range c.paths {
		c.name += []string{"", ","}[min(i, 1)] + p.String()
	}
	if len(c.paths) > 1 && !slices.Contains(k.chosen(), c.name) {
		k.combined = append(k.combined, c)
	}
}

// key returns the prepared key of values, if there is one at each path. Parts
// carry their length, so that other values have another key.
func (c combined) key(value func(schema.Path) schema.Value) (key string, ok bool) {
	var b []byte
	for _, p := range c.paths {
		v := value(p)
		if v.IsZero() {
			return "", false
		}
		part := sortKey(p, v)
		b = append(binary.AppendUvarint(b, uint64(len(part))), part...)
	}
	return string(b), true
}

// demand is what the terms of a filter that must all be true ask of an index.
type demand struct {
	index combined
	key   string
	rest  []filter.Expr // the terms that it does not answer
}

// demandIn returns the demand on the index that answers most terms of e, if
// there is one.
func (k *kind) demandIn(e filter.Expr) (best demand, ok bool) {
	for _, c := range k.combined {
		if len(c.paths) <= len(best.index.paths) {
			continue
		}
		if d, answers := c.demandIn(e); answers {
			best, ok = d, true
		}
	}
	return best, ok
}

func (c combined) demandIn(e filter.Expr) (demand, bool) {
	d, operands := demand{index: c}, map[schema.Path]schema.Value{}
	for term := range filter.Conjuncts(e) {
		if p, v := c.operand(term); !v.IsZero() && operands[p].IsZero() {
			operands[p] = v
		} else {
			d.rest = append(d.rest, term)
		}
	}
	key, ok := c.key(func(p schema.Path) schema.Value { return operands[p] })
	d.key = key
	return d, ok
}

// operand returns the value that a term demands at one of the paths.
func (c combined) operand(term filter.Expr) (p schema.Path, v schema.Value) {
	e, ok := term.(*filter.Compare)
	if !ok || e.Op != filter.Eq {
		return p, v
	}
	for _, p := range c.paths {
		if p == e.Path {
			return p, e.Value
		}
	}
	return p, v
}
