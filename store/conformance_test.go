package store_test

import (
	"context"
	"testing"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/storetest"
)

// TestConformance runs the suite on the minimal store, through the fallbacks
// and through Relate.
func TestConformance(t *testing.T) {
	for name, wrap := range map[string]func(store.Store) store.Store{
		"Minimal": func(s store.Store) store.Store { return s },
		"Relate":  func(s store.Store) store.Store { return store.Relate(s, store.GroupMembers()) },
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(context.Context) (*storetest.Deployment, error) {
				tenants := map[string]store.Store{}
				return &storetest.Deployment{Tenant: func(_ context.Context, name string) (store.Store, error) {
					if tenants[name] == nil {
						tenants[name] = wrap(newMinimalStore())
					}
					return tenants[name], nil
				}}, nil
			}, &storetest.Options{Quick: testing.Short()})
		})
	}
}
