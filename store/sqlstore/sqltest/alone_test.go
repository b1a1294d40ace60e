package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
)

// TestSQLiteTransactionIsAlone: a transaction keeps other writers of the file out
// from its first call on, be it a read, so that what it read still holds when it
// writes. The other pool gives up at once.
func TestSQLiteTransactionIsAlone(t *testing.T) {
	typ := schema.UserDefinition().MustCompile()
	source := "file:" + filepath.Join(t.TempDir(), "alone.db") + "?_pragma=journal_mode(WAL)"
	var pools [2]*sql.DB
	for i := range pools {
		var err error
		if pools[i], err = sql.Open("sqlite", source); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { pools[i].Close() })
	}
	db, err := sqlstore.New(pools[0], sqlstore.SQLite, &sqlstore.Config{Types: []*schema.ResourceType{typ}})
	if err == nil {
		err = db.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	unknown := store.Ref{Type: "User", ID: "unknown"}
	for name, call := range map[string]func(context.Context, store.Store) error{
		"get":    func(ctx context.Context, tx store.Store) error { _, err := tx.Get(ctx, unknown); return err },
		"delete": func(ctx context.Context, tx store.Store) error { return tx.Delete(ctx, unknown, store.Write{}) },
		"query": func(ctx context.Context, tx store.Store) error {
			_, err := store.RunQuery(ctx, tx, store.Query{Type: "User", Count: 1})
			return err
		},
		"create": func(ctx context.Context, tx store.Store) error {
			_, err := tx.Create(ctx, typ.New().Resource(), store.Write{})
			return err
		},
	} {
		err := store.InTx(t.Context(), db.Tenant("a"), func(ctx context.Context, tx store.Store) error {
			if err := call(ctx, tx); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			_, err := pools[1].ExecContext(ctx, "BEGIN IMMEDIATE")
			if err == nil || !strings.Contains(err.Error(), "locked") {
				t.Errorf("after %s another pool begins to write: %v", name, err)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
