package schemagen

import (
	"testing"

	"github.com/muster-scim/muster/schema"
	"pgregory.net/rapid"
)

// TestGenerators shows that what is generated is as promised.
func TestGenerators(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := Type().Draw(t, "type")
		r := Resource(typ).Draw(t, "resource")
		if r.ID() == "" || r.Version() == "" {
			t.Fatalf("no id or version: %v", r.Get(typ.MetaPath()))
		}
		p := Path(typ).Draw(t, "path")
		if again, err := typ.Path(Spelling(p.String()).Draw(t, "spelling")); err != nil || again != p {
			t.Fatalf("%s: %v, %v", p, again, err)
		}
	})
}

// TestGeneratorsReachKinds: among some hundred resources, always the same ones,
// there is every kind of value.
func TestGeneratorsReachKinds(t *testing.T) {
	kinds := map[schema.Kind]bool{}
	for seed := range 300 {
		typ := Type().Example(seed)
		r := Resource(typ).Example(seed)
		for p := range typ.AllPaths() {
			for v := range r.Values(p) {
				kinds[v.Kind()] = true
			}
		}
	}
	for kind := schema.KindString; kind <= schema.KindComplex; kind++ {
		if !kinds[kind] {
			t.Errorf("never generated a %s", kind)
		}
	}
}
