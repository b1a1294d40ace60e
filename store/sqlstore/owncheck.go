package sqlstore

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Check compares the mapping with the tables that are there. Call it when the
// service starts. The error is a *MappingError that lists every table and column
// that is missing or of the wrong type, every unique index that is missing, and
// every column that nobody fills; or an error of the database.
//
// It also finds out whether indexes find the memberships of a resource. Before,
// and if there is none, those of a page are read with a statement of their own.
func (db *OwnTables) Check(ctx context.Context) error {
	c := &checker{dialect: db.dialect, used: map[string]map[string]bool{}}
	err := retry(ctx, func() error {
		return db.db.run(ctx, reads, func(t *tx) error {
			c.tx, c.list, c.columns, c.far = t, nil, map[string]map[string]catalogColumn{}, map[*ownTable]bool{}
			return c.all(ctx, db)
		})
	})
	if err != nil {
		return err
	}
	for _, t := range db.tables {
		t.near.Store(!c.far[t])
	}
	return c.err()
}

// checker compares tables.
type checker struct {
	problems
	tx      *tx
	dialect Dialect
	columns map[string]map[string]catalogColumn // by table, as far as it was read
	used    map[string]map[string]bool          // the columns of each table that are filled
	far     map[*ownTable]bool                  // those for whose rows no index finds a membership
}

func (c *checker) all(ctx context.Context, db *OwnTables) error {
	for _, name := range slices.Sorted(maps.Keys(db.tables)) {
		if err := c.table(ctx, db.tables[name]); err != nil {
			return err
		}
	}
	for _, j := range db.joins {
		for _, part := range j.parts {
			if err := c.join(ctx, j, part); err != nil {
				return err
			}
		}
	}
	if db.journal {
		if columns, err := c.read(ctx, "muster_journal"); err != nil || columns == nil {
			return err
		}
	}
	c.unfilled()
	return c.lower(ctx, db)
}

// read reads the columns of a table, and notes if there is none.
func (c *checker) read(ctx context.Context, table string) (map[string]catalogColumn, error) {
	if columns, ok := c.columns[table]; ok {
		return columns, nil
	}
	columns, err := c.tx.columns(ctx, table)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		c.add("there is no table %s", table)
		columns = nil
	}
	c.columns[table] = columns
	if c.used[table] == nil {
		c.used[table] = map[string]bool{}
	}
	return columns, nil
}

// column checks that a column is there and of one of some classes. It reports
// whether there is more to check.
func (c *checker) column(table, name, why string, classes ...class) (catalogColumn, bool) {
	columns := c.columns[table]
	if columns == nil || name == "" {
		return catalogColumn{}, false
	}
	c.used[table][name] = true
	col, ok := columns[name]
	if !ok {
		c.add("table %s has no column %s (%s)", table, name, why)
		return col, false
	}
	has, known := col.classes()
	if known && len(classes) > 0 && !slices.ContainsFunc(has, func(h class) bool { return slices.Contains(classes, h) }) {
		c.add("%s.%s (%s) is of type %s, and should be of a type for %s", table, name, why, col.kind, classes[0])
	}
	return col, true
}

func (c *checker) table(ctx context.Context, t *ownTable) error {
	if columns, err := c.read(ctx, t.Name); err != nil || columns == nil {
		return err
	}
	typ := t.Type.Name()
	c.id(t)
	c.column(t.Name, t.Tenant, "the tenant")
	c.column(t.Name, t.Version, "the version", integers, numbers)
	c.overflow(t)
	c.fixed(t.Name, t.Where)
	c.stamps(t)
	for _, f := range t.fields {
		c.field(t.Name, typ+"."+f.path.String(), f, f.path.Required())
	}
	indexes, err := c.tx.indexesOf(ctx, t.Name)
	if err != nil {
		return err
	}
	c.unique(t.Name, "the id", indexes, t.Tenant, t.ID.Column)
	for _, f := range t.fields {
		if f.Unique {
			c.unique(t.Name, typ+"."+f.path.String(), indexes, t.Tenant, f.indexedAs())
		}
	}
	for _, l := range t.lists {
		if err := c.child(ctx, t, l); err != nil {
			return err
		}
	}
	return nil
}

