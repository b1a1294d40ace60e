package schema

import (
	"sync"
	"testing"
)

func BenchmarkRegistryByEndpoint(b *testing.B) {
	r, err := NewRegistry(UserDefinition().MustCompile(), GroupDefinition().MustCompile())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r.ByEndpoint("/Users")
	}
}

func BenchmarkParseSchema(b *testing.B) {
	data, err := coreFiles.ReadFile("core/User.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseSchema(data, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	d := UserDefinition()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Compile(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAs(b *testing.B) {
	typ := badge().MustCompile()
	r, err := FromStruct(typ, fullBadge)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := As[badgeTags](r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFromStruct(b *testing.B) {
	typ := badge().MustCompile()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FromStruct(typ, &fullBadge); err != nil {
			b.Fatal(err)
		}
	}
}

var fullBadge = badgeTags{ID: "1", Serial: "A-7", Pin: "0000", Doors: []doorTags{{Value: "1", Primary: true}, {Value: "2"}}, Photo: &photoTags{Image: []byte("x")}}

// Types, registries and the plans for structs are shared by all requests; the
// race detector watches.
func TestDefinitionsAreShared(t *testing.T) {
	typ := badge().MustCompile()
	registry, err := NewRegistry(typ)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			found, ok := registry.ByName("BADGE")
			if !ok {
				t.Error("the type is not found")
				return
			}
			r, err := FromStruct(found, fullBadge)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := As[badgeTags](r); err != nil || got.Serial != fullBadge.Serial {
				t.Errorf("%+v, %v", got, err)
			}
			if again, err := badge().Compile(); err != nil || again.Name() != typ.Name() {
				t.Error(err)
			}
			registry.Types()(func(t *ResourceType) bool { _, _ = t.MarshalJSON(); return true })
		})
	}
	group.Wait()
}
