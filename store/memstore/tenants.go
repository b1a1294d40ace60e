package memstore

import (
	"sync"

	"github.com/muster-scim/muster/store"
)

// Tenants holds a Store for each tenant. Stores share nothing, so a tenant
// cannot reach another one's resources whatever ids it knows. The zero Tenants
// is ready to use with the default Config; it must not be copied after the
// first use. It is safe for concurrent use.
type Tenants struct {
	// Config is used for each new Store. It must not be changed after the first
	// use.
	Config Config

	stores sync.Map
}

// Tenant returns the store of the named tenant, and makes it at the first call.
// Whether there is such a tenant is for the caller to know: never pass on a
// name that came from an unauthenticated request.
func (t *Tenants) Tenant(name store.TenantID) *Store {
	if s, ok := t.stores.Load(name); ok {
		return s.(*Store)
	}
	s, _ := t.stores.LoadOrStore(name, New(&t.Config))
	return s.(*Store)
}
