package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// duplicates are the codes that mean: an index has this value already.
var duplicates = map[string]bool{"23505": true, "1062": true, "1586": true, "2067": true, "1555": true, "19": true}

// duplicateError is what a unique index of the service refused. The
// transaction is not lost, if it is wound back to before the statement.
type duplicateError struct{ error }

func (e *duplicateError) Unwrap() error { return e.error }

// dataErrors are the classes and codes that mean: a column does not take the
// value. They are of PostgreSQL, MySQL and SQLite.
var dataErrors = map[string]bool{
	"22": true, "23502": true, "23514": true,
	"1048": true, "1264": true, "1265": true, "1292": true, "1366": true, "1364": true, "1406": true, "3140": true, "3157": true, "3819": true, "4025": true,
	"275": true, "1299": true, "3091": true,
}

// sortedOut tells the errors of statements that write values of a client.
func sortedOut(err error) error {
	code := codeOf(err)
	switch {
	case err == nil:
		return nil
	case duplicates[code]:
		return &duplicateError{err}
	case dataErrors[code] || len(code) == 5 && dataErrors[code[:2]]:
		return fmt.Errorf("%w (%w)", refuse(schema.Path{}, "a column does not take one of the values"), err)
	}
	return err
}

// execUnique is exec for a statement that may meet a value that is taken.
func (s ownRows) execUnique(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := s.send(ctx, query, args)
	if err != nil {
		return 0, s.note(sortedOut(err))
	}
	return result.RowsAffected()
}

// note remembers errors that lose the transaction.
func (t *tx) note(err error) error {
	var duplicate *duplicateError
	if errors.As(err, &duplicate) || errors.Is(err, schema.ErrValue) {
		return err
	}
	return t.fail(err)
}

// insertCounted is execUnique and returns the number that the database gave.
func (s ownRows) insertCounted(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := s.send(ctx, query, args)
	if err != nil {
		return 0, s.note(sortedOut(err))
	}
	return result.LastInsertId()
}

// unique is one for a statement that may meet a value that is taken.
func (t *tx) unique(ctx context.Context, query string, args []any, dest ...any) error {
	var rows *sql.Rows
	var err error
	if stmt := t.prepare(ctx, query, len(args), false); stmt != nil {
		rows, err = stmt.QueryContext(ctx, args...)
	} else {
		rows, err = t.QueryContext(ctx, t.dialect.bind(query), args...)
	}
	if err != nil {
		return t.note(sortedOut(err))
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
	}
	return t.note(sortedOut(rows.Err()))
}

// indexed reports whether the service's own index keeps the values at p apart.
func (t *ownTable) indexed(p schema.Path) bool {
	if f := t.fieldAt(p); f != nil {
		return f.Unique
	}
	if l := t.listAt(p); l != nil {
		f := l.fieldAt(p)
		return f != nil && f.Unique
	}
	return false
}

// looksUp reports whether keys have to be looked up, because no index of the
// service keeps them apart.
func (t *ownTable) looksUp(keys []schema.Key) bool {
	for _, k := range keys {
		if !t.indexed(k.Path) {
			return true
		}
	}
	return false
}

// checkKeys looks up the keys that no index keeps apart. Nobody else writes
// meanwhile.
func (s ownRows) checkKeys(ctx context.Context, r *schema.Resource, w store.Write) error {
	for _, k := range w.Keys(r) {
		if s.indexed(k.Path) {
			continue
		}
		if err := s.taken(ctx, k, r.ID()); err != nil {
			return err
		}
	}
	return nil
}

// taken returns a *store.ConflictError if another resource has a key.
func (s ownRows) taken(ctx context.Context, k schema.Key, id schema.ID) error {
	for r, err := range s.holdersOf(ctx, k) {
		if err != nil {
			return err
		}
		if r.ID() != id {
			return &store.ConflictError{Path: k.Path.String(), Existing: store.RefOf(r)}
		}
	}
	return nil
}

// explain turns the refusal of an index into the error about the attribute. By
// now the transaction is wound back.
func (h ownHandle) explain(ctx context.Context, table *ownTable, r *schema.Resource, w store.Write, err error) error {
	var duplicate *duplicateError
	if !errors.As(err, &duplicate) {
		return err
	}
	conflict := error(&store.ConflictError{Path: "id", Existing: store.RefOf(r)})
	found := h.session.view(ctx, func(t *tx) error {
		s := h.rows(t, table)
		for _, k := range w.Keys(r) {
			if err := s.taken(ctx, k, r.ID()); err != nil {
				return err
			}
		}
		if _, err := s.get(ctx, r.ID(), s.inBulk()); err == nil {
			return conflict
		}
		return nil
	})
	switch {
	case errors.Is(found, store.ErrConflict):
		return found
	case found == nil: // an invisible row has it, or one that is gone by now
		if keys := w.Keys(r); len(keys) > 0 {
			return &store.ConflictError{Path: keys[0].Path.String()}
		}
		return conflict
	}
	return errors.Join(err, found)
}

// equality is the filter that finds the holders of a key.
func equality(k schema.Key) filter.Expr {
	v, _ := schema.ParseValue(k.Path.Kind(), k.Text)
	return &filter.Compare{Path: k.Path, Op: filter.Eq, Value: v}
}
