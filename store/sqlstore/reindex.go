package sqlstore

import (
	"context"

	"github.com/muster-scim/muster/schema"
)

// reindexBatch is how many resources are locked at a time.
const reindexBatch = 100

// Reindex makes the rows of what Config.Indexes names and the tables do not
// have, because the resources were stored before it did. Until then filters and
// orders that need them are answered without them, and so more slowly or not
// at all. Call it once after the configuration has changed, when no process
// with the old one writes any more. Others may go on: it locks some resources at
// a time. It may be called by several processes, and again after it failed. The
// result is the number of resources that it looked at.
func (db *DB) Reindex(ctx context.Context) (n int, err error) {
	for name, k := range db.kinds {
		t := &tx{querier: db.pool, dialect: db.dialect}
		done, err := completeIndexes(ctx, t, name)
		if err != nil {
			return n, err
		}
		missing := k.without(func(index string) bool { return done[index] })
		if len(missing.chosen()) == 0 {
			continue
		}
		looked, err := db.reindex(ctx, missing)
		n += looked
		if err == nil {
			err = markAll(ctx, t, k)
		}
		if err != nil {
			return n, err
		}
	}
	db.marks.mu.Lock()
	db.marks.usable = nil // to be read again
	db.marks.mu.Unlock()
	return n, db.refresh(ctx)
}

// place is a resource in the order of the primary key.
type place struct {
	tenant string
	id     schema.ID
}

// reindex makes the rows of the indexes of k for all resources of the type.
func (db *DB) reindex(ctx context.Context, k *kind) (n int, err error) {
	for after, more := (place{}), true; more && err == nil; {
		var seen []place
		err = retry(ctx, func() error {
			return db.run(ctx, writes, func(t *tx) (err error) {
				seen, err = db.reindexSome(ctx, t, k, after)
				return err
			})
		})
		n += len(seen)
		if more = len(seen) == reindexBatch; more {
			after = seen[len(seen)-1]
		}
	}
	return n, err
}

// reindexSome locks the next resources and makes their rows.
func (db *DB) reindexSome(ctx context.Context, t *tx, k *kind, after place) (seen []place, err error) {
	var docs [][]byte
	err = t.each(ctx, "SELECT tenant, id, doc FROM muster_resources WHERE type = ? AND tenant >= ? AND (tenant > ? OR id > ?) ORDER BY tenant, id LIMIT ?"+t.dialect.forUpdate(),
		[]any{k.typ.Name(), after.tenant, after.tenant, after.id, reindexBatch}, func(scan func(...any) error) error {
			var p place
			var doc []byte
			err := scan(&p.tenant, &p.id, &doc)
			seen, docs = append(seen, p), append(docs, doc)
			return err
		})
	for i, p := range seen {
		if err == nil {
			h := handle{db: db, tenant: p.tenant, session: inside{t}}
			err = h.rows(t, k).reindex(ctx, p.id, docs[i])
		}
	}
	return seen, err
}

// reindex makes the rows of one resource in place of what may be left of an
// earlier configuration.
func (s rows) reindex(ctx context.Context, id schema.ID, doc []byte) error {
	r, err := s.decode(doc)
	if err != nil {
		return err
	}
	for _, index := range s.chosen() {
		for _, mark := range []string{"", leadingMark, missingMark} {
			if _, err := s.exec(ctx, "DELETE FROM muster_values WHERE tenant = ? AND id = ? AND path = ?", s.tenant, id, index+mark); err != nil {
				return err
			}
		}
	}
	return s.insertValues(ctx, id, s.entries(r))
}
