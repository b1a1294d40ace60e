package store_test

import (
	"context"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// ADR 0015: PATCH and PUT treat another letter case alike, natively and through
// the fallbacks: a userName is the same one, a display name is corrected.
func TestLetterCaseInPatchAndPut(t *testing.T) {
	ctx := context.Background()
	for name, hide := range map[string]func(store.Store) store.Store{"native": func(s store.Store) store.Store { return s }, "fallback": store.Basic} {
		for _, c := range []struct {
			body, operations, userName, displayName string
			changed                                 bool
		}{
			{`{"userName":"BOB","displayName":"mcdonald"}`, `{"op":"replace","path":"userName","value":"BOB"}`, "bob", "mcdonald", false},
			{`{"userName":"BOB","displayName":"McDonald"}`, `{"op":"replace","value":{"userName":"BOB","displayName":"McDonald"}}`, "bob", "McDonald", true},
		} {
			put := func(s store.Store, ref store.Ref) (*store.Outcome, error) {
				return store.Update(ctx, s, ref, func(old *schema.Resource) (*schema.Resource, error) {
					return schema.Replacement(old, decode(t, users, c.body), nil), nil
				}, store.Write{})
			}
			patch := func(s store.Store, ref store.Ref) (*store.Outcome, error) {
				return store.ApplyPatch(ctx, s, store.Patch{Ref: ref, Changes: compile(t, users, c.operations)}, store.Write{})
			}
			for verb, write := range map[string]func(store.Store, store.Ref) (*store.Outcome, error){"PUT": put, "PATCH": patch} {
				s := hide(memstore.New(nil))
				old := create(t, s, users, `{"userName":"bob","displayName":"mcdonald"}`)
				out, err := write(s, store.RefOf(old))
				if err != nil {
					t.Fatal(err)
				}
				now := get(t, s, store.RefOf(old))
				userName, displayName := now.Get(mustPath(t, users, "userName")).Text(), now.Get(mustPath(t, users, "displayName")).Text()
				if userName != c.userName || displayName != c.displayName || out.Changed != c.changed || (now.Version() != old.Version()) != c.changed {
					t.Errorf("%s %s of %s: %s, %s, changed %v", name, verb, c.body, userName, displayName, out.Changed)
				}
			}
		}
	}
}
