package filter

import (
	"iter"

	"github.com/muster-scim/muster/filter/internal/syntax"
	"github.com/muster-scim/muster/schema"
)

// Across is one filter bound to several resource types, for a search at the
// root (RFC 7644 §3.4.2.1). It is immutable and safe for concurrent use.
type Across struct {
	filters []*Filter
}

// ParseAcross reads text as a filter on resources of all the given types. For a
// type that lacks an attribute, or has it with another data type, resources have
// no value there (RFC 7644 §3.4.2.1). What means nothing to any of the types is an error, as in Parse; so
// is asking for an attribute that one of them never returns.
func ParseAcross(types []*schema.ResourceType, text string, o *Options) (*Across, error) {
	tree, err := syntax.Filter(text, o.limits())
	if err != nil {
		return nil, fromSyntax(err)
	}
	a := &Across{}
	absent := make([]map[int]error, len(types))
	for i, t := range types {
		absent[i] = map[int]error{}
		b := binder{typ: t, off: o.off(), tree: &tree, absent: absent[i]}
		f, err := b.filter()
		if err != nil {
			return nil, err
		}
		a.filters = append(a.filters, f)
	}
	if err := absentFromAll(absent, len(tree.Nodes)); err != nil {
		return nil, err
	}
	return a, nil
}

// absentFromAll returns the reason of the first node that every type lacks.
func absentFromAll(absent []map[int]error, nodes int) error {
	for n := range nodes {
		var reason *Error
		for _, a := range absent {
			e, ok := a[n].(*Error)
			if !ok {
				reason = nil
				break
			}
			if reason == nil || e.moreTelling(reason) {
				reason = e
			}
		}
		if reason != nil {
			return reason
		}
	}
	return nil
}

// moreTelling reports whether e, the fault of a term for one type, helps more
// than that for another type: it knows the attribute, or more of the path.
func (e *Error) moreTelling(other *Error) bool {
	if unknown := e.cause != nil; unknown != (other.cause != nil) {
		return !unknown
	}
	return e.Offset > other.Offset
}

// Filters iterates over the filters of the types that can have a match, in the
// order of the types. Types for which the filter is false anyway are left out.
func (a *Across) Filters() iter.Seq2[*schema.ResourceType, *Filter] {
	return func(yield func(*schema.ResourceType, *Filter) bool) {
		for _, f := range a.filters {
			if !isFalse(f.expr) && !yield(f.typ, f) {
				return
			}
		}
	}
}

// For returns the filter bound to t, or nil if t is not one of the types.
func (a *Across) For(t *schema.ResourceType) *Filter {
	for _, f := range a.filters {
		if f.typ == t {
			return f
		}
	}
	return nil
}

// Match reports whether r, of any of the types, fulfils the filter.
func (a *Across) Match(r *schema.Resource) bool {
	if r == nil {
		return false
	}
	f := a.For(r.Type())
	return f != nil && f.Match(r)
}
