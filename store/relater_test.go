package store_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// politeStore lets others go first between the steps of a write.
type politeStore struct{ store.Store }

func (s politeStore) Get(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
	runtime.Gosched()
	return s.Store.Get(ctx, ref)
}

func (s politeStore) Replace(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	runtime.Gosched()
	return s.Store.Replace(ctx, r, w)
}

// Two groups are made members of each other at once, through two wrappers as
// two requests have them. One of them must be refused.
func TestRelaterKeepsOutCyclesAcrossWrappers(t *testing.T) {
	for name, inner := range map[string]func() store.Store{
		"minimal":      func() store.Store { return newMinimalStore() },
		"transactions": func() store.Store { return memstore.New(&memstore.Config{Relations: []store.Relation{}}) },
	} {
		t.Run(name, func(t *testing.T) {
			relater := store.NewRelater(store.GroupMembers())
			for range 300 {
				base := inner()
				if name == "minimal" {
					base = politeStore{base}
				}
				wrap := func() store.Store { return relater.Relate("tenant", base) }
				a, b := create(t, wrap(), groups, `{"displayName": "a"}`), create(t, wrap(), groups, `{"displayName": "b"}`)
				errs := make([]error, 2)
				var wg sync.WaitGroup
				wg.Go(func() { errs[0] = addTo(t, wrap(), a, b) })
				wg.Go(func() { errs[1] = addTo(t, wrap(), b, a) })
				wg.Wait()
				refused := 0
				for _, err := range errs {
					if errors.Is(err, store.ErrCycle) {
						refused++
					} else if err != nil {
						t.Fatal(err)
					}
				}
				if refused != 1 {
					t.Fatalf("%d of two were refused: %v", refused, errs)
				}
			}
		})
	}
}

func addTo(t *testing.T, s store.Store, holder, member *schema.Resource) error {
	_, err := store.Update(t.Context(), s, store.RefOf(holder), func(old *schema.Resource) (*schema.Resource, error) {
		links, _ := store.LinksOf(old.Type(), "members")
		e := old.Edit()
		err := e.Set(links.List, schema.List(links.Element(member.ID(), "", "")))
		return e.Resource(), err
	}, store.Write{})
	return err
}
