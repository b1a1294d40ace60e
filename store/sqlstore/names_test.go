package sqlstore

import (
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// New refuses what the tables would have to call by a name that is too long for
// their columns: a value that is indexed, or a relation.
func TestNamesThatDoNotFit(t *testing.T) {
	long := strings.Repeat("x", 200)
	types := []*schema.ResourceType{schema.UserDefinition(schema.Extension{Schema: schema.ExternalIDs("okta", long)}).MustCompile()}
	if _, err := New(nil, SQLite, &Config{Types: types}); err == nil || !strings.Contains(err.Error(), long) {
		t.Errorf("an indexed value: %v", err)
	}
	types = []*schema.ResourceType{schema.UserDefinition(schema.Extension{Schema: schema.ExternalIDs("okta")}).MustCompile()}
	if _, err := New(nil, SQLite, &Config{Types: types}); err != nil {
		t.Error(err)
	}
}

// Tables of a service take tenants of any name, the journal beside them not.
func TestNamesOfTenantsInTables(t *testing.T) {
	users := schema.UserDefinition().MustCompile()
	for _, journal := range []bool{false, true} {
		db, err := NewOwnTables(nil, SQLite, &Mapping{
			Tables:  []Table{{Type: users, Name: "users", ID: ID{Column: "id"}, Tenant: "tenant", Overflow: "extra", Columns: []Column{{Path: "userName", Column: "email", Unique: true}}}},
			Journal: journal,
		})
		if err != nil {
			t.Fatal(err)
		}
		for n, fits := range map[int]bool{255: true, 256: !journal} {
			if _, err := db.Tenant(store.TenantID(strings.Repeat("t", n))); (err == nil) != fits {
				t.Errorf("%d bytes, with a journal: %t: %v", n, journal, err)
			}
		}
	}
}
