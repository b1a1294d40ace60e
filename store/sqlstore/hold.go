package sqlstore

import (
	"context"
	"errors"

	"github.com/muster-scim/muster/store"
)

// hold is what a transaction keeps others of its tenant from.
type hold uint8

const (
	free   hold = iota // from nothing yet
	shared             // from being alone
	alone              // from writing
)

// guard keeps the transactions of a tenant apart as far as they have to be. A
// write locks the rows that it relies on, so transactions that only write may
// run beside each other. What is read has no lock of its own, so a transaction
// that reads runs alone. Without a guard it is for others to keep them apart.
type guard struct {
	tenant string
	held   hold
	relied bool  // fn was told by an error what others may change
	must   *bool // whether another attempt has to be alone; nil if there is no InTx
}

// share lets other writers of the tenant go on, but none that is alone.
func (t *tx) share(ctx context.Context) error {
	if t.guard == nil || t.guard.held >= shared {
		return nil
	}
	t.guard.held = shared
	return lockTenant(ctx, t, t.guard.tenant, t.dialect.forShare())
}

// free reports whether the transaction has to lock its tenant yet.
func (t *tx) free() bool {
	return t.guard != nil && t.guard.held == free && t.dialect != SQLite
}

// alone keeps all other writers of the tenant out. If some are beside it now,
// the transaction starts again: waiting for each other would be a deadlock. If
// none are, it may go on: it has not read anything that they changed.
func (t *tx) alone(ctx context.Context) error {
	mode := t.dialect.forUpdate()
	switch {
	case t.guard == nil || t.guard.held == alone:
		return nil
	case t.guard.held == shared:
		mode += " NOWAIT"
	}
	err := lockTenant(ctx, t, t.guard.tenant, mode)
	if f, ok := errors.AsType[*failure](err); ok && t.guard.held == shared && f.code != "" {
		*t.guard.must = true
		f.verdict = clash
	}
	if err == nil {
		t.guard.held = alone
	}
	return err
}

// startAlone runs the transaction again.
func (t *tx) startAlone() error {
	*t.guard.must = true
	return t.clash("a transaction that relied on what it read has to run alone")
}

// lockTenant locks the row of a tenant, and makes it if there is none. In SQLite
// who writes is alone, even if nothing is there to be deleted.
func lockTenant(ctx context.Context, t *tx, tenant, mode string) error {
	if t.dialect == SQLite {
		t.guard.held = alone
		_, err := t.exec(ctx, "DELETE FROM muster_tenants WHERE 0")
		return err
	}
	return lockRow(ctx, t, "SELECT 1 FROM muster_tenants WHERE tenant = ?"+mode, "muster_tenants (tenant) VALUES (?)", tenant)
}

// lockRow locks the row that a query selects, and makes it if there is none.
func lockRow(ctx context.Context, t *tx, query, row string, args ...any) error {
	var one int
	found, err := t.one(ctx, query, args, &one)
	if err != nil || found {
		return err
	}
	_, err = t.exec(ctx, t.dialect.insertNew(row), args...)
	if err == nil {
		_, err = t.one(ctx, query, args, &one)
	}
	return err
}

// session is where a handle reads and writes: a tenant of the database, or one
// transaction on it.
type session interface {
	// write runs fn in a transaction; fn has no effect if it fails.
	write(ctx context.Context, fn func(*tx) error) error
	// insert is write for an fn that begins with rows.insert. If it fails it has
	// changed nothing, unless it has further steps that can fail.
	insert(ctx context.Context, steps bool, fn func(*tx) error) error
	// view runs fn on one state of the database.
	view(ctx context.Context, fn func(*tx) error) error
	// inTx is InTx.
	inTx(ctx context.Context, h handle, fn func(context.Context, store.Store) error) error
}

// outside is the session of a tenant outside of transactions.
type outside struct {
	db     *DB
	tenant string
}

// write runs beside other writes of the tenant, and never beside a transaction
// that is alone.
func (s outside) write(ctx context.Context, fn func(*tx) error) error {
	return s.begin(ctx, func(t *tx) error {
		if err := t.share(ctx); err != nil {
			return err
		}
		return fn(t)
	})
}

func (s outside) insert(ctx context.Context, _ bool, fn func(*tx) error) error {
	return s.begin(ctx, fn)
}

// begin runs fn in a transaction. What fn does first is a rows.insert, or locks.
func (s outside) begin(ctx context.Context, fn func(*tx) error) error {
	if err := fits(s.tenant); err != nil {
		return err
	}
	return retry(ctx, func() error {
		return s.db.run(ctx, writesFirst, func(t *tx) error {
			t.guard = &guard{tenant: s.tenant}
			if err := fn(t); err != nil {
				return err
			}
			return t.appendPending(ctx)
		})
	})
}

func (s outside) view(ctx context.Context, fn func(*tx) error) error {
	return retry(ctx, func() error { return s.db.run(ctx, reads, fn) })
}

// inTx makes the outcome that of transactions one after another: those that
// read keep all other writes of the tenant out, and those that only write lock
// what they rely on.
func (s outside) inTx(ctx context.Context, h handle, fn func(context.Context, store.Store) error) error {
	if err := fits(s.tenant); err != nil {
		return err
	}
	if err := s.db.refresh(ctx); err != nil {
		return err
	}
	must := false
	return retry(ctx, func() error {
		return s.db.run(ctx, writesFirst, func(t *tx) error {
			t.guard = &guard{tenant: s.tenant, must: &must}
			if must {
				if err := t.alone(ctx); err != nil {
					return err
				}
			}
			h.session = inside{t}
			if err := fn(ctx, h); err != nil {
				return err
			}
			if t.guard.relied && t.guard.held == shared {
				return t.startAlone()
			}
			return t.appendPending(ctx)
		})
	})
}

// inside is the session of a transaction.
type inside struct{ tx *tx }

func (s inside) write(ctx context.Context, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.tx.share(ctx); err != nil {
		return withContext(ctx, err)
	}
	return s.insert(ctx, true, fn)
}

// insert makes no savepoint where nothing would have to be undone. It is two
// more statements, and SQLite keeps a copy of each page for it.
func (s inside) insert(ctx context.Context, steps bool, fn func(*tx) error) error {
	err := ctx.Err()
	switch {
	case err != nil:
		return err
	case steps:
		err = s.tx.step(ctx, func() error { return fn(s.tx) })
	default:
		err = fn(s.tx)
	}
	if err != nil && s.tx.guard != nil {
		s.tx.guard.relied = true
	}
	return withContext(ctx, err)
}

func (s inside) view(ctx context.Context, fn func(*tx) error) error {
	err := ctx.Err()
	if err == nil {
		err = s.tx.alone(ctx)
	}
	if err == nil {
		err = fn(s.tx)
	}
	return withContext(ctx, err)
}

// inTx joins the transaction. What fn did before it failed is undone.
func (s inside) inTx(ctx context.Context, h handle, fn func(context.Context, store.Store) error) error {
	return s.tx.step(ctx, func() error { return fn(ctx, h) })
}
