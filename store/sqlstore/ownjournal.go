package sqlstore

import (
	"context"
	"errors"

	"github.com/muster-scim/muster/store"
)

// Migrate makes or updates our own tables beside those of the service, for a
// Mapping with Journal. See DB.Migrate, and Migrations for the SQL.
func (db *OwnTables) Migrate(ctx context.Context) error { return db.db.migrate(ctx) }

// Journal returns the journal of the store, or of the transaction, in a table of
// our own. Without Mapping.Journal it returns errors.ErrUnsupported.
func (h ownHandle) Journal() (store.Log, error) {
	if !h.own.journal {
		return nil, errors.ErrUnsupported
	}
	log := handle{db: h.own.db, tenant: string(h.tenant), session: outside{h.own.db, string(h.tenant)}}
	if in, ok := h.session.(ownInside); ok {
		log.session = inside(in)
	}
	return journalLog(log), nil
}

// journaled runs a write, and then appends what it left for the journal. What
// keeps transactions apart is here already.
func (s ownOutside) journaled(ctx context.Context, t *tx, fn func(*tx) error) error {
	if !s.own.journal {
		return fn(t)
	}
	t.guard = &guard{tenant: string(s.tenant), held: alone}
	if err := fn(t); err != nil {
		return err
	}
	return t.appendPending(ctx)
}
