package store

import (
	"context"
	"errors"
)

// TxStore is implemented by a Store that can make several writes one.
type TxStore interface {
	Store
	// InTx calls fn with a context and a Store that stand for a transaction,
	// and commits if fn returns nil. Otherwise nothing of it has happened and
	// the error is returned as it is. A panic in fn also undoes it.
	//
	// In the transaction, reads see its own writes; nobody else sees them before
	// the commit. The outcome is as if transactions ran one after another. A
	// write in it that fails with an error of this package had no effect, and the
	// transaction goes on. fn may be called again, from the start, if the store
	// has to resolve a clash; it must have no effect of its own that matters
	// twice. tx has the upgrades of the store, is used by one goroutine at a
	// time, and must not be used after fn returned.
	InTx(ctx context.Context, fn func(ctx context.Context, tx Store) error) error
}

// InTx runs fn in a transaction: all writes that it makes through tx happen
// together or not at all, journal entries included. It must use only tx and the
// context that it gets.
//
// Without a TxStore, or if it declines, fn runs directly on s: each write then
// stands alone, and an error does not undo the ones before it. Callers to whom
// that matters ask CapabilitiesOf(s).Tx first.
//
// On a Store that stands for a transaction, fn joins it.
func InTx(ctx context.Context, s Store, fn func(ctx context.Context, tx Store) error) error {
	if txer, ok := s.(TxStore); ok {
		ran := false
		err := txer.InTx(ctx, func(ctx context.Context, tx Store) error {
			ran = true
			return fn(ctx, tx)
		})
		if ran || !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	return fn(ctx, s)
}
