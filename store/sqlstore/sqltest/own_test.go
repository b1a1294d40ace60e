package sqltest

import (
	"context"
	"database/sql"
	"testing"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/store/sqlstore/sqltest/internal/owned"
	"github.com/muster-scim/muster/storetest"
)

// openOwn makes a deployment on tables of a service.
func (e engine) openOwn(ctx context.Context) (*storetest.Deployment, error) {
	pool, remove, err := e.fresh(ctx)
	if err != nil {
		return nil, err
	}
	if err := owned.Run(ctx, pool, owned.Types[e.dialect].Replace(owned.Schema)); err != nil {
		return nil, err
	}
	db, err := sqlstore.NewOwnTables(pool, e.dialect, owned.Mapping(e.dialect))
	if err != nil {
		return nil, err
	}
	return &storetest.Deployment{
		Tenant: func(_ context.Context, name store.TenantID) (store.Store, error) { return db.Tenant(name) },
		Restart: func(context.Context) error {
			db, err = sqlstore.NewOwnTables(pool, e.dialect, owned.Mapping(e.dialect))
			return err
		},
		Close: remove,
	}, nil
}

// Tables of a service's own keep the contract as ours do.
func TestOwnConformance(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			storetest.Run(t, e.openOwn, &storetest.Options{Quick: testing.Short()})
		})
	}
}

// checkedStore opens a mapping without tenants that fits the database.
func checkedStore(t *testing.T, pool *sql.DB, d sqlstore.Dialect, m *sqlstore.Mapping) *sqlstore.OwnStore {
	t.Helper()
	db, err := sqlstore.NewOwnTables(pool, d, m)
	if err == nil {
		err = db.Check(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := db.Tenant("")
	if err != nil {
		t.Fatal(err)
	}
	return s
}