// idClasses are the classes of columns with ids.
var idClasses = map[IDKind][]class{TextID: {texts, binaries}, IntegerID: {integers, numbers}, UUIDID: {uuids, texts, binaries}}

// id checks the column of the id.
func (c *checker) id(t *ownTable) {
	col, ok := c.column(t.Name, t.ID.Column, "the id of "+t.Type.Name(), idClasses[t.ID.Kind]...)
	if !ok {
		return
	}
	if t.ID.Generated && !col.filled {
		c.add("%s.%s has no default, so the database does not make ids", t.Name, t.ID.Column)
	}
	if t.ID.Kind == TextID && t.ID.Ordered && !col.byBytes() {
		c.add("%s.%s is compared by the collation %s, so ID.Ordered must not be set", t.Name, t.ID.Column, col.collation)
	}
}

// byBytes reports whether a text column sorts by bytes, as far as is known.
func (c catalogColumn) byBytes() bool {
	return c.collation == "" || c.collation == "C" || c.collation == "POSIX" || c.collation == "ucs_basic" || strings.HasSuffix(c.collation, "_bin") || c.collation == "binary"
}

func (c *checker) stamps(t *ownTable) {
	for _, f := range []*field{t.created, t.updated} {
		if f != nil {
			c.column(t.Name, f.Column.Column, f.path.String(), f.conv.holds()...)
		}
	}
	if t.Deleted.Column != "" {
		if col, ok := c.column(t.Name, t.Deleted.Column, "the time of deletion"); ok && !col.nullable {
			c.add("%s.%s cannot be NULL, so every resource would be deleted", t.Name, t.Deleted.Column)
		}
	}
}

// overflow checks the column for what has no other. That of a column of its own
// is compared after each write; what is here is not.
func (c *checker) overflow(t *ownTable) {
	col, ok := c.column(t.Name, t.Overflow, "the overflow", jsons, texts)
	if ok && c.dialect == MySQL && col.kind == "json" {
		c.add("%s.%s is of type json, which rounds numbers in MySQL: make it longtext", t.Name, t.Overflow)
	}
}

func (c *checker) fixed(table string, list []Fixed) {
	for _, f := range list {
		c.column(table, f.Column, "a condition")
	}
}

// field checks the column of an attribute.
func (c *checker) field(table, what string, f *field, required bool) {
	col, ok := c.column(table, f.Column.Column, what, f.conv.holds()...)
	if f.Key != "" {
		c.column(table, f.Key, "the key of "+what, binaries)
	}
	if !ok || f.ReadOnly || required || col.nullable || f.NotNull {
		return
	}
	if _, ok := f.conv.(mark); ok {
		c.add("%s.%s (%s) cannot be NULL", table, f.Column.Column, what)
		return
	}
	c.add("%s.%s cannot be NULL, but %s may have no value: set NotNull", table, f.Column.Column, what)
}

// indexedAs is what the index of a unique attribute has to be on.
func (f *field) indexedAs() string {
	switch {
	case f.Key != "":
		return f.Key
	case f.Fold == FoldLower && !f.path.CaseExact():
		return "lower(" + f.Column.Column
	}
	return f.Column.Column
}

// unique checks that an index keeps values apart, within a tenant if there is
// one.
func (c *checker) unique(table, what string, indexes []index, tenant, column string) {
	for _, i := range indexes {
		if i.unique && i.on(column) && !i.beyond(column, tenant) {
			return
		}
	}
	on := column
	if strings.Contains(on, "(") {
		on += ")"
	}
	if tenant != "" {
		on = tenant + ", " + on
	}
	c.add("table %s has no unique index on (%s), which %s needs", table, on, what)
}

// on reports whether a column is part of an index.
func (i index) on(column string) bool {
	return slices.ContainsFunc(i.parts, func(has string) bool { return covers(has, column) })
}

