package sqlstore

import "strings"

// Migration is one step from an empty database to the tables of this version.
type Migration struct {
	// Version numbers the steps from 1.
	Version int
	// Statements are run in this order. They may be run again.
	Statements []string
}

// Migrations returns all steps in order, for teams that run migrations
// themselves. After each, insert its number into muster_migrations.
func Migrations(d Dialect) []Migration {
	steps := make([]Migration, 0, len(migrations))
	for i, text := range migrations {
		m := Migration{Version: i + 1}
		for s := range strings.SplitSeq(d.columns(text), ";\n") {
			if s = strings.TrimSpace(s); s != "" {
				m.Statements = append(m.Statements, s)
			}
		}
		steps = append(steps, m)
	}
	return steps
}

// columns puts the types of the dialect into the text of a migration: NAME is a
// short text that compares by bytes, KEY a prepared key, DOC a JSON text, DATA
// any bytes. SMALL ends a table of short rows, which SQLite then keeps in the
// index itself.
func (d Dialect) columns(text string) string {
	types := map[Dialect][]string{
		PostgreSQL: {"NAME", `varchar(255) COLLATE "C"`, "KEY_", "bytea", "DOC", "text", "DATA", "bytea", " SMALL", ""},
		MySQL:      {"NAME", "varbinary(255)", "KEY_", "varbinary(640)", "DOC", "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "DATA", "longblob", " SMALL", ""},
		SQLite:     {"NAME", "text", "KEY_", "blob", "DOC", "text", "DATA", "blob", " SMALL", " WITHOUT ROWID"},
	}
	return strings.NewReplacer(types[d]...).Replace(text)
}

// migrations are the steps; one that was released never changes. Secondary
// indexes are part of the tables or idempotent by the step's number.
var migrations = []string{`
CREATE TABLE IF NOT EXISTS muster_tenants (
	tenant NAME NOT NULL PRIMARY KEY
);
CREATE TABLE IF NOT EXISTS muster_journals (
	tenant NAME NOT NULL PRIMARY KEY,
	last_seq bigint NOT NULL,
	pruned_seq bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS muster_resources (
	tenant NAME NOT NULL,
	id NAME NOT NULL,
	type NAME NOT NULL,
	version NAME NOT NULL,
	unique_key KEY_,
	external_key KEY_,
	name DOC NOT NULL,
	doc DOC NOT NULL,
	PRIMARY KEY (tenant, id),
	UNIQUE (tenant, type, id),
	UNIQUE (tenant, type, unique_key),
	UNIQUE (tenant, type, external_key, id)
);
CREATE TABLE IF NOT EXISTS muster_trash (
	tenant NAME NOT NULL,
	id NAME NOT NULL,
	type NAME NOT NULL,
	discarded bigint NOT NULL,
	doc DOC NOT NULL,
	PRIMARY KEY (tenant, id),
	UNIQUE (tenant, type, id)
);
CREATE TABLE IF NOT EXISTS muster_unique (
	tenant NAME NOT NULL,
	type NAME NOT NULL,
	path NAME NOT NULL,
	value KEY_ NOT NULL,
	id NAME NOT NULL,
	PRIMARY KEY (tenant, type, path, value),
	UNIQUE (tenant, id, path, value)
) SMALL;
CREATE TABLE IF NOT EXISTS muster_values (
	tenant NAME NOT NULL,
	type NAME NOT NULL,
	path NAME NOT NULL,
	value KEY_ NOT NULL,
	id NAME NOT NULL,
	element int NOT NULL,
	whole DATA,
	PRIMARY KEY (tenant, type, path, value, id, element),
	UNIQUE (tenant, id, path, element, value)
) SMALL;
CREATE TABLE IF NOT EXISTS muster_indexes (
	type NAME NOT NULL,
	path NAME NOT NULL,
	PRIMARY KEY (type, path)
);
CREATE TABLE IF NOT EXISTS muster_members (
	tenant NAME NOT NULL,
	relation NAME NOT NULL,
	holder NAME NOT NULL,
	member NAME NOT NULL,
	seq bigint NOT NULL,
	PRIMARY KEY (tenant, relation, holder, member),
	UNIQUE (tenant, relation, holder, seq),
	UNIQUE (tenant, member, relation, holder)
) SMALL;
CREATE TABLE IF NOT EXISTS muster_locks (
	tenant NAME NOT NULL,
	name NAME NOT NULL,
	PRIMARY KEY (tenant, name)
);
CREATE TABLE IF NOT EXISTS muster_journal (
	tenant NAME NOT NULL,
	seq bigint NOT NULL,
	happened bigint NOT NULL,
	tx NAME NOT NULL,
	kind NAME NOT NULL,
	type NAME NOT NULL,
	id NAME NOT NULL,
	data DATA NOT NULL,
	PRIMARY KEY (tenant, seq)
);
CREATE TABLE IF NOT EXISTS muster_consumers (
	tenant NAME NOT NULL,
	consumer NAME NOT NULL,
	seq bigint NOT NULL,
	PRIMARY KEY (tenant, consumer)
);
`}
