package scim

import (
	"context"
	"log/slog"
	"time"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Event is one committed change of one resource.
type Event struct {
	// Time is when it was made.
	Time time.Time
	// Tenant is the ID of the tenant.
	Tenant string
	// Actor is who made it; nil if everybody is served.
	Actor *Actor
	// RequestID is the identifier of the request, as logged and returned.
	RequestID string
	// Operation is what was asked for.
	Operation Operation
	// Ref is the resource.
	Ref store.Ref
	// Before is the resource as it was, or nil if it is new or was not read.
	Before *schema.Resource
	// After is the resource as it is now, or nil if it was deleted. After a PATCH
	// it may lack what was not needed.
	After *schema.Resource
	// Changed reports whether anything is different now. Requests that change
	// nothing cause no event.
	Changed bool
	// Diffs are the differences by attribute, after a PATCH.
	Diffs []patch.Difference
	// Report says what was tolerated and what was ignored.
	Report schema.Report
}

// event describes what has just been written.
func (c *call) event(op Operation, before, after *schema.Resource) *Event {
	e := &Event{
		Time: c.h.now(), Tenant: c.tenant.ID, Actor: c.actor, RequestID: c.id, Operation: op,
		Before: before, After: after, Changed: true, Report: c.report,
	}
	switch {
	case after != nil:
		e.Ref = store.RefOf(after)
	case c.route.typ != nil:
		e.Ref = c.ref()
	}
	return e
}

// commit runs a write and tells OnCommit about it, together in a transaction
// where the store has them. It returns the resource as it is now.
func (c *call) commit(ctx context.Context, write func(context.Context, store.Store) (*Event, error)) (*schema.Resource, error) {
	if c.h.cfg.OnCommit == nil {
		e, err := write(ctx, c.tenant.Store)
		if err != nil {
			return nil, err
		}
		return e.After, nil
	}
	transactional := store.CapabilitiesOf(c.tenant.Store).Tx
	var after *schema.Resource
	err := store.InTx(ctx, c.tenant.Store, func(ctx context.Context, tx store.Store) error {
		e, err := write(ctx, tx)
		if err != nil {
			return err
		}
		after = e.After
		if !e.Changed {
			return nil
		}
		err = c.h.cfg.OnCommit(ctx, e)
		if err != nil && !transactional {
			c.h.cfg.Logger.ErrorContext(ctx, "OnCommit failed; the change stands", slog.String("request", c.id), slog.Any("error", err))
			return nil
		}
		return err
	})
	return after, err
}
