package scim

import (
	"context"
	"errors"
	"iter"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/outbox"
)

// deactivator is the name of the consumer that retries deactivations.
const deactivator = "scim.deactivations"

// Deactivations returns the consumer of a tenant's journal that calls
// Lifecycle.OnDeactivate again for what is pending. The host runs it:
//
//	go handler.Deactivations(tenant).Run(ctx)
//
// One that fails 8 times is parked, so that others get their turn; Retry of the
// consumer tries all that are parked once more, and should be called now and
// then. Config.OnCommit is not asked again.
func (h *Handler) Deactivations(tenant Tenant) *outbox.Consumer {
	return &outbox.Consumer{
		Store: tenant.Store, Name: deactivator, Kinds: []string{JournalKind},
		Deliver: func(ctx context.Context, e store.Entry) error {
			r, err := ParseRecord(e.Data)
			if err != nil {
				return err
			}
			return h.retryDeactivations(ctx, r)
		},
	}
}

func (h *Handler) retryDeactivations(ctx context.Context, r *Record) error {
	var failed []error
	for _, d := range r.Pending {
		d.Retried = true
		if h.cfg.Lifecycle.OnDeactivate != nil {
			failed = append(failed, h.cfg.Lifecycle.OnDeactivate(ctx, d))
		}
	}
	return errors.Join(failed...)
}

// PendingDeactivations iterates over the accounts of a tenant for which
// Lifecycle.OnDeactivate has not succeeded yet, oldest first.
func (h *Handler) PendingDeactivations(ctx context.Context, tenant Tenant) iter.Seq2[Deactivation, error] {
	return func(yield func(Deactivation, error) bool) {
		for e, err := range h.Deactivations(tenant).Pending(ctx) {
			var r *Record
			if err == nil {
				r, err = ParseRecord(e.Data)
			}
			if err != nil {
				yield(Deactivation{}, err)
				return
			}
			for _, d := range r.Pending {
				if !yield(d, nil) {
					return
				}
			}
		}
	}
}
