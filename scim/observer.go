package scim

import (
	"context"
	"log/slog"
	"time"

	"github.com/muster-scim/muster/store"
)

// Observer is told about requests, for metrics and traces. Its methods may be
// called by any number of goroutines.
type Observer interface {
	// Begin is called when the route of a request is known and before it is
	// authenticated. The context it returns is used for the rest of the request,
	// so that spans of stores and hooks find their parent; done is called once,
	// when the response was written. It must not be nil.
	Begin(ctx context.Context, r RequestInfo) (_ context.Context, done func(Outcome))
}

// RequestInfo describes a request by values of low cardinality, and its id.
type RequestInfo struct {
	ID     string // request id
	Method string // of HTTP
	Route  string // such as "/Users/{id}"; "" if there is no such endpoint
}

// Outcome describes what became of a request.
type Outcome struct {
	Status   int            // of HTTP; 499 if the client went away
	Bytes    int64          // size of the body
	Duration time.Duration  // from the first to the last byte
	Tenant   store.TenantID // Tenant.ID, or "" if the request did not get that far
	Actor    string         // Actor.ID, likewise
	Type     ErrorType      // scimType of an error
	Err      error          // the error that was answered, with its cause; nil for success
}

type noObserver struct{}

func (noObserver) Begin(ctx context.Context, _ RequestInfo) (context.Context, func(Outcome)) {
	return ctx, func(Outcome) {}
}

// observe calls the Observer. One that panics is left out of this request.
func (h *Handler) observe(ctx context.Context, r RequestInfo) (context.Context, func(Outcome)) {
	var observed context.Context
	var done func(Outcome)
	err := guarded(func() { observed, done = h.cfg.Observer.Begin(ctx, r) })
	if err != nil || observed == nil || done == nil {
		h.logObserver(ctx, r, err)
		return ctx, func(Outcome) {}
	}
	return observed, func(o Outcome) {
		if err := guarded(func() { done(o) }); err != nil {
			h.logObserver(ctx, r, err)
		}
	}
}

func (h *Handler) logObserver(ctx context.Context, r RequestInfo, err error) {
	h.cfg.Logger.ErrorContext(ctx, "the observer failed", slog.String("request", r.ID), slog.Any("error", err))
}
