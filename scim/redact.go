package scim

import (
	"slices"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// redactor knows which values must not get into events. It is immutable.
type redactor struct {
	secret    map[schema.Path]bool // never shown to anybody
	sensitive map[schema.Path]bool // not in what is kept or sent elsewhere
}

// newRedactor collects the secret attributes of all types, and the sensitive
// ones that the host names.
func newRedactor(types []*schema.ResourceType, sensitive []string) *redactor {
	r := &redactor{secret: map[schema.Path]bool{}, sensitive: map[schema.Path]bool{}}
	for _, t := range types {
		for p := range t.AllPaths() {
			if isSecret(p) {
				r.secret[p] = true
			}
		}
		for _, name := range sensitive {
			if p, err := t.Path(name); err == nil {
				r.sensitive[p] = true
			}
		}
	}
	return r
}

// isSecret reports whether nobody may read p.
func isSecret(p schema.Path) bool {
	return p.Returned() == schema.ReturnedNever || p.Mutability() == schema.WriteOnly
}

// hides reports whether p is hidden, or a part of something hidden.
func hides(hidden map[schema.Path]bool, p schema.Path) bool {
	for ; !p.IsZero(); p = p.Parent() {
		if hidden[p] {
			return true
		}
	}
	return false
}

// clean returns v, a value at p, without its hidden parts. It reports whether
// there were any.
func clean(hidden map[schema.Path]bool, p schema.Path, v schema.Value) (schema.Value, bool) {
	switch {
	case v.IsZero():
		return v, false
	case hides(hidden, p):
		return schema.Value{}, true
	case v.Kind() == schema.KindList:
		return cleanList(hidden, p, v)
	default:
		return cleanParts(hidden, p, v)
	}
}

func cleanList(hidden map[schema.Path]bool, p schema.Path, v schema.Value) (schema.Value, bool) {
	if !hidesBelow(hidden, p) {
		return v, false
	}
	var elements []schema.Value
	any := false
	for _, e := range v.All() {
		e, cut := cleanParts(hidden, p, e)
		any = any || cut
		elements = append(elements, e)
	}
	return schema.List(elements...), any
}

func cleanParts(hidden map[schema.Path]bool, p schema.Path, v schema.Value) (schema.Value, bool) {
	any := false
	for sub := range p.Subs() {
		part := v.Get(sub)
		cleaned, cut := clean(hidden, sub, part)
		if cut {
			v, any = v.With(sub, cleaned), true
		}
	}
	return v, any
}

func hidesBelow(hidden map[schema.Path]bool, p schema.Path) bool {
	for sub := range p.Subs() {
		if hidden[sub] || hidesBelow(hidden, sub) {
			return true
		}
	}
	return false
}

// resource returns r without secrets.
func (x *redactor) resource(r *schema.Resource) *schema.Resource {
	if r == nil {
		return nil
	}
	var b *schema.Builder
	for p := range x.secret {
		if p.Owner() != r.Type() {
			continue
		}
		top := topOf(p)
		v, cut := clean(x.secret, top, r.Get(top))
		if !cut {
			continue
		}
		if b == nil {
			b = r.Edit()
		}
		_ = b.Set(top, v) // a part of a value that conforms
	}
	if b == nil {
		return r
	}
	return b.Resource()
}

// topOf returns the attribute that p is a part of, in the resource or in an
// extension.
func topOf(p schema.Path) schema.Path {
	for up := p.Parent(); !up.IsZero() && !up.IsExtension(); up = p.Parent() {
		p = up
	}
	return p
}

// differences returns diffs without hidden values.
func (x *redactor) differences(diffs []patch.Difference) []patch.Difference {
	diffs = slices.Clone(diffs)
	for i := range diffs {
		d := &diffs[i]
		d.Old = x.value(d.Path, d.Old)
		d.New = x.value(d.Path, d.New)
	}
	return diffs
}

// value returns a value without what is secret or sensitive.
func (x *redactor) value(p schema.Path, v schema.Value) schema.Value {
	v, _ = clean(x.secret, p, v)
	v, _ = clean(x.sensitive, p, v)
	return v
}

// touches reports whether something of p is hidden.
func (x *redactor) touches(p schema.Path) bool {
	return hides(x.secret, p) || hides(x.sensitive, p) || hidesBelow(x.secret, p) || hidesBelow(x.sensitive, p)
}

// open returns a projection of what may be kept and sent elsewhere of the
// resources of a type.
func (x *redactor) open(t *schema.ResourceType) *schema.Projection {
	var hidden []schema.Path
	for _, set := range []map[schema.Path]bool{x.secret, x.sensitive} {
		for p := range set {
			if p.Owner() == t {
				hidden = append(hidden, p)
			}
		}
	}
	if p, err := t.Path(schema.ExternalIDsURN); err == nil {
		hidden = append(hidden, p)
	}
	var p *schema.Projection
	return p.Without(hidden...)
}
