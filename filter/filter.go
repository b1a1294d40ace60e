package filter

import (
	"iter"

	"github.com/muster-scim/muster/filter/internal/syntax"
	"github.com/muster-scim/muster/schema"
)

// Filter is a filter bound to a resource type and ready to run. It is immutable
// and safe for concurrent use. The zero Filter matches nothing and has no text.
type Filter struct {
	typ      *schema.ResourceType
	of       schema.Path
	expr     Expr
	rewrites []schema.Rewrite
}

// Parse reads text as a filter on resources of type t (RFC 7644 §3.4.2.2).
// The error is an *Error and an ErrFilter: the text breaks the grammar or a
// limit, names an attribute that t does not have or never returns, or compares
// an attribute with what it cannot be compared with.
func Parse(t *schema.ResourceType, text string, o *Options) (*Filter, error) {
	tree, err := syntax.Filter(text, o.limits())
	if err != nil {
		return nil, fromSyntax(err)
	}
	b := binder{typ: t, off: o.off(), tree: &tree}
	return b.filter()
}

// MustParse is Parse with default options for texts that are part of the
// program; it panics if the text is not a filter.
func MustParse(t *schema.ResourceType, text string) *Filter {
	f, err := Parse(t, text, nil)
	if err != nil {
		panic(err)
	}
	return f
}

// Type returns the resource type that f is bound to.
func (f *Filter) Type() *schema.ResourceType { return f.typ }

// Attr returns the attribute whose elements f is about, if it is the filter of a
// PATCH path, and the zero Path if it is about whole resources.
func (f *Filter) Attr() schema.Path { return f.of }

// Expr returns the filter as a tree, for stores that plan or translate it. It
// must not be changed.
func (f *Filter) Expr() Expr { return f.expr }

// Match reports whether r fulfils the filter. Resources of another type and
// nil do not. It allocates nothing for values that are ASCII or caseExact.
func (f *Filter) Match(r *schema.Resource) bool {
	return r != nil && f.expr != nil && r.Type() == f.typ && f.of.IsZero() && f.expr.match(subject{resource: r})
}

// MatchValue reports whether v, one element of the attribute that Attr returns,
// fulfils the filter. It is false for a filter on resources and for the zero
// Value.
func (f *Filter) MatchValue(v schema.Value) bool {
	return !v.IsZero() && !f.of.IsZero() && f.expr.match(subject{element: v})
}

// String returns the filter as canonical text: names as in the schema, operators
// in lower case, single spaces, no brackets that are not needed. Parsing it
// gives an equal filter; two filters with the same text are equal.
func (f *Filter) String() string {
	if f.expr == nil {
		return ""
	}
	return string(f.expr.append(nil, f.of))
}

// Rewrites lists the tolerances that reading the text needed, in order. It must
// not be changed.
func (f *Filter) Rewrites() []schema.Rewrite { return f.rewrites }

// Paths iterates over the attributes that the filter asks for, so that a host
// can decide whether the client may. An attribute that is used twice comes
// twice.
func (f *Filter) Paths() iter.Seq[schema.Path] {
	return func(yield func(schema.Path) bool) {
		for e := range Walk(f.expr) {
			if p := pathOf(e); !p.IsZero() && !yield(p) {
				return
			}
		}
	}
}
