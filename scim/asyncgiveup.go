package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/outbox"
)

// GiveUpAsync completes an accepted request of a tenant as failed, with status
// 500, without trying it. It is for an operator whose processes end whenever they
// try, which no number of attempts can end. Operations of a bulk request that were
// done stay done. txn, its Set-Txn, must be that of the next request to be carried
// out, which is the first that Pending of Handler.AsyncRequests yields; otherwise
// GiveUpAsync fails with a store.ErrNotFound.
func (h *Handler) GiveUpAsync(ctx context.Context, tenant Tenant, txn string) error {
	if h.cfg.Async == nil {
		return errNoAsync
	}
	only, cancel := context.WithCancel(ctx)
	defer cancel()
	result := fmt.Errorf("scim: request %s is not the next: %w", txn, store.ErrNotFound)
	tenant.Store = store.Relate(tenant.Store, h.relations...)
	c := h.asyncConsumer(tenant, nil)
	c.Work = func(ctx context.Context, e store.Entry, done outbox.Done) error {
		defer cancel() // nothing behind it
		if e.TxID != txn {
			return result
		}
		w := &asyncWork{h: h, tenant: tenant, entry: e, done: done}
		if req, err := h.openRequest(e.Data, e.TxID); err == nil {
			w.req = req
		} else {
			w.req = &asyncRequest{RequestID: e.TxID}
		}
		_ = w.giveUp(ctx, &Error{Status: http.StatusInternalServerError, Detail: "an operator of the service gave the request up"})
		result = w.broken
		return w.broken
	}
	_, err := c.Drain(only)
	if errors.Is(err, context.Canceled) && ctx.Err() == nil {
		err = nil
	}
	return errors.Join(err, result)
}
