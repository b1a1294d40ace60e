package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

func TestCapabilities(t *testing.T) {
	all := store.Capabilities{
		Query: true, Patch: true, Read: true, Values: true, Inverse: true, Relations: true, Tx: true, Journal: true, Trash: true,
	}
	bare := func() store.Store { return memstore.New(&memstore.Config{Relations: []store.Relation{}}) }
	for name, test := range map[string]struct {
		store store.Store
		want  store.Capabilities
	}{
		"memstore":           {memstore.New(nil), all},
		"basic":              {store.Basic(memstore.New(nil)), store.Capabilities{}},
		"embedding Store":    {struct{ store.Store }{memstore.New(nil)}, store.Capabilities{}},
		"forward":            {transparent(memstore.New(nil)), all},
		"forward of minimal": {transparent(newMinimalStore()), store.Capabilities{}},
		"forward twice":      {transparent(transparent(newMinimalStore())), store.Capabilities{}},
		"relate minimal":     {store.Relate(newMinimalStore(), store.GroupMembers()), store.Capabilities{Relations: true}},
		"relate memstore": {store.Relate(bare(), store.GroupMembers()), store.Capabilities{
			Query: true, Patch: true, Read: true, Inverse: true, Relations: true, Tx: true, Journal: true,
		}},
		"by type": {store.ByType(map[string]store.Store{"User": bare(), "Group": memstore.New(nil)}), store.Capabilities{
			Query: true, Patch: true, Read: true, Values: true, Inverse: true, Relations: true,
		}},
		"by type, mixed": {store.ByType(map[string]store.Store{"User": bare(), "": newMinimalStore()}), store.Capabilities{}},
	} {
		if got := store.CapabilitiesOf(test.store); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

// unwilling has every upgrade and declines each call.
type unwilling struct{ store.Forward }

// Upgrades that are declined are as good as absent: Forward around a store
// without them declines all, and every function has its fallback's answer.
func TestDeclinedUpgradesFallBack(t *testing.T) {
	ctx := context.Background()
	s := unwilling{store.Forward{Inner: newMinimalStore()}}
	g := create(t, s, groups, groupBody("g", "G", "a", "b"))
	members := mustPath(t, groups, "members")

	page, err := store.RunQuery(ctx, s, store.Query{Type: "Group", Filter: filter.MustParse(groups, `members eq "a"`), Count: 5, Total: true})
	if err != nil || page.Total != 1 {
		t.Errorf("RunQuery: %+v, %v", page, err)
	}
	out, err := store.ApplyPatch(ctx, s, store.Patch{Ref: store.RefOf(g), Changes: compile(t, groups, `{"op": "remove", "path": "members[value eq \"a\"]"}`)}, store.Write{})
	if err != nil || !out.Changed {
		t.Errorf("ApplyPatch: %+v, %v", out, err)
	}
	without, _ := groups.NewProjection(nil, []string{"members"})
	if r, err := store.ReadProjected(ctx, s, store.RefOf(g), without); err != nil || r.ID() != "g" {
		t.Errorf("ReadProjected: %v, %v", r, err)
	}
	var values []schema.Value
	for v, err := range store.ReadValues(ctx, s, store.RefOf(g), members) {
		if err != nil {
			t.Errorf("ReadValues: %v", err)
		}
		values = append(values, v)
	}
	if len(values) != 1 {
		t.Errorf("ReadValues: %d values, want 1", len(values))
	}
	held, err := store.Inverse(ctx, s, store.GroupMembers(), []schema.ID{"a", "b"})
	if want := []store.Holder{{Ref: store.RefOf(g), Display: "G"}}; err != nil || len(held) != 1 || !slices.Equal(held["b"], want) {
		t.Errorf("Inverse: %v, %v", held, err)
	}
	ran := 0
	err = store.InTx(ctx, s, func(_ context.Context, tx store.Store) error {
		ran++
		if _, ok := tx.(unwilling); !ok {
			t.Errorf("without transactions fn got %T", tx)
		}
		return nil
	})
	if err != nil || ran != 1 {
		t.Errorf("InTx ran fn %d times: %v", ran, err)
	}
	if _, err := store.Journal(s); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Journal: %v", err)
	}
	if _, err := store.Trash(s); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Trash: %v", err)
	}
}

// An error from fn that happens to be ErrUnsupported must not make it run again
// outside the transaction.
func TestInTxDoesNotRunAgain(t *testing.T) {
	ran := 0
	err := store.InTx(context.Background(), memstore.New(nil), func(context.Context, store.Store) error {
		ran++
		return errors.ErrUnsupported
	})
	if !errors.Is(err, errors.ErrUnsupported) || ran != 1 {
		t.Errorf("fn ran %d times: %v", ran, err)
	}
}

func TestFallbackReportsWhatItCannotFind(t *testing.T) {
	ctx := context.Background()
	s := newMinimalStore()
	ref := store.Ref{Type: "Group", ID: "none"}
	for _, err := range store.ReadValues(ctx, s, ref, mustPath(t, groups, "members")) {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("ReadValues: %v", err)
		}
	}
	if _, err := store.ReadProjected(ctx, s, ref, nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("ReadProjected: %v", err)
	}
	if _, err := store.Update(ctx, s, ref, nil, store.Write{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Update: %v", err)
	}
}

// The limit counts what is read, not what matches; a page by position that is
// not counted stays below it at any depth.
func TestScanLimit(t *testing.T) {
	ctx := context.Background()
	s := newMinimalStore()
	for range 20 {
		create(t, s, groups, `{"displayName": "g"}`)
	}
	q := store.Query{Type: "Group", Filter: filter.MustParse(groups, `displayName eq "none"`), Count: 5, MaxScan: 10}
	if _, err := store.RunQuery(ctx, s, q); !errors.Is(err, store.ErrScanLimit) {
		t.Errorf("error %v", err)
	}
	q.Filter = nil
	seen := 0
	for {
		page, err := store.RunQuery(ctx, s, q)
		if err != nil {
			t.Fatal(err)
		}
		if seen += len(page.Resources); page.Next == "" {
			break
		}
		q.After = page.Next
	}
	if seen != 20 {
		t.Errorf("saw %d of 20", seen)
	}
}
