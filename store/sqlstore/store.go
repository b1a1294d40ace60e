package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Config describes what the tables hold.
type Config struct {
	// Types are the resource types. They are required: documents in the tables
	// are read as resources of the type with their name.
	Types []*schema.ResourceType
	// Relations are the relations that the store keeps; nil means
	// store.GroupMembers alone, and an empty slice none.
	Relations []store.Relation
	// Indexes are paths of attributes to index, such as "emails.value", in every
	// type that has them, besides unique attributes and externalId. Name here what
	// store.Write.Unique will name too: values that were stored without are not
	// compared. Where it names more than the stored resources were written with,
	// the indexes are not read until DB.Reindex has completed them.
	Indexes []string
	// Combined are attributes that are asked for together, such as
	// {"title", "active"} for title eq "x" and active eq true: an index finds the
	// resources with all of the values at once, where it would find those with one
	// and look at the others. Each attribute has one value, the order does not
	// count, and a list is for the types that have all of them. The rest is as for
	// Indexes. An attribute by itself, and any other comparison, needs Indexes.
	Combined [][]string
	// Lists is a pool of connections that answer lists, such as to a replica; nil
	// means the pool of New. What it lags behind is what a list may miss. Reads of
	// a resource, look-ups by id or an indexed value, as clients make them before
	// and after they write, Scan and everything in a transaction never go there.
	Lists *sql.DB
}

// DB is a database with our tables. It is safe for concurrent use.
type DB struct {
	pool      *sql.DB
	dialect   Dialect
	prepared  *statements
	lists     *DB // where lists are read; nil if here
	marks     *complete
	kinds     map[string]*kind
	relations []store.Relation
	turn      turn // of writers
	serial    bool // writers lock all that they read, in MySQL
}

// New returns the store of all tenants in a database, without touching it.
// The pool stays the host's, who sizes and closes it: a transaction uses one
// connection, and a read inside an iteration another one.
func New(pool *sql.DB, d Dialect, c *Config) (*DB, error) {
	if d != PostgreSQL && d != MySQL && d != SQLite {
		return nil, fmt.Errorf("sqlstore: unknown dialect %d", d)
	}
	if c == nil || len(c.Types) == 0 {
		return nil, errors.New("sqlstore: Config.Types is empty")
	}
	db := &DB{pool: pool, dialect: d, prepared: newStatements(pool, d), turn: newTurn(d), marks: &complete{}, kinds: map[string]*kind{}, relations: slices.Clone(c.Relations)}
	if c.Relations == nil {
		db.relations = []store.Relation{store.GroupMembers()}
	}
	for _, t := range c.Types {
		if db.kinds[t.Name()] != nil {
			return nil, fmt.Errorf("sqlstore: two types are called %s", t.Name())
		}
		k := newKind(t, db.relations, c.Indexes, c.Combined)
		if err := fits(k.names()...); err != nil {
			return nil, err
		}
		db.kinds[t.Name()] = k
	}
	if c.Lists != nil {
		lists := *db
		lists.pool, lists.prepared = c.Lists, newStatements(c.Lists, d)
		db.lists = &lists
	}
	return db, nil
}

// Tenant returns the store of the named tenant, with every upgrade of package
// store. Whether there is such a tenant is for the caller to know: never pass
// on a name that came from an unauthenticated request. A tenant whose name has
// more than 255 bytes, or a NUL, takes no writes.
func (db *DB) Tenant(name store.TenantID) *Store {
	return &Store{handle{db: db, tenant: string(name), session: outside{db, string(name)}}}
}

// Store keeps the resources of one tenant. It is safe for concurrent use.
type Store struct{ handle }

// handle has the methods of the store contract.
type handle struct {
	db      *DB
	tenant  string
	session session
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
	store.TrashStore
} = (*Store)(nil)

// InTx runs fn so that the outcome is that of transactions one after another.
// One that only writes runs beside others of the tenant; one that reads waits
// until it is alone, and so does every write beside it. fn is called again if
// it reads after it wrote, if the database has to resolve a clash, or if the connection is lost
// before the commit.
func (h handle) InTx(ctx context.Context, fn func(context.Context, store.Store) error) error {
	return h.session.inTx(ctx, h, fn)
}

// Relations returns the relations of the configuration.
func (h handle) Relations() []store.Relation { return h.db.relations }

// forLists returns the handle that lists are read with. It is h itself in a
// transaction.
func (h handle) forLists() handle {
	if _, ok := h.session.(inside); !ok && h.db.lists != nil {
		h.db = h.db.lists
		h.session = outside{h.db, h.tenant}
	}
	return h
}

// single returns where a statement that reads for itself runs.
func (h handle) single() *tx {
	return &tx{querier: h.db.pool, dialect: h.db.dialect, prepared: h.db.prepared}
}

// maxName is the length of what is kept in a NAME column.
const maxName = 255

// namable reports whether a text fits a NAME column. No stored id is longer or
// has a NUL in it.
func namable[T ~string](text T) bool {
	return len(text) <= maxName && !strings.Contains(string(text), "\x00")
}

// fits checks that names of the host fit NAME columns. MySQL's INSERT IGNORE
// would cut them off, and write into the tenant that has the rest as its name.
func fits(names ...string) error {
	for _, name := range names {
		if !namable(name) {
			return fmt.Errorf("sqlstore: the name %q has more than %d bytes, or a NUL", name, maxName)
		}
	}
	return nil
}
