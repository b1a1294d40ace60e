package sqlstore

import (
	"context"
	"fmt"
)

// Migrate brings the tables to this version. It may be called again, and by
// many processes at once: the statements do nothing where they were run before,
// and a process that loses a race for one of them tries again.
func (db *DB) Migrate(ctx context.Context) error {
	if err := db.migrate(ctx); err != nil {
		return err
	}
	return db.refresh(ctx)
}

// migrate brings the tables to this version, and leaves alone what is in them.
func (db *DB) migrate(ctx context.Context) error {
	return retry(ctx, func() error {
		_, err := db.pool.ExecContext(ctx, db.dialect.columns("CREATE TABLE IF NOT EXISTS muster_migrations (version int NOT NULL PRIMARY KEY)"))
		if err != nil {
			return db.dialect.racing(err)
		}
		for _, m := range Migrations(db.dialect) {
			if err := db.migrateTo(ctx, m); err != nil {
				return db.dialect.racing(err)
			}
		}
		return nil
	})
}

func (db *DB) migrateTo(ctx context.Context, m Migration) error {
	var n int
	query := db.dialect.bind("SELECT COUNT(*) FROM muster_migrations WHERE version = ?")
	if err := db.pool.QueryRowContext(ctx, query, m.Version).Scan(&n); err != nil || n > 0 {
		return err
	}
	for _, statement := range m.Statements {
		if _, err := db.pool.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("migration %d: %w", m.Version, err)
		}
	}
	_, err := db.pool.ExecContext(ctx, db.dialect.bind(db.dialect.insertNew("muster_migrations (version) VALUES (?)")), m.Version)
	return err
}

// racing judges an error of a statement that makes a table. PostgreSQL reports a
// lost race for one as a duplicate key in its own catalogue.
func (d Dialect) racing(err error) error {
	f := d.connecting(err)
	if code := codeOf(err); code == "23505" || code == "42P07" || code == "XX000" {
		f.verdict = clash
	}
	return f
}
