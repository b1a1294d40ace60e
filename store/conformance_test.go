package store_test

import (
	"context"
	"testing"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/storetest"
)

// TestConformance runs the suite on the minimal store, through the fallbacks,
// and on what this package makes of other stores.
func TestConformance(t *testing.T) {
	bare := &memstore.Config{Relations: []store.Relation{}}
	for name, open := range map[string]func() store.Store{
		"Minimal":        func() store.Store { return newMinimalStore() },
		"Relate":         func() store.Store { return store.Relate(newMinimalStore(), store.GroupMembers()) },
		"RelateTx":       func() store.Store { return store.Relate(memstore.New(bare), store.GroupMembers()) },
		"Forward":        func() store.Store { return transparent(memstore.New(nil)) },
		"ForwardMinimal": func() store.Store { return transparent(newMinimalStore()) },
		"ByType": func() store.Store {
			routes := map[string]store.Store{"User": memstore.New(bare), "": newMinimalStore()}
			return store.Relate(store.ByType(routes), store.GroupMembers())
		},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(context.Context) (*storetest.Deployment, error) {
				tenants := map[store.TenantID]store.Store{}
				return &storetest.Deployment{Tenant: func(_ context.Context, name store.TenantID) (store.Store, error) {
					if tenants[name] == nil {
						tenants[name] = open()
					}
					return tenants[name], nil
				}}, nil
			}, &storetest.Options{Quick: testing.Short()})
		})
	}
}

// transparent wraps a store in a Forward, also in transactions.
func transparent(s store.Store) store.Store {
	return store.Forward{Inner: s, Rewrap: transparent}
}
