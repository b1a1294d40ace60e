package memstore

import (
	"context"

	"github.com/muster-scim/muster/store"
)

// InTx runs fn while no other goroutine writes. Readers outside see what was
// there before until it commits. fn is called once.
func (h handle) InTx(ctx context.Context, fn func(context.Context, store.Store) error) error {
	return h.session.inTx(ctx, fn)
}

func (s *Store) inTx(ctx context.Context, fn func(context.Context, store.Store) error) error {
	return s.write(ctx, func(d *draft) error {
		if err := fn(ctx, handle{session: &transaction{draft: d}}); err != nil {
			return err
		}
		return ctx.Err()
	})
}

// transaction is the session of a store in a transaction.
type transaction struct{ draft *draft }

func (t *transaction) read() *state { return t.draft.snapshot() }

func (t *transaction) ahead() *state { return nil }

// write undoes what fn did if it fails, so that the transaction can go on.
func (t *transaction) write(ctx context.Context, fn func(*draft) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	before := t.draft.snapshot()
	err := fn(t.draft)
	if err != nil {
		t.draft.restore(before)
	}
	return err
}

// inTx joins the transaction. What fn did before it failed is undone.
func (t *transaction) inTx(ctx context.Context, fn func(context.Context, store.Store) error) error {
	return t.write(ctx, func(*draft) error { return fn(ctx, handle{session: t}) })
}
