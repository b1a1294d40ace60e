package benchmarks

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
)

// emptyDatabase returns a database that is gone in the end, and that nobody
// else writes to.
func (l *Lab) emptyDatabase(d sqlstore.Dialect) (*sql.DB, error) {
	if d == sqlstore.PostgreSQL {
		return l.postgresSchema()
	}
	return l.sqliteFile()
}

func (l *Lab) sqliteFile() (*sql.DB, error) {
	dir, err := os.MkdirTemp("", "goals")
	if err != nil {
		return nil, err
	}
	l.close = append(l.close, func() error { return os.RemoveAll(dir) })
	return l.opened("sqlite", "file:"+filepath.Join(dir, "goals.db")+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_pragma=synchronous(NORMAL)")
}

func (l *Lab) postgresSchema() (*sql.DB, error) {
	u, err := url.Parse(l.Postgres)
	if err != nil {
		return nil, err
	}
	plain, err := l.opened("pgx", l.Postgres)
	if err != nil {
		return nil, err
	}
	name := "goals_" + strings.ReplaceAll(string(store.NewID()), "-", "")
	if _, err := plain.ExecContext(context.Background(), "CREATE SCHEMA "+name); err != nil {
		return nil, err
	}
	l.close = append(l.close, func() error {
		_, err := plain.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		return err
	})
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return l.opened("pgx", u.String())
}

// opened opens a pool that the end of the lab closes.
func (l *Lab) opened(driver, source string) (*sql.DB, error) {
	pool, err := sql.Open(driver, source)
	if err == nil {
		l.close = append(l.close, pool.Close)
	}
	return pool, err
}

// bound writes the parameters of a query as a database wants them.
func bound(d sqlstore.Dialect, query string) string {
	for n := 1; d == sqlstore.PostgreSQL && strings.Contains(query, "?"); n++ {
		query = strings.Replace(query, "?", fmt.Sprintf("$%d", n), 1)
	}
	return query
}
