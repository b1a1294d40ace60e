package sqlstore

import (
	"strings"
	"sync/atomic"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// ownTable is a Table that fits a type and a database.
type ownTable struct {
	Table
	dialect Dialect
	fields  []*field
	lists   []*ownList
	roles   []ownRole
	created *field // nil without a column
	updated *field
	selects string      // what a row is read as
	bulk    *reading    // of many rows
	whole   *reading    // of one row
	near    atomic.Bool // Check has seen that indexes find the memberships of a row
}

// ownList is a List that fits a type.
type ownList struct {
	List
	path   schema.Path
	fields []*field
	spare  bool
	inline *clause // reads the rows with their owner; nil if that cannot be
}

// ownRole is the part that a type plays in one relation.
type ownRole struct {
	role
	join   *ownJoin
	naming []*field // of the holders
	inline *clause  // reads the holders with the member; nil if that cannot be
}

// ownJoin is a Join that fits its tables.
type ownJoin struct {
	store.Relation
	holders *ownTable
	parts   []ownMembers
}

// ownMembers is one join table.
type ownMembers struct {
	Members
	target *ownTable
}

// row returns the expressions that a row is read by: the id, then the fields,
// then times, version and overflow as far as there are such columns.
func (t *ownTable) row() string {
	list := []string{t.id("r")}
	for _, f := range t.fields {
		list = append(list, f.column("r"))
	}
	for _, f := range []*field{t.created, t.updated} {
		if f != nil {
			list = append(list, f.column("r"))
		}
	}
	for _, name := range []string{t.Version, t.Overflow} {
		if name != "" {
			list = append(list, "r."+t.dialect.quote(name))
		}
	}
	return strings.Join(list, ", ")
}

func (t *ownTable) id(alias string) string { return alias + "." + t.dialect.quote(t.ID.Column) }

// from is the table with an alias.
func (t *ownTable) from(alias string) string { return t.dialect.quote(t.Name) + " " + alias }

// visible adds the conditions under which a row is a resource of a tenant.
func (t *ownTable) visible(c *clause, alias string, tenant store.TenantID) {
	c.add("1 = 1")
	if t.Tenant != "" {
		c.add(" AND "+alias+"."+t.dialect.quote(t.Tenant)+" = ?", tenant)
	}
	t.dialect.fixed(c, alias, t.Where)
	if t.Deleted.Column != "" {
		c.add(" AND " + alias + "." + t.dialect.quote(t.Deleted.Column) + " IS NULL")
	}
}

// fixed adds conditions on columns.
func (d Dialect) fixed(c *clause, alias string, list []Fixed) {
	for _, f := range list {
		column := " AND " + alias + "." + d.quote(f.Column)
		if f.Value == nil {
			c.add(column + " IS NULL")
			continue
		}
		c.add(column+" = ?", f.Value)
	}
}

// fieldAt returns the field of an attribute, or nil.
func (t *ownTable) fieldAt(p schema.Path) *field { return fieldAt(t.fields, p) }

// listAt returns the list that p is or lies in, or nil.
func (t *ownTable) listAt(p schema.Path) *ownList {
	for _, l := range t.lists {
		if l.path.Contains(p) {
			return l
		}
	}
	return nil
}

// fieldAt returns the field of a sub-attribute, or for a simple list that of its
// values.
func (l *ownList) fieldAt(p schema.Path) *field { return fieldAt(l.fields, p) }

func fieldAt(fields []*field, p schema.Path) *field {
	for _, f := range fields {
		if f.path == p {
			return f
		}
	}
	return nil
}

// roleAt returns the role whose list p is or lies in, or nil.
func (t *ownTable) roleAt(p schema.Path) *ownRole {
	for i := range t.roles {
		if t.roles[i].links.Holds(p) {
			return &t.roles[i]
		}
	}
	return nil
}
