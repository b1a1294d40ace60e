package scim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/muster-scim/muster/internal/wait"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/outbox"
)

// asyncConsumer is the name of the consumer that carries requests out.
const asyncConsumer = "scim.async"

// AsyncRequests returns the consumer of a tenant's journal that carries out what
// Config.Async has accepted. The host runs it, in as many processes as it likes:
//
//	go handler.AsyncRequests(tenant).Run(ctx)
//
// When ctx ends in the middle of a request, that is undone, and done again by
// whoever comes next; of a bulk request, what was done stays done. Pending of the
// consumer iterates over what waits.
func (h *Handler) AsyncRequests(tenant Tenant) *outbox.Consumer {
	tenant.Store = store.Relate(tenant.Store, h.relations...)
	c := h.asyncConsumer(tenant, func(_ string, resp response, _ error) { resp.release() })
	c.Wake = h.wakers.of(tenant.ID)
	return c
}

// asyncConsumer returns the consumer for a tenant whose store keeps relations.
// answered gets the answer to each request that it has carried out.
func (h *Handler) asyncConsumer(tenant Tenant, answered func(txn string, resp response, err error)) *outbox.Consumer {
	return &outbox.Consumer{
		Store: tenant.Store, Name: asyncConsumer, Kinds: []string{AsyncKind}, Attempts: -1, Timeout: -1,
		Work: func(ctx context.Context, e store.Entry, done outbox.Done) error {
			if h.cfg.Async == nil {
				return errNoAsync
			}
			w := &asyncWork{h: h, tenant: tenant, entry: e, done: done}
			resp, err := w.run(ctx)
			if w.broken != nil {
				return w.broken
			}
			answered(e.TxID, resp, err)
			return nil
		},
	}
}

var errNoAsync = errors.New("scim: there are accepted requests, and Config.Async is not set")

// asyncWork is one accepted request that is being carried out.
type asyncWork struct {
	h      *Handler
	tenant Tenant
	entry  store.Entry
	done   outbox.Done
	req    *asyncRequest // empty if it could not be opened
	broken error         // why nothing became of it, not even a failure
}

// run carries the request out, or gives it up. The error is that of the request,
// and told to its client; see broken.
func (w *asyncWork) run(ctx context.Context) (resp response, err error) {
	w.req = &asyncRequest{RequestID: w.entry.TxID}
	req, err := w.h.openRequest(w.entry.Data, w.entry.TxID)
	if err == nil && req.Tenant != w.tenant.ID {
		err = fmt.Errorf("scim: a request of tenant %q is in the journal of tenant %q", req.Tenant, w.tenant.ID)
	}
	if err != nil {
		return response{}, w.giveUp(ctx, err)
	}
	w.req = req
	ctx, done := w.h.observe(ctx, RequestInfo{ID: req.RequestID, Method: req.Method, Route: "async"})
	began := w.h.now()
	defer func() {
		o := w.outcome(ctx, began, resp, err)
		w.log(ctx, &o)
		done(o)
	}()
	if req.Path == bulkPath {
		return w.bulk(ctx)
	}
	s := &asyncStep{work: w, completion: w.completion(), move: w.done, prepare: w.call}
	return s.run(ctx)
}

// log writes the record of a request that was carried out; failures have theirs.
func (w *asyncWork) log(ctx context.Context, o *Outcome) {
	logger := w.h.cfg.Logger
	if o.Err != nil || !logger.Enabled(ctx, slog.LevelInfo) {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", w.req.Method), slog.String("path", w.req.Path), slog.Int("status", o.Status), slog.Duration("duration", o.Duration),
		slog.String("request", w.req.RequestID), slog.String("txn", w.entry.TxID),
	}
	attrs = appendText(attrs, "tenant", string(o.Tenant))
	logger.LogAttrs(ctx, slog.LevelInfo, "scim asynchronous request", appendText(attrs, "actor", o.Actor)...)
}

// outcome describes what became of it, for the Observer.
func (w *asyncWork) outcome(ctx context.Context, began time.Time, resp response, err error) Outcome {
	o := Outcome{Status: resp.status, Duration: w.h.now().Sub(began), Tenant: w.tenant.ID, Actor: w.req.Actor, Err: err}
	if w.broken != nil {
		o.Err = w.broken
	}
	if o.Err != nil {
		wire := wireError(ctx, o.Err)
		o.Status, o.Type = wire.Status, wire.Type
	}
	return o
}

