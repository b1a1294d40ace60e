package memstore

import (
	"context"
	"runtime"
	"testing"
	"weak"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// A state that nobody reads any more is forgotten, however the next one came to
// be: otherwise every write would cost memory for ever.
func TestOldStatesAreForgotten(t *testing.T) {
	s, typ := New(nil), schema.UserDefinition().MustCompile()
	create := func(name string) {
		b := typ.New()
		if err := b.Set(typ.MustPath("userName"), schema.String(name)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Create(context.Background(), b.Resource(), store.Write{}); err != nil {
			t.Fatal(err)
		}
	}
	create("ann")
	old := weak.Make(s.state.Load())
	create("bob")
	runtime.GC()
	if old.Value() != nil {
		t.Error("the state before the last write is still in memory")
	}
	runtime.KeepAlive(s)
}
