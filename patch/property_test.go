package patch_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-scim/muster/internal/schemagen"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// TestDiffRoundTrip is the promise of Diff over random resources of random
// types, as a client sends it: through JSON.
func TestDiffRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := drawWritableType(t)
		a, b := drawSendable(t, typ, "a"), drawSendable(t, typ, "b")
		b = withMeta(b, a)
		off := rapid.SampledFrom([]schema.ToleranceSet{0, schema.Strict}).Draw(t, "off")

		if !a.Equal(b) {
			message, err := patch.Diff(a, b).MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			got, err := applyBody(a, message, &patch.Options{Off: off, LetterCase: patch.CaseStored})
			if err != nil {
				t.Fatalf("%s: %v\nfrom %s\nto   %s", message, err, show(t, a), show(t, b))
			}
			if !got.Equal(b) {
				t.Fatalf("%s\nfrom %s\ngot  %s\nwant %s", message, show(t, a), show(t, got), show(t, b))
			}
		}
		if ops := patch.Diff(a, a).Operations; len(ops) > 0 {
			t.Fatalf("Diff(a, a) = %v", ops)
		}
	})
}

// TestBetweenRoundTrip is the same without JSON, and with whatever a schema may
// forbid clients to change.
func TestBetweenRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := drawWritableType(t)
		a, b := drawSendable(t, typ, "a"), drawSendable(t, typ, "b")
		b = withMeta(b, a)
		changes := patch.Between(a, b)
		result, err := changes.Apply(a)
		if err != nil {
			t.Fatal(err)
		}
		if !result.Resource.Equal(b) || result.Changed == a.Equal(b) {
			t.Fatalf("changed %v\nfrom %s\ngot  %s\nwant %s", result.Changed, show(t, a), show(t, result.Resource), show(t, b))
		}
		for _, d := range result.Diffs {
			if d.Old.Equal(d.New) || !a.Get(d.Path).Equal(d.Old) || !b.Get(d.Path).Equal(d.New) || !changes.Touches(d.Path) {
				t.Fatalf("%s: %s is said to have become %s", d.Path, d.Old, d.New)
			}
		}
		if _, err := patch.NewChanges(typ, changes.Edits()...); err != nil {
			t.Fatalf("NewChanges refuses what Between made: %v", err)
		}
	})
}

// TestIdempotence applies operations twice, which must be the same as once: all
// of replace and remove, and add without a primary value.
func TestIdempotence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := decode(t, thing, string(mustJSON(t, drawDocument(t))))
		op := drawIntent(t)
		if op.op != patch.Remove && op.by != "" && op.by == op.sub {
			t.Skip("what the filter selects is what changes")
		}
		text := body(write(t, op))
		once, err := applyBody(r, text, nil)
		if err != nil {
			t.Skip("refused")
		}
		twice, err := applyBody(once, text, nil)
		if err != nil {
			t.Fatalf("%s\non %s\nthen on %s\n%v", text, show(t, r), show(t, once), err)
		}
		if object, ok := op.value.(object); ok && object[op.by] != nil && op.op != patch.Remove {
			t.Skip("the value changes what the filter selects")
		}
		if !twice.Equal(once) {
			t.Fatalf("%s\non    %s\nonce  %s\ntwice %s", text, show(t, r), show(t, once), show(t, twice))
		}
	})
}

// drawWritableType draws a type whose attributes a client may write.
func drawWritableType(t *rapid.T) *schema.ResourceType {
	d := schemagen.Nested().Draw(t, "type")
	writable(d.Schema.Attributes)
	writableExtensions(d.Extensions)
	return d.MustCompile()
}

func writableExtensions(all []schema.Extension) {
	for _, e := range all {
		writable(e.Schema.Attributes)
		writableExtensions(e.Extensions)
	}
}

func writable(attrs []schema.Attribute) {
	for i := range attrs {
		attrs[i].Mutability = schema.ReadWrite
		attrs[i].Required = false
		writable(attrs[i].SubAttributes)
	}
}

// drawSendable draws a resource that a request can produce: no list has a value
// twice or several primary ones, and references, whose order means nothing, are
// sorted.
func drawSendable(t *rapid.T, typ *schema.ResourceType, name string) *schema.Resource {
	r := schemagen.Resource(typ).Draw(t, name)
	b := r.Edit()
	for p := range typ.AllPaths() {
		if !p.MultiValued() || p == typ.SchemasPath() || p.Parent().MultiValued() {
			continue
		}
		if err := b.Set(p, sendable(p, r.Get(p))); err != nil {
			t.Fatal(err)
		}
	}
	return b.Resource()
}

func sendable(p schema.Path, list schema.Value) schema.Value {
	var values []schema.Value
	seen := map[string]bool{}
	for _, v := range list.All() {
		for sub := range p.Subs() {
			if sub.Name() == "primary" {
				v = v.With(sub, schema.Value{})
			} else if sub.MultiValued() {
				v = v.With(sub, sendable(sub, v.Get(sub)))
			}
		}
		if key := p.Identity(v); !v.IsZero() && !seen[key] {
			seen[key] = true
			values = append(values, v)
		}
	}
	if p.References() {
		slices.SortFunc(values, func(v, w schema.Value) int { return cmp.Compare(p.Identity(v), p.Identity(w)) })
	}
	return schema.List(values...)
}

// withMeta gives r the id and meta of other.
func withMeta(r, other *schema.Resource) *schema.Resource {
	b := r.Edit()
	b.SetID(other.ID())
	b.SetMeta(other.Created(), other.LastModified(), other.Version())
	return b.Resource()
}

func show(t tester, r *schema.Resource) string { return encode(t, r) }
