// Package sqlstore keeps resources in a relational database: PostgreSQL, MySQL
// or MariaDB, or SQLite. It takes the host's *sql.DB and imports no driver.
//
// Migrate makes the tables, whose names start with "muster_"; Migrations
// prints the same SQL for teams that run migrations themselves:
//
//	db, err := sqlstore.New(pool, sqlstore.PostgreSQL, &sqlstore.Config{Types: types})
//	err = db.Migrate(ctx)
//	acme := db.Tenant("acme") // a store.Store
//
// A resource is kept as one JSON document. What is searched, must be unique or
// is a list of other resources has rows of its own: prepared keys as bytes, so
// that Go and SQL agree on what is equal and what comes first, and members
// with indexes from both ends. The tenant leads every key, so the tables can
// be distributed by tenant.
//
// A service that has tables of its own keeps them: a Mapping says where the
// attributes are, and NewOwnTables makes a store of it.
//
// A filter finds its resources by an index where it compares indexed values, and
// an order follows one, so that a page costs the same wherever it is.
// Config.Indexes says what is indexed, Config.Combined what is together, DB.Reindex
// completes what they add for resources that are there already, and Store.Explain
// shows what a query does.
//
// Several processes may use one database. Nothing is held in memory between
// calls. Deadlocks and serialization failures are resolved by running the
// transaction again.
//
// Every change is tested on PostgreSQL 15, MariaDB 10.11 and SQLite. MySQL 9.7 has
// passed the same tests; the other versions that a Dialect names have not run them.
package sqlstore
