package scim

import (
	"context"
	"log/slog"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/outbox"
)

// asyncStep is one operation of an accepted request. It is carried out in one
// transaction with its completion and the move of the consumer, so that it happens
// once.
type asyncStep struct {
	work       *asyncWork
	completion *Completion
	move       outbox.Done
	prepare    func(ctx context.Context) (*call, verb, error)
	call       *call // once it was prepared
}

// run carries it out. The error is in the completion then; see asyncWork.broken.
func (s *asyncStep) run(ctx context.Context) (resp response, err error) {
	err = s.work.patiently(ctx, func() (err error) {
		resp, err = s.once(ctx)
		return err
	})
	if err == nil || s.work.broken != nil {
		return resp, err
	}
	return response{}, s.fail(ctx, err)
}

// once tries.
func (s *asyncStep) once(ctx context.Context) (resp response, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.work.h.cfg.Timeout)
	defer cancel()
	prepared, do, err := s.prepare(ctx)
	if err != nil {
		return response{}, err
	}
	s.call = prepared
	var failed error
	err = store.InTx(ctx, s.work.tenant.Store, func(ctx context.Context, tx store.Store) error {
		resp.release()
		failed = nil
		if err := s.move(ctx, tx); err != nil {
			return err
		}
		c := *prepared
		c.tenant.Store = tx
		if resp, failed = c.guarded(ctx, do); failed != nil {
			return failed
		}
		s.completion.succeeded(resp)
		s.completion.place(&c, resp)
		return s.record(ctx, tx)
	})
	if err != nil && failed == nil && ctx.Err() == nil {
		s.work.broken = err // it is not the request that failed
	}
	return resp, err
}

// place notes where the resource is.
func (c *Completion) place(of *call, resp response) {
	if resp.id != "" && of.route.typ != nil {
		of.route.at, of.route.name = atItem, string(resp.id)
	}
	if of.route.typ != nil {
		c.URI = of.path()
	}
}

// record writes the completion.
func (s *asyncStep) record(ctx context.Context, tx store.Store) error {
	log, err := store.Journal(tx)
	if err != nil {
		return err
	}
	s.completion.ID, s.completion.Time = string(store.NewID()), s.work.h.now().UTC()
	e, err := s.completion.entry()
	if err != nil {
		return err
	}
	return log.Append(ctx, e)
}

// fail completes the operation as one that had no effect, and returns err.
func (s *asyncStep) fail(ctx context.Context, err error) error {
	w := s.work
	wire := wireError(ctx, err)
	s.completion.failed(wire)
	failed := store.InTx(ctx, w.tenant.Store, func(ctx context.Context, tx store.Store) error {
		if err := s.move(ctx, tx); err != nil {
			return err
		}
		return s.record(ctx, tx)
	})
	if failed != nil {
		w.broken = failed
		return err
	}
	if s.call != nil {
		(&transaction{call: s.call}).noteHold(ctx, err) // what was noted before was undone
		s.call.refuse(ctx, s.completion.Method, err)
	}
	w.report(ctx, s.completion, wire)
	return err
}

// report logs a failure, and tells the host what was given up.
func (w *asyncWork) report(ctx context.Context, c *Completion, e *Error) {
	w.h.cfg.Logger.LogAttrs(ctx, levelOf(e.Status), "scim asynchronous request failed", slog.String("request", c.RequestID),
		slog.String("txn", c.TxID), slog.Int("status", e.Status), slog.String("error", causeOf(e)))
	if w.h.cfg.Async.OnGiveUp == nil || !passing(e.Status) {
		return
	}
	if err := guarded(func() { w.h.cfg.Async.OnGiveUp(ctx, c) }); err != nil {
		w.h.cfg.Logger.ErrorContext(ctx, "OnGiveUp failed", slog.String("txn", c.TxID), slog.Any("error", err))
	}
}