// patiently tries until there is no error, or one that is the request's, or it
// was tried often enough. If ctx ends meanwhile the work is broken off.
func (w *asyncWork) patiently(ctx context.Context, try func() error) error {
	for failures := 1; ; failures++ {
		err := try()
		switch {
		case err != nil && ctx.Err() != nil:
			w.broken = ctx.Err()
			return err
		case err == nil || w.broken != nil || !passing(wireError(ctx, err).Status) || failures >= w.h.cfg.Async.Attempts:
			return err
		}
		if w.broken = wait.For(ctx, w.h.cfg.Async.Pause<<min(failures-1, 6)); w.broken != nil {
			return err
		}
	}
}

// passing reports whether a failure is the server's and may not be there the next
// time.
func passing(status int) bool {
	return status >= http.StatusInternalServerError && status != http.StatusNotImplemented
}

// giveUp completes a request, or what is left of a bulk request, as failed with
// err, which it returns.
func (w *asyncWork) giveUp(ctx context.Context, err error) error {
	if w.req.Path == bulkPath {
		if b, broken := w.newBulk(nil); broken == nil {
			wire := wireError(ctx, err)
			if b.giveUp(ctx, wire); w.broken == nil {
				c := w.completion()
				c.failed(wire)
				w.report(ctx, c, wire)
			}
			return err
		}
	}
	s := &asyncStep{work: w, completion: w.completion(), move: w.done}
	return s.fail(ctx, err)
}

// completion returns one for the request as a whole, before it is known what
// becomes of it.
func (w *asyncWork) completion() *Completion {
	r := w.req
	c := &Completion{Tenant: w.tenant.ID, Actor: r.Actor, RequestID: r.RequestID, TxID: w.entry.TxID, URI: r.Path, Method: r.Method}
	if c.URI == "" {
		c.URI = bulkPath
	}
	if w.entry.Ref.ID != "" {
		c.Location = r.Base + r.Path
	}
	return c
}

// call makes the call anew, with the actor as it is now.
func (w *asyncWork) call(ctx context.Context) (*call, verb, error) {
	r := w.req
	c := &call{h: w.h, id: r.RequestID, txID: w.entry.TxID, tenant: w.tenant, base: r.Base, body: r.Body, params: noParams(), route: w.h.router.find(r.Path)}
	if err := c.recall(ctx, r); err != nil {
		return nil, nil, err
	}
	if err := c.chooseProfile(); err != nil {
		return nil, nil, err
	}
	c.params.attributes, c.params.excluded = r.Attributes, r.Excluded
	var err error
	if c.cond.match, err = parseTags("If-Match", r.Match); err != nil {
		return nil, nil, err
	}
	if c.cond.noneMatch, err = parseTags("If-None-Match", r.NoneMatch); err != nil {
		return nil, nil, err
	}
	service := w.h.services[c.route.at]
	if service == nil || service.verbs[r.Method] == nil {
		return nil, nil, errNoEndpoint() // it was served when the request was accepted
	}
	return c, service.verbs[r.Method], nil
}

// recall finds the actor of an accepted request.
func (c *call) recall(ctx context.Context, r *asyncRequest) (err error) {
	if r.Actor == "" {
		if c.h.cfg.Authenticate != nil {
			return ErrUnauthenticated // it was accepted when everybody was served
		}
		return nil
	}
	if c.h.cfg.Async.Recall == nil {
		return ErrUnauthenticated
	}
	defer recoverTo(&err)
	actor, err := c.h.cfg.Async.Recall(ctx, Actor{ID: r.Actor, Client: r.Client, Subject: r.Subject, Tenant: r.ActorTenant})
	switch {
	case err != nil:
		return err
	case actor == nil || actor.ID != r.Actor || actor.Client != r.Client:
		return errors.New("scim: Async.Recall returned no actor, or another one, or one of another client")
	case actor.Tenant != "" && actor.Tenant != c.tenant.ID:
		return &Error{Status: http.StatusForbidden, Detail: "the credentials are for another tenant"}
	}
	c.actor = actor
	return nil
}
