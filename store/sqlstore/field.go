package sqlstore

import (
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// field is a Column that fits a type and a database.
type field struct {
	Column
	path    schema.Path
	conv    Conversion
	dialect Dialect
	spare   bool // where the column does not show the whole value, the overflow column has it
}

// encode returns what the column holds for a value, which may be unassigned.
func (f *field) encode(v schema.Value, at writing) (any, error) {
	_, text := f.conv.(textual)
	switch {
	case v.IsZero() && f.NotNull && text:
		return "", nil
	case v.IsZero():
		return f.absent(at)
	}
	cell, err := f.conv.encode(f.path, v, at)
	if s, ok := cell.(string); ok && text && f.Fold == FoldStored && !f.path.CaseExact() {
		return strings.ToLower(s), err
	}
	return cell, err
}

// absent is what the column holds without a value.
func (f *field) absent(at writing) (any, error) {
	if m, ok := f.conv.(mark); ok && !m.null {
		return m.encode(f.path, schema.Bool(false), at)
	}
	return nil, nil
}

func (f *field) decode(cell any) schema.Value {
	if _, ok := f.conv.(mark); cell == nil && !ok {
		return schema.Value{}
	}
	return f.conv.decode(f.path, cell)
}

// shows returns a value as the column shows it.
func (f *field) shows(v schema.Value) schema.Value {
	cell, err := f.encode(v, writing{dialect: f.dialect})
	if err != nil {
		return schema.Value{}
	}
	return f.decode(cell)
}

// keepsNull reports whether the column is left alone instead of being set to
// NULL.
func (f *field) keepsNull(cell any) bool { return cell == nil && f.NotNull }

// column is the quoted name of the column in the row with an alias.
func (f *field) column(alias string) string { return alias + "." + f.dialect.quote(f.Column.Column) }

// compare adds a condition on the row with an alias.
func (f *field) compare(c *clause, alias string, e *filter.Compare) (loose bool, err error) {
	if f.Key != "" {
		key := alias + "." + f.dialect.quote(f.Key)
		c.add("(" + key + " IS NOT NULL AND ")
		err = f.dialect.keyTest(c, key, key, e)
		c.add(")")
		return false, err
	}
	column := f.column(alias)
	if _, ok := f.conv.(mark); ok {
		return f.conv.test(c, f, column, e)
	}
	c.add("(" + column + " IS NOT NULL AND ")
	loose, err = f.conv.test(c, f, column, e)
	c.add(")")
	return loose, err
}

// key returns the prepared form of a value for the Key column.
func (f *field) key(v schema.Value) (any, error) {
	if v.IsZero() {
		return nil, nil
	}
	key := sortKey(f.path, v)
	if len(key) > maxKey {
		return nil, refuse(f.path, "is too long")
	}
	return []byte(key), nil
}

// quote makes an identifier of a checked name.
func (d Dialect) quote(name string) string {
	mark := `"`
	if d == MySQL {
		mark = "`"
	}
	return mark + strings.ReplaceAll(name, ".", mark+"."+mark) + mark
}
