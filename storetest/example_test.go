package storetest_test

import (
	"context"
	"fmt"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/storetest"
)

// open makes a fresh deployment of the store under test.
func open(context.Context) (*storetest.Deployment, error) {
	tenants := &memstore.Tenants{}
	return &storetest.Deployment{Tenant: func(_ context.Context, name store.TenantID) (store.Store, error) {
		return tenants.Tenant(name), nil
	}}, nil
}

// Check runs the suite outside of a test.
func Example() {
	err := storetest.Check(context.Background(), open, &storetest.Options{Only: []string{"Create/", "Versions/"}, Quick: true})
	fmt.Println("broken sentences:", err)
	// Output: broken sentences: <nil>
}
