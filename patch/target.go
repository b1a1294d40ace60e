package patch

import (
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// target is what a path selects: attr as a whole, or within the multi-valued
// attr the values that filter selects (nil: all of them), and of these sub if
// it is set.
type target struct {
	attr   schema.Path
	filter *filter.Filter
	sub    schema.Path
}

// selects reports whether t is about values within a list.
func (t target) selects() bool { return t.filter != nil || !t.sub.IsZero() }

// deepest is the attribute that changes.
func (t target) deepest() schema.Path {
	if !t.sub.IsZero() {
		return t.sub
	}
	return t.attr
}

// targetOf is the target of a path without filter.
func targetOf(p schema.Path) target {
	if up := p.Parent(); up.MultiValued() {
		return target{attr: up, sub: p}
	}
	return target{attr: p}
}

// target binds the text of a path. A path without brackets needs no parser.
func (c *compiler) target(text string) (target, error) {
	text = c.alias(text)
	if strings.IndexByte(text, '[') < 0 {
		p, rewrites, err := c.typ.Resolve(text, c.o.Off)
		if err != nil {
			return target{}, c.wrap(text, err)
		}
		c.report.Rewrites = append(c.report.Rewrites, rewrites...)
		return targetOf(p), nil
	}
	parsed, err := filter.ParsePath(c.typ, text, &filter.Options{Off: c.o.Off})
	if err != nil {
		return target{}, c.wrap(text, err)
	}
	c.report.Rewrites = append(c.report.Rewrites, parsed.Rewrites()...)
	return target{attr: parsed.Attr, filter: parsed.Filter, sub: parsed.Sub}, nil
}

// alias puts the registered URN in the place of a legacy one, the longest that
// fits.
func (c *compiler) alias(text string) string {
	replaced, longest := text, 0
	for legacy, urn := range c.o.URNAliases {
		rest, ok := cutFold(text, legacy)
		if ok && len(legacy) > longest && (rest == "" || rest[0] == ':' || rest[0] == '.') {
			replaced, longest = urn+rest, len(legacy)
		}
	}
	if longest > 0 {
		c.report.Rewrites = append(c.report.Rewrites, schema.Rewrite{Tolerance: schema.URNAlias, Path: replaced})
	}
	return replaced
}

// cutFold removes prefix from the front of text, in any letter case.
func cutFold(text, prefix string) (rest string, ok bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return "", false
	}
	return text[len(prefix):], true
}
