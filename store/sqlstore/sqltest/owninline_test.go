package sqltest

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/store/sqlstore/sqltest/internal/owned"
	"github.com/muster-scim/muster/storetest"
)

// oddTypes are data types that JSON functions do not show as they are, in the
// tables of a service with keys that are texts.
var oddTypes = map[sqlstore.Dialect]*strings.Replacer{
	sqlstore.SQLite:     strings.NewReplacer("NAME_", "text", "BOOL_", "boolean", "LABEL_", "text", "YES_", "1"),
	sqlstore.PostgreSQL: strings.NewReplacer("NAME_", "varchar(100)", "BOOL_", "boolean", "LABEL_", "varchar(20)", "YES_", "true"),
	sqlstore.MySQL:      strings.NewReplacer("NAME_", "varchar(100) CHARACTER SET latin1", "BOOL_", "bit(1)", "LABEL_", "enum('work', 'home')", "YES_", "b'1'"),
}

const oddSchema = `
CREATE TABLE people (id NAME_ NOT NULL PRIMARY KEY, email NAME_ NOT NULL, extra text);
CREATE UNIQUE INDEX people_email ON people (email);
CREATE TABLE people_emails (k NAME_ DEFAULT 'z' NOT NULL PRIMARY KEY, person NAME_ NOT NULL, address NAME_, label LABEL_, main BOOL_, kind NAME_ NOT NULL);
CREATE TABLE clubs (id NAME_ NOT NULL PRIMARY KEY, name NAME_ NOT NULL, kind NAME_ NOT NULL, extra text);
CREATE TABLE club_people (club NAME_ NOT NULL, person NAME_ NOT NULL, PRIMARY KEY (club, person));
INSERT INTO people (id, email) VALUES ('p1', 'jürgen@example.com');
INSERT INTO people_emails VALUES ('a', 'p1', 'small@example.com', 'home', NULL, 'mail'), ('B', 'p1', 'jürgen@example.com', 'work', YES_, 'mail'), ('c', 'p1', 'x', NULL, NULL, 'pager');
INSERT INTO clubs (id, name, kind) VALUES ('c1', 'Köln', 'club'), ('c2', 'Bonn', 'club'), ('c3', 'Hidden', 'other');
INSERT INTO club_people VALUES ('c2', 'p1'), ('c1', 'p1'), ('c3', 'p1')`

func oddMapping() *sqlstore.Mapping {
	return &sqlstore.Mapping{
		Tables: []sqlstore.Table{
			{
				Type: storetest.UserType(), Name: "people", ID: sqlstore.ID{Column: "id", Kind: sqlstore.TextID},
				Columns: []sqlstore.Column{{Path: "userName", Column: "email", Fold: sqlstore.FoldStored, Unique: true}},
				Lists: []sqlstore.List{{
					Path: "emails", Table: "people_emails", Owner: "person", Key: "k", Where: []sqlstore.Fixed{{Column: "kind", Value: "mail"}},
					Columns: []sqlstore.Column{{Path: "value", Column: "address"}, {Path: "type", Column: "label"}, {Path: "primary", Column: "main"}},
				}},
				Overflow: "extra",
			},
			{
				Type: storetest.GroupType(), Name: "clubs", ID: sqlstore.ID{Column: "id", Kind: sqlstore.TextID}, Where: []sqlstore.Fixed{{Column: "kind", Value: "club"}},
				Columns: []sqlstore.Column{{Path: "displayName", Column: "name"}}, Overflow: "extra",
			},
		},
		Joins: []sqlstore.Join{{Members: []sqlstore.Members{{Type: "User", Table: "club_people", Holder: "club", Member: "person"}}}},
	}
}

// A resource is the same whether what belongs to it is read in one statement,
// for many resources at once, or locked: with texts in any character set, bits,
// enums, keys that databases order in ways of their own, and rows that do not
// count.
func TestOwnReadsAgree(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			s := oddStore(t, e, "")
			ref := store.Ref{Type: "User", ID: "p1"}
			alone, err := s.Get(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			const want = `"emails":[{"value":"jürgen@example.com","type":"work","primary":true},{"value":"small@example.com","type":"home"}],"groups":[{"value":"c1","display":"Köln","type":"direct"},{"value":"c2","display":"Bonn","type":"direct"}]`
			if got := text(t, alone); !strings.Contains(got, want) {
				t.Errorf("got %s, which lacks %s", got, want)
			}
			for r, err := range s.Scan(t.Context(), "User", "") {
				if err != nil || text(t, r) != text(t, alone) {
					t.Errorf("one of many is %s (%v), alone %s", text(t, r), err, text(t, alone))
				}
			}
			if err := s.Delete(t.Context(), ref, store.Write{Version: alone.Version()}); err != nil {
				t.Errorf("the version that was read alone does not match that of the locked row: %v", err)
			}
		})
	}
}

