package sqlstore

import (
	"fmt"
	"regexp"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// compiler fits a Mapping to its types and collects what is wrong with it.
type compiler struct {
	problems
	dialect Dialect
	tables  map[string]*ownTable
	joins   []*ownJoin
}

func compileMapping(m *Mapping, d Dialect) (*compiler, error) {
	c := &compiler{dialect: d, tables: map[string]*ownTable{}}
	if len(m.Tables) == 0 {
		c.add("Mapping.Tables is empty")
	}
	for i := range m.Tables {
		c.table(&m.Tables[i])
	}
	for i := range m.Joins {
		c.join(&m.Joins[i])
	}
	for i := range m.Tables {
		if t := c.tables[typeName(m.Tables[i].Type)]; t != nil {
			c.complete(t)
			t.selects = t.row()
			t.inlined()
		}
	}
	return c, c.err()
}

func typeName(t *schema.ResourceType) string {
	if t == nil {
		return ""
	}
	return t.Name()
}

// identifiers are the names that are quoted without a second look.
var identifiers = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$]{0,62}$`)

// qualified are names of tables with the name of a schema.
var qualified = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$]{0,62}(\.[A-Za-z_][A-Za-z0-9_$]{0,62})?$`)

// name checks a name of what; an empty one is a problem if it is needed.
func (c *compiler) name(where, what, name string, needed bool) {
	switch {
	case name == "" && needed:
		c.add("%s: %s is empty", where, what)
	case name != "" && !identifiers.MatchString(name):
		c.add("%s: %s %q is not a plain identifier", where, what, name)
	}
}

func (c *compiler) tableName(where, name string) {
	if !qualified.MatchString(name) {
		c.add("%s: the table name %q is not a plain identifier", where, name)
	}
}

func (c *compiler) table(m *Table) {
	if m.Type == nil {
		c.add("table %q: Type is nil", m.Name)
		return
	}
	where := m.Type.Name()
	if c.tables[where] != nil {
		c.add("%s has two tables", where)
		return
	}
	t := &ownTable{Table: *m, dialect: c.dialect}
	c.tables[where] = t
	c.tableName(where, m.Name)
	c.name(where, "ID.Column", m.ID.Column, true)
	c.name(where, "Tenant", m.Tenant, false)
	c.name(where, "Overflow", m.Overflow, false)
	c.name(where, "Version", m.Version, false)
	c.fixed(where, m.Where)
	if m.ID.Kind > UUIDID {
		c.add("%s: unknown ID.Kind %d", where, m.ID.Kind)
	}
	if m.ID.Generated && c.dialect == MySQL && m.ID.Kind != IntegerID {
		c.add("%s: MySQL does not tell ids that it generates unless they are integers", where)
	}
	if !m.ID.Generated && m.ID.Kind == IntegerID {
		c.add("%s: ID.Kind is IntegerID, so ID.Generated must be true", where)
	}
	if m.Deleted.Column != "" {
		c.stamp(where, "Deleted", m.Deleted, m.Type.MetaPath())
	}
	c.metaFields(t)
	t.fields = c.fields(where, m.Type, schema.Path{}, m.Columns, m.Overflow != "")
	for _, l := range m.Lists {
		c.list(t, l)
	}
}

// metaFields makes the fields of the two times.
func (c *compiler) metaFields(t *ownTable) {
	for _, s := range []struct {
		name  string
		stamp Stamp
		field **field
	}{{"created", t.Created, &t.created}, {"lastModified", t.Updated, &t.updated}} {
		if p, ok := t.Type.MetaPath().Sub(s.name); ok && s.stamp.Column != "" {
			*s.field = c.stamp(t.Type.Name(), s.name, s.stamp, p)
		}
	}
}

func (c *compiler) stamp(where, what string, s Stamp, p schema.Path) *field {
	c.name(where, what, s.Column, true)
	conv := s.As
	if conv == nil {
		conv = instant{}
	}
	if _, ok := conv.(instant); !ok {
		c.add("%s: %s is kept as a time, Unix, UnixMilli or Date", where, what)
	}
	return &field{Column: Column{Path: p.String(), Column: s.Column, As: conv}, path: p, conv: conv, dialect: c.dialect}
}

