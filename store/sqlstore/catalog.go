package sqlstore

import (
	"context"
	"strings"
)

// catalogColumn is a column as the database describes it.
type catalogColumn struct {
	name      string
	kind      string // the data type, in lower case
	nullable  bool
	filled    bool   // the database has a default or makes the value
	collation string // "" if it has none or says nothing
}

// columnQueries list the columns of a table: name, type, whether it may be NULL,
// whether it fills itself, collation. The parameters are the schema, "" for the
// current one, and the table.
var columnQueries = map[Dialect]string{
	PostgreSQL: `SELECT column_name, CASE WHEN data_type = 'USER-DEFINED' THEN udt_name ELSE data_type END, CASE WHEN is_nullable = 'YES' THEN 1 ELSE 0 END,
		CASE WHEN column_default IS NOT NULL OR is_identity = 'YES' OR is_generated = 'ALWAYS' THEN 1 ELSE 0 END, COALESCE(collation_name, '')
		FROM information_schema.columns WHERE table_schema = COALESCE(NULLIF(CAST(? AS text), ''), current_schema()) AND table_name = CAST(? AS text)`,
	MySQL: `SELECT COLUMN_NAME, COLUMN_TYPE, CASE WHEN IS_NULLABLE = 'YES' THEN 1 ELSE 0 END,
		CASE WHEN COLUMN_DEFAULT IS NOT NULL AND NOT (IS_NULLABLE = 'YES' AND COLUMN_DEFAULT = 'NULL') OR EXTRA LIKE '%auto_increment%' OR EXTRA LIKE '%GENERATED%' THEN 1 ELSE 0 END, COALESCE(COLLATION_NAME, '')
		FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND TABLE_NAME = ?`,
	SQLite: `SELECT name, type, CASE WHEN "notnull" = 0 AND pk = 0 THEN 1 ELSE 0 END,
		CASE WHEN dflt_value IS NOT NULL OR hidden > 1 OR pk > 0 AND lower(type) = 'integer' THEN 1 ELSE 0 END, '' FROM pragma_table_xinfo(?2, NULLIF(?1, ''))`,
}

// indexQueries list the columns of the indexes of a table, in order: index,
// column or an expression, and whether the index is unique.
var indexQueries = map[Dialect]string{
	PostgreSQL: `SELECT i.indexrelid::text, pg_get_indexdef(i.indexrelid, k.n, true), i.indisunique FROM pg_index i
		JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace s ON s.oid = c.relnamespace, generate_series(1, i.indnkeyatts) k(n)
		WHERE s.nspname = COALESCE(NULLIF(CAST(? AS text), ''), current_schema()) AND c.relname = CAST(? AS text) ORDER BY 1, k.n`,
	MySQL: `SELECT INDEX_NAME, COALESCE(COLUMN_NAME, 'lower()'), NON_UNIQUE = 0 FROM information_schema.STATISTICS
		WHERE TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND TABLE_NAME = ? ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
	SQLite: `SELECT name, part, one FROM (SELECT l.name AS name, COALESCE(x.name, (SELECT sql FROM sqlite_master WHERE type = 'index' AND name = l.name), '') AS part, l."unique" AS one, x.seqno AS n
		FROM pragma_index_list(?2, NULLIF(?1, '')) l, pragma_index_xinfo(l.name, NULLIF(?1, '')) x WHERE x.key = 1
		UNION ALL SELECT 'primary key', name, 1, pk FROM pragma_table_info(?2, NULLIF(?1, '')) WHERE pk > 0) ORDER BY name, n`,
}

// index is an index as the database describes it.
type index struct {
	name   string
	parts  []string // columns or expressions, in lower case
	unique bool
}

// columns reads the columns of a table; there are none if there is no table.
func (t *tx) columns(ctx context.Context, table string) (map[string]catalogColumn, error) {
	found := map[string]catalogColumn{}
	err := t.each(ctx, columnQueries[t.dialect], nameArgs(table), func(scan func(...any) error) error {
		var c catalogColumn
		err := scan(&c.name, &c.kind, &c.nullable, &c.filled, &c.collation)
		c.kind = strings.ToLower(c.kind)
		found[c.name] = c
		return err
	})
	return found, err
}

// indexesOf reads the indexes of a table.
func (t *tx) indexesOf(ctx context.Context, table string) (found []index, err error) {
	err = t.each(ctx, indexQueries[t.dialect], nameArgs(table), func(scan func(...any) error) error {
		var i index
		var part string
		err := scan(&i.name, &part, &i.unique)
		if n := len(found); n == 0 || found[n-1].name != i.name {
			found = append(found, i)
		}
		last := &found[len(found)-1]
		last.parts = append(last.parts, strings.ToLower(strings.Trim(part, "\"`")))
		return err
	})
	return found, err
}

func nameArgs(table string) []any {
	schema, name, ok := strings.Cut(table, ".")
	if !ok {
		return []any{"", table}
	}
	return []any{schema, name}
}

// typeClasses are the classes of data types by a part of their name; the first
// that fits counts.
var typeClasses = []struct {
	part    string
	classes []class
}{
	{"tinyint", []class{integers, booleans}},
	{"interval", nil},
	{"point", nil},
	{"int", []class{integers}},
	{"serial", []class{integers}},
	{"json", []class{jsons}},
	{"bool", []class{booleans}},
	{"bit", []class{booleans}},
	{"uuid", []class{uuids}},
	{"bytea", []class{binaries}},
	{"binary", []class{binaries}},
	{"blob", []class{binaries}},
	{"char", []class{texts}},
	{"text", []class{texts}},
	{"clob", []class{texts}},
	{"enum", []class{texts}},
	{"date", []class{times}},
	{"time", []class{times}},
	{"numeric", []class{numbers}},
	{"decimal", []class{numbers}},
	{"double", []class{numbers}},
	{"float", []class{numbers}},
	{"real", []class{numbers}},
	{"number", []class{numbers}},
}

// classes returns the classes of the type, and false for a type that is the
// host's own affair, such as a domain or an enum of PostgreSQL.
func (c catalogColumn) classes() ([]class, bool) {
	for _, t := range typeClasses {
		if strings.Contains(c.kind, t.part) {
			return t.classes, true
		}
	}
	return nil, false
}
