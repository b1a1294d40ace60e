package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"pgregory.net/rapid"
)

// A store that keeps relations itself and the wrapper of Relate around one that
// does not are the same to a caller: the same results, the same refusals, the
// same view from both ends, whatever is done to them.
func TestRelateAgreesWithNative(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rel := store.GroupMembers()
		rel.Unknown = rapid.SampledFrom([]store.UnknownMembers{store.RejectUnknownMembers, store.SkipUnknownMembers}).Draw(rt, "unknown")
		native := memstore.New(&memstore.Config{Relations: []store.Relation{rel}})
		wrapped := store.Relate(newMinimalStore(), rel)
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			step := drawStep(rt)
			got, want := step.run(rt, wrapped), step.run(rt, native)
			if got != want {
				rt.Fatalf("%s: wrapper says %s, native says %s", step.name, got, want)
			}
			for _, typ := range []string{"User", "Group"} {
				if got, want := dump(rt, wrapped, typ), dump(rt, native, typ); got != want {
					rt.Fatalf("after %s:\nwrapper has %s\nnative has  %s", step.name, got, want)
				}
			}
		}
	})
}

// dump returns all resources of a type.
func dump(rt *rapid.T, s store.Store, typ string) string {
	var b strings.Builder
	for r, err := range s.Scan(context.Background(), typ, "") {
		if err != nil {
			rt.Fatal(err)
		}
		b.WriteString(text(rt, r))
	}
	return b.String()
}

type step struct {
	name string
	do   func(context.Context, store.Store) error
}

// run returns how a step ends. Of several reasons to refuse a write any may be
// given.
func (st step) run(rt *rapid.T, s store.Store) string {
	err := st.do(context.Background(), s)
	for _, known := range []error{store.ErrNotFound, store.ErrConflict, store.ErrUnknownMember, store.ErrCycle} {
		if errors.Is(err, known) {
			return "refused"
		}
	}
	if err != nil {
		rt.Fatalf("%s: %v", st.name, err)
	}
	return "done"
}

func drawStep(rt *rapid.T) step {
	anyID := rapid.SampledFrom([]string{"u0", "u1", "u2", "g0", "g1", "g2", "g3", "none"})
	group := rapid.SampledFrom([]string{"g0", "g1", "g2", "g3"}).Draw(rt, "group")
	members := rapid.SliceOfN(anyID, 0, 3).Draw(rt, "members")
	user := rapid.SampledFrom([]string{"u0", "u1", "u2"}).Draw(rt, "user")
	switch rapid.IntRange(0, 6).Draw(rt, "kind") {
	case 0, 1:
		return createStep(rt, users, fmt.Sprintf(`{"id": %q, "userName": %q, "displayName": "D%s"}`, user, user, user))
	case 2:
		return createStep(rt, groups, groupBody(group, "name of "+group, members...))
	case 3:
		r := decode(rt, groups, groupBody(group, "new name of "+group, members...))
		return step{"replace " + group + " with " + fmt.Sprint(members), func(ctx context.Context, s store.Store) error {
			_, err := s.Replace(ctx, r, store.Write{})
			return err
		}}
	case 4:
		return deleteStep(store.Ref{Type: "User", ID: schema.ID(user)})
	case 5:
		return deleteStep(store.Ref{Type: "Group", ID: schema.ID(group)})
	default:
		return patchStep(rt, group, anyID.Draw(rt, "id"))
	}
}

func createStep(rt *rapid.T, typ *schema.ResourceType, body string) step {
	r := decode(rt, typ, body)
	return step{"create " + body, func(ctx context.Context, s store.Store) error {
		_, err := s.Create(ctx, r, store.Write{})
		return err
	}}
}

func deleteStep(ref store.Ref) step {
	return step{"delete " + ref.String(), func(ctx context.Context, s store.Store) error { return s.Delete(ctx, ref, store.Write{}) }}
}

func patchStep(rt *rapid.T, group, id string) step {
	operation := rapid.SampledFrom([]string{
		`{"op": "add", "path": "members", "value": [{"value": "%s"}]}`, `{"op": "remove", "path": "members[value eq \"%s\"]"}`,
		`{"op": "add", "path": "members", "value": [{"value": "%[1]s"}, {"value": "u0"}, {"value": "%[1]s"}]}`,
		`{"op": "replace", "path": "members", "value": [{"value": "u1"}, {"value": "%s"}]}`,
		`{"op": "remove", "path": "members", "value": [{"value": "%s"}]}`,
	}).Draw(rt, "operation")
	operation = fmt.Sprintf(operation, id)
	p := store.Patch{Ref: store.Ref{Type: "Group", ID: schema.ID(group)}, Changes: compile(rt, groups, operation)}
	return step{"patch " + group + " " + operation, func(ctx context.Context, s store.Store) error {
		before, err := s.Get(ctx, p.Ref)
		if err != nil {
			return err
		}
		out, err := store.ApplyPatch(ctx, s, p, store.Write{})
		if err == nil && out.Changed == (out.Resource.Version() == before.Version()) {
			return fmt.Errorf("changed %v, but version from %s to %s", out.Changed, before.Version(), out.Resource.Version())
		}
		return err
	}}
}

func TestRelateReturnsAStoreThatKeepsTheRelations(t *testing.T) {
	s := memstore.New(nil)
	if store.Relate(s, store.GroupMembers()) != store.Store(s) {
		t.Error("memstore was wrapped although it keeps the relation")
	}
	if !store.CapabilitiesOf(store.Relate(newMinimalStore(), store.GroupMembers())).Relations {
		t.Error("the wrapper does not say that it keeps relations")
	}
}

// Users in one store and groups in another are still one directory.
func TestRelateAcrossStores(t *testing.T) {
	none := &memstore.Config{Relations: []store.Relation{}}
	s := store.Relate(store.ByType(map[string]store.Store{"User": memstore.New(none), "Group": memstore.New(none)}), store.GroupMembers())
	create(t, s, users, `{"id": "a", "userName": "a"}`)
	create(t, s, groups, groupBody("g", "G", "a"))
	if got, want := text(t, get(t, s, store.Ref{Type: "User", ID: "a"})), `"groups":[{"value":"g","display":"G","type":"direct"}]`; !strings.Contains(got, want) {
		t.Errorf("user %s, want %s in it", got, want)
	}
	if err := s.Delete(context.Background(), store.Ref{Type: "User", ID: "a"}, store.Write{}); err != nil {
		t.Fatal(err)
	}
	var left []schema.Value
	for v, err := range store.ReadValues(context.Background(), s, store.Ref{Type: "Group", ID: "g"}, mustPath(t, groups, "members")) {
		if err != nil {
			t.Fatal(err)
		}
		left = append(left, v)
	}
	if len(left) > 0 {
		t.Errorf("members %v of a deleted user", slices.Values(left))
	}
}
