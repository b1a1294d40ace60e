package sqlstore

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
)

// A mapping reports all its mistakes at once.
func TestMappingProblems(t *testing.T) {
	users, groups := schema.UserDefinition().MustCompile(), schema.GroupDefinition().MustCompile()
	_, err := NewOwnTables(nil, MySQL, &Mapping{
		Tables: []Table{
			{Type: users, Name: "users; DROP", ID: ID{Kind: UUIDID, Generated: true}, Overflow: "extra", Columns: []Column{
				{Path: "userName", Column: "email"},
				{Path: "displayName", Column: "email"},
				{Path: "noSuch", Column: "x"},
				{Path: "emails.value", Column: "mail"},
				{Path: "active", Column: "state", As: Enum(map[string]string{"maybe": "m"}, "")},
				{Path: "title", Column: "title", As: Unix()},
				{Path: "meta.created", Column: "created"},
				{Path: "nickName", Column: "nick", Fold: 9},
				{Path: "name", Column: "name", As: JSON()},
				{Path: "name.givenName", Column: "given"},
			}, Where: []Fixed{{"kind", 1.5}}},
			{Type: groups, Name: "groups", ID: ID{Column: "id"}, Columns: []Column{{Path: "displayName", Column: "name"}}},
			{Type: groups, Name: "groups2", ID: ID{Column: "id"}},
			{Name: "nothing"},
		},
		Joins: []Join{{Members: []Members{{Type: "User", Table: "m", Holder: "g"}, {Type: "Robot", Table: "m", Holder: "g", Member: "u"}}}},
	})
	var all *MappingError
	if !errors.As(err, &all) || !errors.Is(err, ErrMapping) {
		t.Fatal(err)
	}
	for _, want := range []string{
		`the table name "users; DROP" is not a plain identifier`,
		"User: ID.Column is empty",
		"MySQL does not tell ids that it generates",
		"User.displayName: column email is written for userName already",
		"noSuch",
		"emails.value is in a list",
		"is no value of the attribute: maybe",
		"User.title: the conversion is for attributes of another type",
		"meta.created has no column of its own",
		"User.nickName: unknown Fold 9",
		"User.name.givenName is in two columns, name and given",
		"the value for kind must be",
		"Group has two tables",
		`table "nothing": Type is nil`,
		"Group.members (User): Member is empty",
		"Group.members (Robot) is not a target of the relation",
		"there is no table for Robot",
		"needs a column for Version, Updated or Overflow",
		"Group.externalId has no column",
	} {
		if !slices.ContainsFunc(all.Problems, func(p string) bool { return strings.Contains(p, want) }) {
			t.Errorf("no problem says %q", want)
		}
	}
	if len(all.Problems) > 30 {
		t.Errorf("%d problems: %s", len(all.Problems), err)
	}
	if t.Failed() {
		t.Log(strings.Join(all.Problems, "\n"))
	}
}

func TestMappingMissing(t *testing.T) {
	for _, m := range []*Mapping{nil, {}} {
		if _, err := NewOwnTables(nil, SQLite, m); !errors.Is(err, ErrMapping) {
			t.Error(err)
		}
	}
	if _, err := NewOwnTables(nil, 0, nil); err == nil {
		t.Error("a dialect of none is accepted")
	}
}
