package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/muster-scim/muster/store"
)

// OwnTables is a database with tables of the service's own. It is safe for
// concurrent use.
//
// A write is one transaction that locks the rows it relies on. In PostgreSQL it
// also takes an advisory lock that it shares with all but InTx. Nothing is
// changed in the tables but what the mapping names.
type OwnTables struct {
	db        *DB // without types of its own
	serial    *DB // for transactions that are alone
	dialect   Dialect
	tables    map[string]*ownTable
	joins     []*ownJoin
	relations []store.Relation
	tenants   bool
	journal   bool
}

// NewOwnTables returns the store on tables of the service's own, without
// touching them: see Check. The error is a *MappingError with every mistake in
// the mapping, which must not be changed afterwards.
func NewOwnTables(pool *sql.DB, d Dialect, m *Mapping) (*OwnTables, error) {
	if d != PostgreSQL && d != MySQL && d != SQLite {
		return nil, fmt.Errorf("sqlstore: unknown dialect %d", d)
	}
	if m == nil {
		return nil, &MappingError{[]string{"there is no Mapping"}}
	}
	c, err := compileMapping(m, d)
	if err != nil {
		return nil, err
	}
	own := &DB{pool: pool, dialect: d, prepared: newStatements(pool, d), turn: newTurn(d)}
	serial := *own
	serial.serial = true
	db := &OwnTables{db: own, serial: &serial, dialect: d, tables: c.tables, joins: c.joins, relations: []store.Relation{}, journal: m.Journal}
	for _, j := range c.joins {
		db.relations = append(db.relations, j.Relation)
	}
	for _, t := range c.tables {
		db.tenants = db.tenants || t.Tenant != ""
	}
	return db, nil
}

// Tenant returns the store of the named tenant. The name is what the Tenant
// columns hold; it must be "" if there are none, and must not be "" if there
// are. Whether there is such a tenant is for the caller to know: never pass on a
// name that came from an unauthenticated request. With a journal it has at most
// 255 bytes, and no NUL.
func (db *OwnTables) Tenant(name store.TenantID) (*OwnStore, error) {
	if db.tenants != (name != "") {
		return nil, fmt.Errorf("sqlstore: the tenant %q does not fit tables with tenant columns: %t", name, db.tenants)
	}
	if db.journal {
		if err := fits(string(name)); err != nil {
			return nil, err
		}
	}
	return &OwnStore{ownHandle{db, name, ownOutside{db, name}}}, nil
}

// OwnStore keeps the resources of one tenant in the service's own tables. It is
// safe for concurrent use.
type OwnStore struct{ ownHandle }

// ownHandle has the methods of the store contract.
type ownHandle struct {
	own     *OwnTables
	tenant  store.TenantID
	session ownSession
}

var _ interface {
	store.QueryStore
	store.PatchStore
	store.ReadStore
	store.ValueStore
	store.InverseStore
	store.RelationStore
	store.TxStore
	store.JournalStore
} = (*OwnStore)(nil)

// Relations returns those that the mapping has a Join for.
func (h ownHandle) Relations() []store.Relation { return h.own.relations }

// InTx runs fn while no other Muster process writes for this tenant. fn is
// called again if the database has to resolve a clash.
func (h ownHandle) InTx(ctx context.Context, fn func(context.Context, store.Store) error) error {
	return h.session.inTx(ctx, h, fn)
}

// ownRows are the rows of one type and tenant in one transaction.
type ownRows struct {
	ownHandle
	*tx
	*ownTable
}

func (h ownHandle) rows(t *tx, table *ownTable) ownRows { return ownRows{h, t, table} }

// errNoTable is what a Create gets for a type that the mapping does not know.
var errNoTable = errors.New("sqlstore: the mapping has no table for this resource type")
