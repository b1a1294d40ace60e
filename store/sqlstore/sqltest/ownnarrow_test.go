package sqltest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scimtest"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/store/sqlstore/sqltest/internal/owned"
)

// narrowSchema are tables without a column for everything else.
const narrowSchema = `
CREATE TABLE staff (id ID_ NOT NULL PRIMARY KEY, email NAME_ NOT NULL, first NAME_, last NAME_, enabled BOOL_, external_ref NAME_, made TIME_, changed TIME_);
CREATE UNIQUE INDEX staff_email ON staff (lower(email));
CREATE TABLE staff_mails (id SERIAL_, staff ID_ NOT NULL, mail TEXT_, sort NAME_, main BOOL_);
CREATE TABLE units (id ID_ NOT NULL PRIMARY KEY, name NAME_ NOT NULL, external_ref NAME_, made TIME_, changed TIME_);
CREATE TABLE unit_staff (unit ID_ NOT NULL, staff ID_ NOT NULL, PRIMARY KEY (unit, staff));
CREATE TABLE unit_units (unit ID_ NOT NULL, part ID_ NOT NULL, PRIMARY KEY (unit, part))`

// narrowMapping makes the types of what these tables have a place for.
func narrowMapping(t *testing.T) *sqlstore.Mapping {
	t.Helper()
	staff := sqlstore.Table{
		Name: "staff", ID: sqlstore.ID{Column: "id", Ordered: true}, Created: sqlstore.Stamp{Column: "made"}, Updated: sqlstore.Stamp{Column: "changed"},
		Columns: []sqlstore.Column{
			{Path: "userName", Column: "email", Unique: true}, {Path: "name.givenName", Column: "first"}, {Path: "name.familyName", Column: "last"},
			{Path: "active", Column: "enabled"}, {Path: "externalId", Column: "external_ref"},
		},
		Lists: []sqlstore.List{{Path: "emails", Table: "staff_mails", Owner: "staff", Key: "id", Columns: []sqlstore.Column{
			{Path: "value", Column: "mail"}, {Path: "type", Column: "sort"}, {Path: "primary", Column: "main"},
		}}},
	}
	units := sqlstore.Table{
		Name: "units", ID: sqlstore.ID{Column: "id", Ordered: true}, Created: sqlstore.Stamp{Column: "made"}, Updated: sqlstore.Stamp{Column: "changed"},
		Columns: []sqlstore.Column{{Path: "displayName", Column: "name"}, {Path: "externalId", Column: "external_ref"}},
	}
	for _, n := range []struct {
		table *sqlstore.Table
		def   schema.Definition
		list  string
	}{{&staff, schema.UserDefinition(), "groups"}, {&units, schema.GroupDefinition(), "members"}} {
		d, err := n.table.Narrow(n.def, n.list)
		if err == nil {
			n.table.Type, err = d.Compile()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return &sqlstore.Mapping{Tables: []sqlstore.Table{staff, units}, Joins: []sqlstore.Join{{Members: []sqlstore.Members{
		{Type: "User", Table: "unit_staff", Holder: "unit", Member: "staff"}, {Type: "Group", Table: "unit_units", Holder: "unit", Member: "part"},
	}}}}
}

// A service without a column for everything else serves the attributes that it
// has, says so in /Schemas, and passes the RFC cases.
func TestOwnNarrowWire(t *testing.T) {
	e := engines(t)[0]
	pool, remove, err := e.fresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = remove() })
	if err := owned.Run(t.Context(), pool, owned.Types[e.dialect].Replace(narrowSchema)); err != nil {
		t.Fatal(err)
	}
	m := narrowMapping(t)
	s := checkedStore(t, pool, e.dialect, m)
	const base = "http://narrow.test/scim/v2"
	h, err := scim.New(scim.Config{Types: []*schema.ResourceType{m.Tables[0].Type, m.Tables[1].Type}, Store: s, AllowAnonymous: true, BaseURL: base})
	if err != nil {
		t.Fatal(err)
	}
	if schemas := answer(t, h, "GET", base+"/Schemas", ""); strings.Contains(schemas, `"nickName"`) || !strings.Contains(schemas, `"userName"`) {
		t.Error(schemas)
	}
	if created := answer(t, h, "POST", base+"/Users", `{"userName":"ann","nickName":"Annie","emails":[{"value":"a@b.example","display":"A"}]}`); strings.Contains(created, "Annie") || !strings.Contains(created, "a@b.example") {
		t.Error(created)
	}
	scimtest.Run(t, scimtest.Target{Handler: h, BaseURL: base}, &scimtest.Options{IdPs: []string{}})
}

// answer sends a request and returns the body of the answer.
func answer(t *testing.T, h http.Handler, method, url, body string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/scim+json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	data, _ := io.ReadAll(w.Result().Body)
	if w.Code >= 300 {
		t.Fatalf("%s %s: %d %s", method, url, w.Code, data)
	}
	return string(data)
}