// beyond reports whether an index has other parts than some columns.
func (i index) beyond(columns ...string) bool {
	return slices.ContainsFunc(i.parts, func(has string) bool {
		return !slices.ContainsFunc(columns, func(column string) bool { return column != "" && covers(has, column) })
	})
}

// leads reports whether an index finds rows by a column, within a tenant if
// there is one.
func (i index) leads(tenant, column string) bool {
	parts := i.parts
	if tenant != "" && covers(parts[0], tenant) {
		parts = parts[1:]
	}
	return len(parts) > 0 && covers(parts[0], column)
}

// covers reports whether a part of an index is a column, or an expression with
// it.
func covers(has, column string) bool {
	column = strings.ToLower(column)
	if !strings.HasPrefix(column, "lower(") {
		return has == column
	}
	name := strings.TrimPrefix(column, "lower(")
	return has == "lower()" || strings.Contains(has, "lower(") && strings.Contains(has, name)
}

func (c *checker) child(ctx context.Context, t *ownTable, l *ownList) error {
	if columns, err := c.read(ctx, l.Table); err != nil || columns == nil {
		return err
	}
	what := t.Type.Name() + "." + l.path.String()
	c.column(l.Table, l.Owner, "the owner of "+what, idClasses[t.ID.Kind]...)
	c.column(l.Table, l.Tenant, "the tenant")
	c.column(l.Table, l.Order, "the order of "+what, integers, numbers)
	c.fixed(l.Table, l.Where)
	if col, ok := c.column(l.Table, l.Key, "the key of "+what); ok && !col.filled {
		c.add("%s.%s has no default, so the database does not fill it", l.Table, l.Key)
	}
	for _, f := range l.fields {
		c.field(l.Table, t.Type.Name()+"."+f.path.String(), f, f.path.Required() || f.path == l.path)
	}
	return nil
}

func (c *checker) join(ctx context.Context, j *ownJoin, part ownMembers) error {
	if columns, err := c.read(ctx, part.Table); err != nil || columns == nil {
		return err
	}
	what := fmt.Sprintf("%s.%s", j.Type, j.Attribute)
	c.column(part.Table, part.Holder, "the holder of "+what, idClasses[j.holders.ID.Kind]...)
	c.column(part.Table, part.Member, "the member of "+what, idClasses[part.target.ID.Kind]...)
	c.column(part.Table, part.Tenant, "the tenant")
	c.fixed(part.Table, part.Where)
	if col, ok := c.column(part.Table, part.Order, "the order of "+what, integers, numbers); ok && !part.Numbered && !col.filled {
		c.add("%s.%s has no default: set Numbered, or leave Order empty", part.Table, part.Order)
	}
	indexes, err := c.tx.indexesOf(ctx, part.Table)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(indexes, func(i index) bool { return i.leads(part.Tenant, part.Member) }) {
		c.far[part.target] = true
	}
	if slices.ContainsFunc(indexes, func(i index) bool { return i.unique && !i.beyond(part.Holder, part.Member, part.Tenant) }) {
		return nil
	}
	c.add("table %s has no unique index on (%s, %s), which %s needs", part.Table, part.Holder, part.Member, what)
	return nil
}

// unfilled reports columns that cannot be NULL and that nothing fills.
func (c *checker) unfilled() {
	for _, table := range slices.Sorted(maps.Keys(c.columns)) {
		for _, name := range slices.Sorted(maps.Keys(c.columns[table])) {
			col := c.columns[table][name]
			if !col.nullable && !col.filled && !c.used[table][name] && !strings.HasPrefix(table, "muster_") {
				c.add("%s.%s cannot be NULL and has no default, and no attribute fills it", table, name)
			}
		}
	}
}

// lower checks that lower() does what it is said to do.
func (c *checker) lower(ctx context.Context, db *OwnTables) error {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	var got string
	if _, err := c.tx.one(ctx, "SELECT lower('"+letters+"')", nil, &got); err != nil {
		return err
	}
	if got != strings.ToLower(letters) {
		c.add("lower() of this database does not know the letters of ASCII: it makes %s of them", got)
	}
	return nil
}
