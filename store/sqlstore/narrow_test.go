package sqlstore

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
)

// Narrow leaves what has a place, and a mapping of it has no problems.
func TestNarrow(t *testing.T) {
	users := Table{
		Name: "users", ID: ID{Column: "id", Kind: IntegerID, Generated: true}, Version: "revision",
		Columns: []Column{
			{Path: "userName", Column: "email", Fold: FoldStored}, {Path: "name.givenName", Column: "first"}, {Path: "externalId", Column: "external"},
			{Path: "phoneNumbers", Column: "phone", As: Single(map[string]string{"type": "work"})},
			{Path: schema.EnterpriseUserURN + ":employeeNumber", Column: "number"},
		},
		Lists: []List{{Path: "emails", Table: "mails", Owner: "user", Key: "id", Columns: []Column{{Path: "value", Column: "mail"}}}},
	}
	full := schema.UserDefinition()
	d, err := users.Narrow(full, "groups")
	if err != nil {
		t.Fatal(err)
	}
	if users.Type, err = d.Compile(); err != nil {
		t.Fatal(err)
	}
	var names []string
	for p := range users.Type.AllPaths() {
		if !p.IsCommon() && p.Parent().IsZero() || p.Parent().Name() == "emails" || p.Parent().Name() == "phoneNumbers" || p.Parent().Name() == "name" || p.Parent().IsExtension() {
			names = append(names, p.String())
		}
	}
	want := []string{
		"userName", "name", "name.givenName", "emails", "emails.value", "phoneNumbers", "phoneNumbers.value", "phoneNumbers.type", "groups",
		schema.EnterpriseUserURN, schema.EnterpriseUserURN + ":employeeNumber",
	}
	if !slices.Equal(names, want) {
		t.Errorf("got %v\nwant %v", names, want)
	}
	if n := len(full.Schema.Attributes); n != len(schema.UserSchema().Attributes) {
		t.Errorf("the definition itself has %d attributes left", n)
	}
	_, err = NewOwnTables(nil, PostgreSQL, &Mapping{Tables: []Table{users}})
	var all *MappingError
	if !errors.As(err, &all) || !strings.Contains(err.Error(), "groups") || len(all.Problems) != 1 {
		t.Errorf("without a join only groups has no place: %v", err)
	}
}
