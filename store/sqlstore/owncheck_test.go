package sqlstore

import (
	"slices"
	"testing"
)

// An overflow column may be of any type that gives back the text that it got.
// MySQL's json does not: it keeps numbers as MySQL does. MariaDB's is a longtext
// under another name.
func TestCheckOverflow(t *testing.T) {
	for _, tt := range []struct {
		dialect Dialect
		kind    string
		want    []string
	}{
		{PostgreSQL, "json", nil},
		{PostgreSQL, "jsonb", nil},
		{SQLite, "json", nil},
		{MySQL, "longtext", nil},
		{MySQL, "json", []string{"users.extra is of type json, which rounds numbers in MySQL: make it longtext"}},
		{MySQL, "bigint", []string{"users.extra (the overflow) is of type bigint, and should be of a type for JSON"}},
	} {
		c := &checker{
			dialect: tt.dialect, used: map[string]map[string]bool{"users": {}},
			columns: map[string]map[string]catalogColumn{"users": {"extra": {name: "extra", kind: tt.kind}}},
		}
		c.overflow(&ownTable{Table: Table{Name: "users", Overflow: "extra"}})
		if !slices.Equal(c.list, tt.want) {
			t.Errorf("%s, %s: %q", tt.dialect, tt.kind, c.list)
		}
	}
}
