package memstore_test

import (
	"context"
	"slices"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// A PATCH is worked out before it is its turn. Whatever happens to the resource
// in between must not be lost, and what happens elsewhere must not matter.
func TestPatchInWhatIsNoLongerTheState(t *testing.T) {
	type world struct {
		store              *memstore.Store
		ann, bob, cy, team *schema.Resource
	}
	for name, c := range map[string]struct {
		operations string
		meanwhile  func(t *testing.T, w world)
		calls      int
		members    []schema.ID
		display    string
	}{
		"another resource": {
			operations: `{"op":"replace","path":"displayName","value":"crew"}`, calls: 1, display: "crew", members: []schema.ID{"ann", "bob"},
			meanwhile: func(t *testing.T, w world) { createUser(t, w.store, "dan") },
		},
		"another attribute": {
			operations: `{"op":"replace","path":"externalId","value":"x"}`, calls: 2, display: "crew", members: []schema.ID{"ann", "bob"},
			meanwhile: func(t *testing.T, w world) {
				mustPatch(t, w.store, w.team, `{"op":"replace","path":"displayName","value":"crew"}`)
			},
		},
		"another member": {
			operations: addMember("cy"), calls: 2, display: "team", members: []schema.ID{"bob", "cy"},
			meanwhile: func(t *testing.T, w world) { mustPatch(t, w.store, w.team, removeMember(w.ann.ID())) },
		},
		"a member deleted": {
			operations: addMember("cy"), calls: 2, display: "team", members: []schema.ID{"bob", "cy"},
			meanwhile: func(t *testing.T, w world) {
				if err := w.store.Delete(context.Background(), store.RefOf(w.ann), store.Write{}); err != nil {
					t.Fatal(err)
				}
			},
		},
		"nothing": {
			operations: `{"op":"replace","path":"members","value":[{"value":"cy"}]}`, calls: 1, display: "team", members: []schema.ID{"cy"},
			meanwhile: func(*testing.T, world) {},
		},
		"a name of a member": {
			operations: `{"op":"remove","path":"members[display sw \"b\"]"}`, calls: 2, display: "team", members: []schema.ID{"ann"},
			meanwhile: func(t *testing.T, w world) {
				mustPatch(t, w.store, w.bob, `{"op":"replace","path":"displayName","value":"bill"}`)
			},
		},
		"a member that is named by its display": {
			operations: `{"op":"remove","path":"members[display eq \"bob\"]"}`, calls: 1, display: "team", members: []schema.ID{"ann", "bob"},
			meanwhile: func(t *testing.T, w world) {
				mustPatch(t, w.store, w.bob, `{"op":"replace","path":"displayName","value":"rob"}`)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := world{store: memstore.New(nil)}
			w.ann, w.bob, w.cy = createWith(t, w.store, "ann"), createWith(t, w.store, "bob"), createWith(t, w.store, "cy")
			w.team = createGroup(t, w.store, "team", w.ann, w.bob)
			calls := 0
			check := func(_, changed *schema.Resource) (*schema.Resource, error) {
				if calls++; calls == 1 {
					c.meanwhile(t, w)
				}
				return changed, nil
			}
			_, err := store.ApplyPatch(context.Background(), w.store, store.Patch{Ref: store.RefOf(w.team), Changes: compile(t, groups, c.operations), Check: check}, store.Write{})
			if err != nil {
				t.Fatal(err)
			}
			if calls != c.calls {
				t.Errorf("worked out %d times, want %d", calls, c.calls)
			}
			got := get(t, w.store, w.team)
			if list := ids(got, "members"); !slices.Equal(list, c.members) {
				t.Errorf("members %q, want %q", list, c.members)
			}
			if display := got.Get(path(t, groups, "displayName")).Text(); display != c.display {
				t.Errorf("displayName %q, want %q", display, c.display)
			}
		})
	}
}

// createWith creates a user whose id is its name.
func createWith(t *testing.T, s store.Store, name string) *schema.Resource {
	t.Helper()
	b := decode(t, users, `{"userName": "`+name+`", "displayName": "`+name+`"}`).Edit()
	b.SetID(schema.ID(name))
	r, err := s.Create(context.Background(), b.Resource(), store.Write{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustPatch(t *testing.T, s store.Store, r *schema.Resource, operations string) {
	t.Helper()
	out, err := applyPatch(t, s, r, operations)
	if err != nil || !out.Changed {
		t.Fatalf("%v, %v", out, err)
	}
}
