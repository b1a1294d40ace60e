package scim

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// ToleranceCounter counts what clients send beside the RFCs and is accepted
// nevertheless. Its method may be called by any number of goroutines.
type ToleranceCounter interface {
	// Tolerated is called for each use of a tolerance in a request, whether the
	// request succeeds or not, when it has been answered. The tenant is Tenant.ID.
	Tolerated(ctx context.Context, tenant store.TenantID, t schema.Tolerance)
}

// ToleranceCounts is a ToleranceCounter that keeps the numbers in memory. The
// zero value is ready for use; it must not be copied.
type ToleranceCounts struct {
	mu     sync.Mutex
	counts map[store.TenantID]map[schema.Tolerance]int
}

// Tolerated adds one.
func (c *ToleranceCounts) Tolerated(_ context.Context, tenant store.TenantID, t schema.Tolerance) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[store.TenantID]map[schema.Tolerance]int{}
	}
	if c.counts[tenant] == nil {
		c.counts[tenant] = map[schema.Tolerance]int{}
	}
	c.counts[tenant][t]++
}

// Of returns how often each tolerance was used by a tenant.
func (c *ToleranceCounts) Of(tenant store.TenantID) map[schema.Tolerance]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.counts[tenant])
}

// Tenants lists the tenants that needed any, sorted.
func (c *ToleranceCounts) Tenants() []store.TenantID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.counts))
}

// countTolerances tells Config.Tolerances what the request needed. One that
// panics misses the rest of it.
func (x *exchange) countTolerances(ctx context.Context) {
	counter := x.h.cfg.Tolerances
	if counter == nil {
		return
	}
	err := guarded(func() {
		for _, r := range x.call.report.Rewrites {
			counter.Tolerated(ctx, x.call.tenant.ID, r.Tolerance)
		}
	})
	if err != nil {
		x.h.cfg.Logger.ErrorContext(ctx, "the tolerance counter failed", slog.String("request", x.id), slog.Any("error", err))
	}
}