func (c *compiler) fixed(where string, list []Fixed) {
	for _, f := range list {
		c.name(where, "Where", f.Column, true)
		switch f.Value.(type) {
		case nil, string, int, int64, bool:
		default:
			c.add("%s: the value for %s must be a string, an int, a bool or nil", where, f.Column)
		}
	}
}

// fields fits columns to the attributes of a type, or to those of an element of
// in.
func (c *compiler) fields(where string, t *schema.ResourceType, in schema.Path, columns []Column, spare bool) (list []*field) {
	written := map[string]string{}
	for _, m := range columns {
		p, err := resolveIn(t, in, m.Path)
		if err != nil {
			c.add("%s: %v", where, err)
			continue
		}
		at := where + "." + p.String()
		c.name(at, "Column", m.Column, true)
		c.name(at, "Key", m.Key, false)
		if other := written[m.Column]; other != "" && !m.ReadOnly {
			c.add("%s: column %s is written for %s already; make one of them ReadOnly", at, m.Column, other)
		} else if !m.ReadOnly {
			written[m.Column] = p.String()
		}
		for _, other := range list {
			if other.path.Contains(p) || p.Contains(other.path) {
				c.add("%s is in two columns, %s and %s", at, other.Column.Column, m.Column)
			}
		}
		list = append(list, c.field(at, p, in, m, spare))
	}
	return list
}

func (c *compiler) field(at string, p, in schema.Path, m Column, spare bool) *field {
	f := &field{Column: m, path: p, conv: m.As, dialect: c.dialect, spare: spare}
	if f.conv == nil {
		f.conv = conversionOf(p)
		if p == in {
			f.conv = scalars[p.Kind()]
		}
	}
	if p == in {
		return f
	}
	if problem := f.conv.fits(p); problem != "" {
		c.add("%s: the conversion %s", at, problem)
	}
	if _, text := f.conv.(textual); m.Key != "" && !text {
		c.add("%s: Key is for texts", at)
	}
	if m.Fold > FoldStored {
		c.add("%s: unknown Fold %d", at, m.Fold)
	}
	return f
}

// resolveIn finds an attribute that can have a column.
func resolveIn(t *schema.ResourceType, in schema.Path, text string) (schema.Path, error) {
	if in.IsZero() {
		p, err := t.Path(text)
		switch {
		case err != nil:
			return p, err
		case p.IsExtension() || p.IsCommon() && p != t.ExternalIDPath():
			return p, fmt.Errorf("%s has no column of its own", text)
		case p.Parent().MultiValued():
			return p, fmt.Errorf("%s is in a list: use Lists, or JSON or Single for %s", text, p.Parent())
		}
		return p, nil
	}
	if text == "" && in.Kind() != schema.KindComplex {
		return in, nil
	}
	p, ok := in.Sub(text)
	if !ok {
		return p, fmt.Errorf("%s has no sub-attribute %q", in, text)
	}
	return p, nil
}

func (c *compiler) list(t *ownTable, m List) {
	where := t.Type.Name() + "." + m.Path
	p, err := t.Type.Path(m.Path)
	if err != nil || !p.MultiValued() || p.Parent().MultiValued() {
		c.add("%s is not a multi-valued attribute", where)
		return
	}
	c.tableName(where, m.Table)
	c.name(where, "Owner", m.Owner, true)
	c.name(where, "Tenant", m.Tenant, false)
	c.name(where, "Key", m.Key, true)
	c.name(where, "Order", m.Order, false)
	c.fixed(where, m.Where)
	l := &ownList{List: m, path: p, spare: t.Overflow != ""}
	l.fields = c.fields(where, t.Type, p, m.Columns, l.spare)
	if len(l.fields) == 0 {
		c.add("%s has no columns", where)
	}
	if t.fieldAt(p) != nil {
		c.add("%s has a column and a child table", where)
	}
	t.lists = append(t.lists, l)
}

