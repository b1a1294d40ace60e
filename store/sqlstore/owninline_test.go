package sqlstore

import (
	"errors"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// A look-up on MySQL casts what MySQL's JSON shows in Base64 and MariaDB's in
// other letters, and counts the rows of each array.
func TestInlineArraysOfMySQL(t *testing.T) {
	users, groups := schema.UserDefinition().MustCompile(), schema.GroupDefinition().MustCompile()
	db, err := NewOwnTables(nil, MySQL, &Mapping{
		Tables: []Table{
			{
				Type: users, Name: "users", ID: ID{Column: "id"}, Overflow: "extra", Columns: []Column{{Path: "userName", Column: "email", Fold: FoldColumn, Unique: true}},
				Lists: []List{{Path: "emails", Table: "mails", Owner: "user", Key: "id", Columns: []Column{{Path: "value", Column: "address"}, {Path: "primary", Column: "main"}}}},
			},
			{Type: groups, Name: "teams", ID: ID{Column: "id"}, Overflow: "extra", Columns: []Column{{Path: "displayName", Column: "name"}}},
		},
		Joins: []Join{{Members: []Members{{Type: "User", Table: "team_users", Holder: "team", Member: "user"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := db.Tenant("")
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Explain(store.Query{Type: "User", Filter: filter.MustParse(users, `userName eq "x"`), Count: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"(SELECT CONCAT(COUNT(*), ':', JSON_ARRAYAGG(JSON_ARRAY(l.`id`, l.`id`, CAST(l.`address` AS CHAR), l.`main` + 0))) FROM `mails` l WHERE l.`user` = r.`id`)",
		"(SELECT CONCAT(COUNT(*), ':', JSON_ARRAYAGG(JSON_ARRAY(CAST(h.`id` AS CHAR), CAST(h.`name` AS CHAR)))) FROM `team_users` m JOIN `teams` h ON h.`id` = m.`team` WHERE m.`user` = r.`id`)",
	} {
		if !strings.Contains(e.SQL, want) {
			t.Errorf("%s\nlacks %s", e.SQL, want)
		}
	}
}

// Arrays that were cut off are noticed wherever the cut is.
func TestArraysCutOff(t *testing.T) {
	const whole = `2:[["a", 1], ["b", 2]]`
	if rows, err := arrays(whole, 2); err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	for n := 2; n < len(whole); n++ {
		if rows, err := arrays(whole[:n], 2); !errors.Is(err, errCut) {
			t.Errorf("%s: %v, %v", whole[:n], rows, err)
		}
	}
	if rows, err := arrays(`2:[["a", 1]]`, 2); !errors.Is(err, errCut) {
		t.Errorf("cut between rows: %v, %v", rows, err)
	}
	if rows, err := arrays(nil, 2); err != nil || rows != nil {
		t.Errorf("no rows: %v, %v", rows, err)
	}
}
