package benchmarks

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
)

// sqlDirectory is a directory in a database, in a tenant of its own.
type sqlDirectory struct {
	pool     *sql.DB
	dialect  sqlstore.Dialect
	store    *sqlstore.Store
	tenant   store.TenantID
	ids      []schema.ID // in their order
	all, ten store.Ref
	next     int  // number of the next user
	copied   bool // to plain tables
}

// sqlDirectory returns the directory in SQLite, in a file that is gone in the
// end, or in a schema of the PostgreSQL database of the lab.
func (l *Lab) sqlDirectory(d sqlstore.Dialect) (*sqlDirectory, error) {
	if l.databases[d] != nil {
		return l.databases[d], nil
	}
	pool, err := l.emptyDatabase(d)
	if err != nil {
		return nil, err
	}
	s := &sqlDirectory{pool: pool, dialect: d, tenant: store.TenantID(store.NewID())}
	db, err := sqlstore.New(pool, d, &sqlstore.Config{
		Types: []*schema.ResourceType{userType, groupType}, Indexes: []string{"emails.value"}, Combined: [][]string{{"title", "active"}},
	})
	if err == nil {
		err = db.Migrate(context.Background())
	}
	if err != nil {
		return nil, err
	}
	s.store = db.Tenant(s.tenant)
	if l.databases == nil {
		l.databases = map[sqlstore.Dialect]*sqlDirectory{}
	}
	if err := s.fill(l.SQLUsers); err != nil {
		return nil, err
	}
	l.databases[d] = s
	return s, nil
}

// Close removes what was made in databases, and ends the connections.
func (l *Lab) Close() error {
	var errs []error
	for _, c := range slices.Backward(l.close) {
		errs = append(errs, c())
	}
	l.databases, l.services, l.close = nil, nil, nil
	return errors.Join(errs...)
}

// userTables are those with the rows of a user.
var userTables = []string{"muster_resources", "muster_unique", "muster_values"}

// user makes the next user.
func (d *sqlDirectory) user() (*schema.Resource, error) {
	d.next++
	r, _, err := userType.Decode(userBody(d.next), nil)
	if err != nil {
		return nil, err
	}
	return titled(r, d.next)
}

// fill makes users, many in a transaction, and two groups.
func (d *sqlDirectory) fill(users int) error {
	const batch = 1000
	for len(d.ids) < users {
		from, kept := d.next, len(d.ids)
		err := d.store.InTx(context.Background(), func(ctx context.Context, tx store.Store) error {
			d.next, d.ids = from, d.ids[:kept]
			for range min(batch, users-kept) {
				r, err := d.user()
				if err != nil {
					return err
				}
				if r, err = tx.Create(ctx, r, store.Write{}); err != nil {
					return err
				}
				d.ids = append(d.ids, r.ID())
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	slices.Sort(d.ids)
	all, err := addGroup(d.store, d.ids)
	if err != nil {
		return err
	}
	ten, err := addGroup(d.store, d.ids[:10])
	if err != nil {
		return err
	}
	d.all, d.ten = store.RefOf(all), store.RefOf(ten)
	return d.settle()
}

// settle does what PostgreSQL does to new tables by itself, but later: in the
// middle of what is measured, if that has begun by then.
func (d *sqlDirectory) settle() error {
	if d.dialect != sqlstore.PostgreSQL {
		return nil
	}
	_, err := d.pool.ExecContext(context.Background(), "VACUUM ANALYZE")
	return err
}
