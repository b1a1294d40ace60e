package sqlstore

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/muster-scim/muster/schema"
)

// How long a process relies on what it knows of the indexes, which another one
// with another configuration may change.
const (
	marksLast    = time.Minute
	marksMissing = 5 * time.Second // while an index is not complete
)

// complete knows which of Config.Indexes every resource has its rows for. The
// others are written, and not read.
type complete struct {
	mu      sync.Mutex
	adopted bool // what the configuration adds and leaves out is in the table
	read    time.Time
	usable  map[string]*kind // by type, with the complete indexes alone
	all     bool
}

// known returns the types with the indexes that are complete, as far as this
// process knows; before it knows, all.
func (db *DB) known(k *kind) *kind {
	db.marks.mu.Lock()
	defer db.marks.mu.Unlock()
	if found := db.marks.usable[k.typ.Name()]; found != nil {
		return found
	}
	return k
}

// refresh finds out which indexes are complete. The caller holds no connection.
func (db *DB) refresh(ctx context.Context) error {
	m := db.marks
	m.mu.Lock()
	defer m.mu.Unlock()
	lasts := marksMissing
	if m.all {
		lasts = marksLast
	}
	if m.usable != nil && time.Since(m.read) < lasts {
		return nil
	}
	return retry(ctx, func() error {
		t := &tx{querier: db.pool, dialect: db.dialect, prepared: db.prepared}
		if !m.adopted {
			if err := db.adopt(ctx, t); err != nil {
				return err
			}
			m.adopted = true
		}
		return db.readMarks(ctx, t)
	})
}

func (db *DB) readMarks(ctx context.Context, t *tx) error {
	m := db.marks
	usable, all := make(map[string]*kind, len(db.kinds)), true
	for name, k := range db.kinds {
		done, err := completeIndexes(ctx, t, name)
		if err != nil {
			return err
		}
		usable[name] = k.without(func(index string) bool { return !done[index] })
		all = all && len(usable[name].chosen()) == len(k.chosen())
	}
	m.usable, m.all, m.read = usable, all, time.Now()
	return nil
}

// completeIndexes reads the paths that are marked.
func completeIndexes(ctx context.Context, t *tx, name string) (map[string]bool, error) {
	done := map[string]bool{}
	err := t.each(ctx, "SELECT path FROM muster_indexes WHERE type = ?", []any{name}, func(scan func(...any) error) error {
		var path string
		err := scan(&path)
		done[path] = true
		return err
	})
	return done, err
}

// always reports whether p is indexed whatever the configuration is.
func (k *kind) always(p schema.Path) bool {
	return p == k.typ.ExternalIDPath() || slices.Contains(k.unique, p)
}

// chosen returns the names of the indexes that the configuration chose.
func (k *kind) chosen() (names []string) {
	for _, p := range k.indexed {
		if !k.always(p) {
			names = append(names, p.String())
		}
	}
	for _, c := range k.combined {
		names = append(names, c.name)
	}
	return names
}

// without returns k without some of the indexes that the configuration chose.
func (k *kind) without(some func(index string) bool) *kind {
	c := *k
	c.indexed = slices.DeleteFunc(slices.Clone(k.indexed), func(p schema.Path) bool { return !k.always(p) && some(p.String()) })
	c.combined = slices.DeleteFunc(slices.Clone(k.combined), func(c combined) bool { return some(c.name) })
	return &c
}

// adopt forgets the indexes that this process does not write, and marks the new
// ones of types of which there is nothing yet.
func (db *DB) adopt(ctx context.Context, t *tx) error {
	for name, k := range db.kinds {
		done, err := completeIndexes(ctx, t, name)
		if err != nil {
			return err
		}
		added := false
		for _, index := range k.chosen() {
			added = added || !done[index]
			delete(done, index)
		}
		for path := range done {
			if _, err := t.exec(ctx, "DELETE FROM muster_indexes WHERE type = ? AND path = ?", name, path); err != nil {
				return err
			}
		}
		var one int
		if added {
			some, err := t.one(ctx, "SELECT 1 FROM muster_resources WHERE type = ? LIMIT 1", []any{name}, &one)
			if err == nil && !some {
				err = markAll(ctx, t, k)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// markAll says that the indexes of a type are complete.
func markAll(ctx context.Context, t *tx, k *kind) error {
	var list [][]any
	for _, index := range k.chosen() {
		list = append(list, []any{k.typ.Name(), index})
	}
	return t.insertAll(ctx, "muster_indexes (type, path)", list)
}