// oddStore makes the tables, runs more statements, and returns the store on a
// pool whose connections have a setting.
func oddStore(t *testing.T, e engine, setting string, more ...string) *sqlstore.OwnStore {
	t.Helper()
	source, remove, err := e.make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = remove() })
	pool, err := sql.Open(e.driver, source+setting)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	if err := owned.Run(t.Context(), pool, strings.Join(append([]string{oddTypes[e.dialect].Replace(oddSchema)}, more...), ";\n")); err != nil {
		t.Fatal(err)
	}
	return checkedStore(t, pool, e.dialect, oddMapping())
}

// text is a resource as JSON, with its version.
func text(t *testing.T, r *schema.Resource) string {
	t.Helper()
	doc, err := r.AppendJSON(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %s", doc, r.Version())
}

// MariaDB cuts JSON arrays off that are longer than its group_concat_max_len.
// What was cut off is read again, with a statement of its own.
func TestOwnLongLists(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			s := oddStore(t, e, map[bool]string{true: "?group_concat_max_len=128"}[e.dialect == sqlstore.MySQL])
			for n := range 40 { // some of them are cut between two rows
				group, _, err := storetest.GroupType().Decode(fmt.Appendf(nil, `{"schemas":[%q],"displayName":"Club %d","members":[{"value":"p1"}]}`, schema.GroupURN, n), nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := s.Create(t.Context(), group, store.Write{}); err != nil {
					t.Fatal(err)
				}
				r, err := s.Get(t.Context(), store.Ref{Type: "User", ID: "p1"})
				if err != nil || r.Get(storetest.UserType().MustPath("groups")).Len() != n+3 {
					t.Fatalf("%d groups of %d: %v", r.Get(storetest.UserType().MustPath("groups")).Len(), n+3, err)
				}
			}
		})
	}
}

// A member that a rule of the service keeps out is refused by name, and not left
// out silently; one that is there already is not.
func TestOwnRulesOfJoinTables(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			s := oddStore(t, e, "", "DELETE FROM club_people", "CREATE UNIQUE INDEX one_club ON club_people (person)", "INSERT INTO people (id, email) VALUES ('p2', 'two@example.com')")
			if _, err := s.Patch(t.Context(), adding(t, "c1", "p1", "p2"), store.Write{}); err != nil {
				t.Fatal(err)
			}
			if out, err := s.Patch(t.Context(), adding(t, "c1", "p1", "p2"), store.Write{}); err != nil || out.Changed {
				t.Errorf("adding members again: %v, %v", out, err)
			}
			if _, err := s.Patch(t.Context(), adding(t, "c2", "p1"), store.Write{}); !errors.Is(err, schema.ErrValue) || !strings.Contains(err.Error(), "p1") {
				t.Errorf("the second club of a member: %v", err)
			}
		})
	}
}

// adding is a PATCH that adds members to a club.
func adding(t *testing.T, club schema.ID, ids ...string) store.Patch {
	t.Helper()
	values := make([]string, len(ids))
	for i, id := range ids {
		values[i] = fmt.Sprintf(`{"value":%q}`, id)
	}
	request, err := patch.Parse(fmt.Appendf(nil, `{"schemas":[%q],"Operations":[{"op":"add","path":"members","value":[%s]}]}`, patch.MessageURN, strings.Join(values, ",")), nil)
	if err != nil {
		t.Fatal(err)
	}
	changes, err := request.Compile(storetest.GroupType(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return store.Patch{Ref: store.Ref{Type: "Group", ID: club}, Changes: changes}
}

// Tables of a service have no bin, and the store says so.
func TestOwnHasNoTrash(t *testing.T) {
	s := oddStore(t, engines(t)[0], "")
	if has := store.CapabilitiesOf(s); has.Trash || has.Journal || !has.Query || !has.Patch || !has.Tx {
		t.Errorf("%+v", has)
	}
}
