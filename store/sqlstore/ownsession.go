package sqlstore

import (
	"context"
	"hash/fnv"

	"github.com/muster-scim/muster/store"
)

// ownSession is where an ownHandle reads and writes: a tenant of the database,
// or one transaction on it.
type ownSession interface {
	// write runs fn in a transaction; fn has no effect if it fails. If it is alone,
	// nobody else changes what it reads.
	write(ctx context.Context, alone bool, fn func(*tx) error) error
	// view runs fn on one state of the database.
	view(ctx context.Context, fn func(*tx) error) error
	// single runs a single statement that reads.
	single(ctx context.Context, fn func(*tx) error) error
	// inTx is InTx.
	inTx(ctx context.Context, h ownHandle, fn func(context.Context, store.Store) error) error
}

// ownOutside is the session of a tenant outside of transactions.
type ownOutside struct {
	own    *OwnTables
	tenant store.TenantID
}

func (s ownOutside) write(ctx context.Context, alone bool, fn func(*tx) error) error {
	return retry(ctx, func() error {
		return s.own.writer(alone).run(ctx, writes, func(t *tx) error {
			if err := s.lock(ctx, t, alone); err != nil {
				return err
			}
			t.apart = t.dialect == MySQL // no second attempt if it cuts something off
			return s.journaled(ctx, t, fn)
		})
	})
}

// writer is where transactions begin. Our own tables have a row to lock for each
// tenant, those of a service have none. A transaction that is alone may rely on
// whatever it reads: SQLite has one writer anyway, MySQL locks what is read, and
// PostgreSQL has advisory locks.
func (db *OwnTables) writer(alone bool) *DB {
	if alone {
		return db.serial
	}
	return db.db
}

// lock takes the advisory lock of the tenant until the end of the transaction.
func (s ownOutside) lock(ctx context.Context, t *tx, alone bool) error {
	if t.dialect != PostgreSQL {
		return nil
	}
	hash := fnv.New64a()
	_, _ = hash.Write([]byte("muster\x00" + string(s.tenant)))
	query := "SELECT pg_advisory_xact_lock_shared(?)"
	if alone {
		query = "SELECT pg_advisory_xact_lock(?)"
	}
	var nothing any
	_, err := t.one(ctx, query, []any{int64(hash.Sum64())}, &nothing)
	return err
}

func (s ownOutside) view(ctx context.Context, fn func(*tx) error) error {
	return retry(ctx, func() error {
		return s.own.db.run(ctx, reads, fn)
	})
}

func (s ownOutside) single(ctx context.Context, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.own.db.prepared.prepare(ctx)
	return retry(ctx, func() error {
		return fn(&tx{querier: s.own.db.pool, dialect: s.own.dialect, prepared: s.own.db.prepared})
	})
}

func (s ownOutside) inTx(ctx context.Context, h ownHandle, fn func(context.Context, store.Store) error) error {
	return s.write(ctx, true, func(t *tx) error {
		h.session = ownInside{t}
		return fn(ctx, h)
	})
}

// ownInside is the session of a transaction, which is alone.
type ownInside struct{ tx *tx }

func (s ownInside) write(ctx context.Context, _ bool, fn func(*tx) error) error {
	return inside(s).write(ctx, fn)
}

func (s ownInside) view(ctx context.Context, fn func(*tx) error) error {
	return inside(s).view(ctx, fn)
}

func (s ownInside) single(ctx context.Context, fn func(*tx) error) error {
	return inside(s).view(ctx, fn)
}

// inTx joins the transaction. What fn did before it failed is undone.
func (s ownInside) inTx(ctx context.Context, h ownHandle, fn func(context.Context, store.Store) error) error {
	return s.tx.step(ctx, func() error { return fn(ctx, h) })
}
