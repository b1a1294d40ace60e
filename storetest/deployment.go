package storetest

import (
	"context"

	"github.com/muster-scim/muster/store"
)

// Open makes a fresh, empty deployment for one case. It is called once for
// every case, never concurrently.
type Open func(ctx context.Context) (*Deployment, error)

// Deployment is one instance of the storage under test.
type Deployment struct {
	// Tenant returns the store of a tenant. It is required. The suite uses two
	// tenants, and asks for each of them once, and once more after Restart.
	Tenant func(ctx context.Context, name store.TenantID) (store.Store, error)

	// Restart stops the storage as a crash would, without a clean end, and
	// starts it again on what it had written. Nil means that the store does not
	// claim to survive a restart; those cases are then left out.
	Restart func(ctx context.Context) error

	// Close releases the deployment. It may be nil.
	Close func() error
}

// Options adjusts a run. The zero value and nil are the defaults.
type Options struct {
	// Only runs the cases whose names start with one of these; empty means all.
	Only []string
	// Relation is what the store, or Relate in front of it, keeps; nil means
	// store.GroupMembers(). Stores without relations are run as they are, and
	// the cases about membership are left out.
	Relation *store.Relation
	// WithoutProbe leaves out the cases that store resources of ProbeType, for
	// stores that are bound to fixed tables.
	WithoutProbe bool
	// Quick runs the concurrent and the random cases with fewer rounds.
	Quick bool
}
