package sqltest

import (
	"context"
	"errors"
	"testing"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/store/sqlstore/sqltest/internal/owned"
	"github.com/muster-scim/muster/storetest"
)

// openJournaled makes a deployment on tables of a service, with a journal beside
// them.
func (e engine) openJournaled(ctx context.Context) (*storetest.Deployment, error) {
	pool, remove, err := e.fresh(ctx)
	if err != nil {
		return nil, err
	}
	if err := owned.Run(ctx, pool, owned.Types[e.dialect].Replace(owned.Schema)); err != nil {
		return nil, err
	}
	m := owned.Mapping(e.dialect)
	m.Journal = true
	db, err := sqlstore.NewOwnTables(pool, e.dialect, m)
	if err == nil {
		err = db.Migrate(ctx)
	}
	if err == nil {
		err = db.Check(ctx)
	}
	if err != nil {
		return nil, err
	}
	return &storetest.Deployment{
		Tenant:  func(_ context.Context, name store.TenantID) (store.Store, error) { return db.Tenant(name) },
		Restart: func(context.Context) error { return nil },
		Close:   remove,
	}, nil
}

// A journal beside the tables of a service keeps its contract, also in the
// transactions of the store.
func TestOwnJournal(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			storetest.Run(t, e.openJournaled, &storetest.Options{Quick: testing.Short(), Only: []string{"Journal/", "Tx/", "Members/NothingLost"}})
		})
	}
}

// Without the table there is no journal, and no bin.
func TestOwnWithoutJournal(t *testing.T) {
	d, err := engines(t)[0].openOwn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	s, err := d.Tenant(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Journal(s); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
	if c := store.CapabilitiesOf(s); c.Journal || c.Trash || !c.Query || !c.Patch || !c.Values || !c.Inverse || !c.Relations || !c.Tx || !c.Read {
		t.Errorf("%+v", c)
	}
}
