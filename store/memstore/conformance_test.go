package memstore_test

import (
	"context"
	"testing"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(context.Context) (*storetest.Deployment, error) {
		tenants := &memstore.Tenants{}
		return &storetest.Deployment{Tenant: func(_ context.Context, name store.TenantID) (store.Store, error) {
			return tenants.Tenant(name), nil
		}}, nil
	}, &storetest.Options{Quick: testing.Short()})
}