func (c *compiler) join(m *Join) {
	j := &ownJoin{Relation: m.Relation}
	if j.Type == "" {
		j.Relation = store.GroupMembers()
	}
	where := j.Type + "." + j.Attribute
	if j.holders = c.tables[j.Type]; j.holders == nil {
		c.add("%s: there is no table for %s", where, j.Type)
		return
	}
	links, ok := store.LinksOf(j.holders.Type, j.Attribute)
	if !ok {
		c.add("%s is not a list of resources", where)
		return
	}
	var targets []store.Target
	for _, part := range m.Members {
		if target, ok := c.members(where, j, part); ok {
			targets = append(targets, target)
		}
	}
	if len(m.Members) == 0 {
		c.add("%s: Join.Members is empty", where)
	}
	j.Targets = targets
	c.joins = append(c.joins, j)
	c.roles(j, links)
	if t := j.holders; t.Version == "" && t.Updated.Column == "" && t.Overflow == "" {
		c.add("%s: a change of members must change the version, so %s needs a column for Version, Updated or Overflow", where, j.Type)
	}
}

func (c *compiler) members(where string, j *ownJoin, m Members) (store.Target, bool) {
	where += " (" + m.Type + ")"
	c.tableName(where, m.Table)
	c.name(where, "Holder", m.Holder, true)
	c.name(where, "Member", m.Member, true)
	c.name(where, "Tenant", m.Tenant, false)
	c.name(where, "Order", m.Order, m.Numbered)
	c.fixed(where, m.Where)
	target, ok := j.Target(m.Type)
	if !ok {
		c.add("%s is not a target of the relation", where)
	}
	table := c.tables[m.Type]
	if table == nil {
		c.add("%s: there is no table for %s", where, m.Type)
	}
	j.parts = append(j.parts, ownMembers{m, table})
	return target, ok && table != nil
}

// roles tells the tables what they show of a relation.
func (c *compiler) roles(j *ownJoin, links store.Links) {
	j.holders.roles = append(j.holders.roles, ownRole{role: role{j.Relation, true, links}, join: j})
	for _, target := range j.Targets {
		t := c.tables[target.Type]
		if inverse, ok := store.LinksOf(t.Type, target.Inverse); ok {
			t.roles = append(t.roles, ownRole{role: role{j.Relation, false, inverse}, join: j})
		}
	}
}

// complete checks that every attribute has a place.
func (c *compiler) complete(t *ownTable) {
	if t.Overflow != "" {
		return
	}
	for p := range t.Type.AllPaths() {
		if parent := p.Parent(); !t.placed(p) && (parent.IsZero() || t.partly(parent)) {
			c.add("%s.%s has no column: map it, name an Overflow column, or make the type with Narrow", t.Type.Name(), p)
		}
	}
}

// shown reports whether the column of an attribute also holds what is below it.
func (f *field) shown(p schema.Path) bool {
	o, single := f.conv.(one)
	if !single || p == f.path || p.Name() == "value" {
		return true
	}
	_, fixed := o.fixed[p.Name()]
	return fixed
}

// partly reports whether something below p is kept somewhere.
func (t *ownTable) partly(p schema.Path) bool {
	for sub := range p.Subs() {
		if t.placed(sub) || t.partly(sub) {
			return true
		}
	}
	return false
}

// placed reports whether p, or everything below it, is kept somewhere.
func (t *ownTable) placed(p schema.Path) bool {
	if p.IsCommon() && p != t.Type.ExternalIDPath() || t.roleAt(p) != nil {
		return true
	}
	for q := p; !q.IsZero(); q = q.Parent() {
		if f := t.fieldAt(q); f != nil {
			return f.shown(p)
		}
	}
	if l := t.listAt(p); l != nil {
		return p == l.path || l.fieldAt(p) != nil
	}
	some := false
	for sub := range p.Subs() {
		some = true
		if !t.placed(sub) {
			return false
		}
	}
	return some
}
