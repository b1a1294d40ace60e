package filter

import (
	"cmp"

	"github.com/muster-scim/muster/filter/internal/syntax"
	"github.com/muster-scim/muster/schema"
)

// The limits that apply where Options does not set others.
const (
	// DefaultMaxBytes leaves room for DefaultMaxTerms comparisons with
	// identifiers of the usual length, and is far below what a server accepts
	// as a URL.
	DefaultMaxBytes = 16 << 10
	// DefaultMaxDepth is ten times what any known client nests.
	DefaultMaxDepth = 50
	// DefaultMaxTerms is the number at which large service providers stop. A
	// filter costs its number of terms for every resource it is tried on.
	DefaultMaxTerms = 200
)

// maxDepth is the deepest nesting that can be asked for. Whatever walks a tree
// may recurse, because it can rely on this.
const maxDepth = 1000

// Options bound and adjust parsing. The zero value and nil mean the defaults:
// every limit as documented, every tolerance on.
type Options struct {
	// MaxBytes limits the length of the text, in bytes; 0 means DefaultMaxBytes.
	MaxBytes int
	// MaxDepth limits how many brackets may be open at once, "(" and "[" alike;
	// 0 means DefaultMaxDepth. Values above 1000 count as 1000.
	MaxDepth int
	// MaxTerms limits the number of comparisons; 0 means DefaultMaxTerms.
	MaxTerms int
	// Off turns tolerances off. Those of this package are BooleanText,
	// NumberText, BareComplex, URNDot, BareExtensionName, UnquotedLiteral,
	// SimpleValueFilter, FilterSpacing and FilterSelection; schema.Strict turns
	// off all of them.
	Off schema.ToleranceSet
}

func (o *Options) limits() syntax.Limits {
	if o == nil {
		o = &Options{}
	}
	return syntax.Limits{
		Bytes: cmp.Or(max(o.MaxBytes, 0), DefaultMaxBytes),
		Depth: min(cmp.Or(max(o.MaxDepth, 0), DefaultMaxDepth), maxDepth),
		Terms: cmp.Or(max(o.MaxTerms, 0), DefaultMaxTerms),
	}
}

func (o *Options) off() schema.ToleranceSet {
	if o == nil {
		return 0
	}
	return o.Off
}
