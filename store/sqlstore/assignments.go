package sqlstore

import (
	"strings"

	"github.com/muster-scim/muster/schema"
)

// assignments are columns with what they are to hold.
type assignments struct {
	dialect Dialect
	names   []string
	args    []any
}

func (a *assignments) set(column string, arg any) {
	a.names = append(a.names, a.dialect.quote(column))
	a.args = append(a.args, arg)
}

// field assigns a value. In a new row what is NULL is left to the default, and
// so are columns that cannot be NULL in any row.
func (a *assignments) field(f *field, v schema.Value, at writing, exists bool) error {
	if f.ReadOnly {
		return nil
	}
	cell, err := f.encode(v, at)
	if err != nil {
		return err
	}
	if (cell != nil || exists) && !f.keepsNull(cell) {
		a.set(f.Column.Column, cell)
	}
	if f.Key == "" {
		return nil
	}
	key, err := f.key(v)
	if err == nil && (key != nil || exists) {
		a.set(f.Key, key)
	}
	return err
}

func (a *assignments) fixed(list []Fixed) {
	for _, f := range list {
		if f.Value != nil {
			a.set(f.Column, f.Value)
		}
	}
}

func (a *assignments) insert(table string) string {
	if len(a.names) == 0 {
		return "INSERT INTO " + a.dialect.quote(table) + map[bool]string{true: " () VALUES ()", false: " DEFAULT VALUES"}[a.dialect == MySQL]
	}
	return "INSERT INTO " + a.dialect.quote(table) + " " + a.list() + " VALUES " + marks(len(a.args))
}

// list is the list of the columns.
func (a *assignments) list() string { return "(" + strings.Join(a.names, ", ") + ")" }

func (a *assignments) update(table string) string {
	return "UPDATE " + a.dialect.quote(table) + " SET " + strings.Join(a.names, " = ?, ") + " = ?"
}
