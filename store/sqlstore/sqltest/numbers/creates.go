package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// rowsOf are the rows of one user by table, as they were stored.
type rowsOf map[string][][]any

// columns are those of the tables that a user has rows in.
var columns = map[string]string{
	"muster_resources": "tenant, id, type, version, unique_key, external_key, name, doc",
	"muster_unique":    "tenant, type, path, value, id",
	"muster_values":    "tenant, type, path, value, id, element, whole",
}

var tables = []string{"muster_resources", "muster_unique", "muster_values"}

// creates compares creating users with plain inserts of the same rows: one
// transaction for each user, one statement for each table.
func (b *bench) creates(ctx context.Context) error {
	const n = 400
	serial := int(time.Now().UnixNano() / 1e6 % 1e9 * 1000)
	users := make([]*schema.Resource, n+n/10)
	for i := range users {
		var err error
		if users[i], err = user(serial + i); err != nil {
			return err
		}
	}
	create := func(r *schema.Resource) error {
		_, err := b.store.Create(ctx, r, store.Write{})
		return err
	}
	insert, err := b.inserter(ctx, n+n/10)
	if err != nil {
		return err
	}
	if err := compare("create a user, beside plain inserts of the same rows", n, func(i int) error { return create(users[i]) }, insert); err != nil {
		return err
	}
	for _, workers := range []int{1, 8} {
		var next atomic.Int64
		next.Store(int64(serial + 10_000*workers))
		plain, err := throughput(workers, func() error {
			r, err := user(int(next.Add(1)))
			if err == nil {
				err = create(r)
			}
			return err
		})
		if err != nil {
			return err
		}
		journaled, err := throughput(workers, func() error { return b.createWithEntry(ctx, int(next.Add(1))) })
		if err != nil {
			return err
		}
		fmt.Printf("%-58s %6.0f /s, each with an entry in the journal %6.0f /s\n", fmt.Sprintf("create users of one tenant, %d at a time", workers), plain, journaled)
	}
	return nil
}

// throughput counts how often fn runs in a second.
func throughput(workers int, fn func() error) (float64, error) {
	const long = 2 * time.Second
	var (
		n     atomic.Int64
		wg    sync.WaitGroup
		first atomic.Pointer[error]
		start = time.Now()
	)
	for range workers {
		wg.Go(func() {
			for time.Since(start) < long {
				if err := fn(); err != nil {
					first.CompareAndSwap(nil, &err)
					return
				}
				n.Add(1)
			}
		})
	}
	wg.Wait()
	if err := first.Load(); err != nil {
		return 0, *err
	}
	return float64(n.Load()) / time.Since(start).Seconds(), nil
}

// createWithEntry creates a user as a handler with a journal does.
func (b *bench) createWithEntry(ctx context.Context, n int) error {
	r, err := user(n)
	if err != nil {
		return err
	}
	return b.store.InTx(ctx, func(ctx context.Context, tx store.Store) error {
		stored, err := tx.Create(ctx, r, store.Write{})
		if err != nil {
			return err
		}
		log, err := store.Journal(tx)
		if err != nil {
			return err
		}
		return log.Append(ctx, store.Entry{Time: stored.Created(), Kind: "event", Ref: store.RefOf(stored), Data: []byte(`{"operation":"create"}`)})
	})
}

// inserter returns what inserts the rows of a user as those of another one.
func (b *bench) inserter(ctx context.Context, n int) (work, error) {
	copies := make([]rowsOf, n)
	for i := range copies {
		var err error
		if copies[i], err = b.rowsOf(ctx, b.ids[b.some(i)]); err != nil {
			return nil, err
		}
		copies[i].rename(string(store.NewID()))
	}
	stmts := map[string]*sql.Stmt{}
	for _, table := range tables {
		list := copies[0][table]
		if len(list) == 0 {
			continue
		}
		row := "(" + strings.TrimSuffix(strings.Repeat("?, ", strings.Count(columns[table], ",")+1), ", ") + "), "
		var err error
		stmts[table], err = b.prepare(ctx, "INSERT INTO "+table+" ("+columns[table]+") VALUES "+strings.TrimSuffix(strings.Repeat(row, len(list)), ", "))
		if err != nil {
			return nil, err
		}
	}
	return func(i int) error { return b.insert(ctx, stmts, copies[i]) }, nil
}

func (b *bench) insert(ctx context.Context, stmts map[string]*sql.Stmt, rows rowsOf) error {
	tx, err := b.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, table := range tables {
		if stmts[table] == nil {
			continue
		}
		var args []any
		for _, row := range rows[table] {
			args = append(args, row...)
		}
		if _, err := tx.StmtContext(ctx, stmts[table]).ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// rowsOf reads the rows of a user.
func (b *bench) rowsOf(ctx context.Context, id schema.ID) (rowsOf, error) {
	found := rowsOf{}
	for _, table := range tables {
		rows, err := b.pool.QueryContext(ctx, b.bound("SELECT "+columns[table]+" FROM "+table+" WHERE tenant = ? AND id = ?"), tenant, id)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			row := make([]any, strings.Count(columns[table], ",")+1)
			dest := make([]any, len(row))
			for i := range row {
				dest[i] = &row[i]
			}
			if err := rows.Scan(dest...); err != nil {
				return nil, err
			}
			if value, _ := row[3].([]byte); table == "muster_values" && len(value) == 0 {
				row[3] = []byte{} // which SQLite returns as nothing
			}
			found[table] = append(found[table], row)
		}
		if err := rows.Close(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// rename makes rows those of another user of another tenant.
func (r rowsOf) rename(id string) {
	for table, list := range r {
		for c, name := range strings.Split(columns[table], ", ") {
			for _, row := range list {
				switch name {
				case "tenant":
					row[c] = "by hand"
				case "id":
					row[c] = id
				case "unique_key":
					row[c] = []byte(id)
				}
			}
		}
	}
}
