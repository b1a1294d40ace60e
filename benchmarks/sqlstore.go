package benchmarks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
)

// sqlGoals are the goals of one database.
func sqlGoals(d sqlstore.Dialect) []Goal {
	measure := func(fn func(*Lab, *sqlDirectory) (Measurement, error)) func(*Lab) (Measurement, error) {
		return func(l *Lab) (Measurement, error) {
			s, err := l.sqlDirectory(d)
			if err != nil {
				return Measurement{}, err
			}
			return fn(l, s)
		}
	}
	return []Goal{
		{Name: "find by userName, over the same lookup by hand", Limit: 1.3, Unit: Times, Measure: measure(measureSQLFind(byUserName))},
		{Name: "find by emails.value, over the same lookup by hand", Limit: 1.3, Unit: Times, Measure: measure(measureSQLFind(byEmail))},
		{Name: "find 80 users by active and title, over the same lookup by hand", Limit: 1.3, Unit: Times, Measure: measure(measureSQLFind(byTitle))},
		{Name: "page of 100 by cursor, at the end over the beginning", Limit: 1.5, Unit: Times, Measure: measure(measureSQLPage)},
		{Name: "add and remove a member, group of all users over group of ten", Limit: 2, Unit: Times, Measure: measure(measureSQLMember)},
		{Name: "create, throughput over plain inserts of the same rows", Limit: 0.7, AtLeast: true, Unit: Times, Measure: measure(measureSQLCreate)},
		{Name: "members of the group of all users: memory while they stream", Limit: 16, Unit: Mebibytes, Measure: measure(measureSQLStream)},
	}
}

func measureSQLPage(l *Lab, d *sqlDirectory) (Measurement, error) {
	n := min(100, len(d.ids)/4)
	page := func(at int) Work {
		q := store.Query{Type: "User", Count: n, After: store.Position(d.ids[at])}
		return func() error {
			page, err := d.store.Query(context.Background(), q)
			if err == nil && len(page.Resources) != n {
				err = fmt.Errorf("%d users after the %dth", len(page.Resources), at)
			}
			return err
		}
	}
	return l.ratio(page(len(d.ids)-n-2), page(0))
}

func measureSQLMember(l *Lab, d *sqlDirectory) (Measurement, error) {
	all, err := changeMember(d.store, d.all, d.ids[5])
	if err != nil {
		return Measurement{}, err
	}
	ten, err := changeMember(d.store, d.ten, d.ids[5])
	if err != nil {
		return Measurement{}, err
	}
	return l.ratio(all, ten)
}

// measureSQLCreate compares Create with a transaction that inserts the rows that
// Create makes, without looking at anything.
func measureSQLCreate(l *Lab, d *sqlDirectory) (Measurement, error) {
	ctx := context.Background()
	model, err := d.user()
	if err != nil {
		return Measurement{}, err
	}
	ours := func() error {
		d.next++
		b := model.Edit()
		if err := b.Set(userType.MustPath("userName"), schema.String(fmt.Sprintf("first.last%d@example.com", d.next))); err != nil {
			return err
		}
		_, err := d.store.Create(ctx, b.Resource(), store.Write{})
		return err
	}
	first, err := d.store.Create(ctx, model, store.Write{})
	if err != nil {
		return Measurement{}, err
	}
	inserts, err := d.inserts(string(first.ID()))
	if err != nil {
		return Measurement{}, err
	}
	m, err := l.ratio(func() error { return d.plainly(inserts) }, ours)
	return m, err
}

// insert is a statement that makes rows like those of a user, for an id.
type insert struct {
	*sql.Stmt
	args func(id string) []any
}

// inserts reads the rows of a user, and prepares statements that make such rows.
func (d *sqlDirectory) inserts(id string) (list []insert, err error) {
	for _, table := range userTables {
		rows, err := d.pool.QueryContext(context.Background(), bound(d.dialect, "SELECT * FROM "+table+" WHERE tenant = ? AND id = ?"), string(d.tenant), id)
		if err != nil {
			return nil, err
		}
		columns, values, err := read(rows)
		if err := errors.Join(err, rows.Close()); err != nil {
			return nil, err
		}
		if len(values) == 0 {
			continue
		}
		one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",") + "),"
		query := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " + strings.Repeat(one, len(values)/len(columns))
		stmt, err := d.pool.Prepare(bound(d.dialect, strings.TrimSuffix(query, ",")))
		if err != nil {
			return nil, err
		}
		list = append(list, insert{stmt, func(id string) []any { return renamed(columns, values, id) }})
	}
	return list, nil
}

// read returns the columns, and the values row by row.
func read(rows *sql.Rows) (columns []string, values []any, err error) {
	columns, err = rows.Columns()
	for err == nil && rows.Next() {
		row, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			pointers[i] = &row[i]
		}
		err = rows.Scan(pointers...)
		values = append(values, row...)
	}
	return columns, values, errors.Join(err, rows.Err())
}

// renamed makes rows those of another user of the same tenant, so that they go
// where ours go: at the end of all indexes a row is cheaper.
func renamed(columns []string, values []any, id string) []any {
	args := make([]any, len(values))
	for i, v := range values {
		key, isKey := v.([]byte)
		switch column := columns[i%len(columns)]; {
		case column == "id":
			v = id
		case isKey && (column == "value" || column == "unique_key"): // a later one of the same length, as ours is
			v = append([]byte(id[:min(len(id), len(key))]), key[min(len(id), len(key)):]...)
		case v == nil && column == "whole":
			v = []byte{} // which drivers may return as nothing
		}
		args[i] = v
	}
	return args
}

// plainly inserts rows in one transaction.
func (d *sqlDirectory) plainly(inserts []insert) error {
	id := string(store.NewID())
	tx, err := d.pool.Begin()
	if err != nil {
		return err
	}
	for _, i := range inserts {
		if _, err := tx.Stmt(i.Stmt).Exec(i.args(id)...); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// measureSQLStream looks at the memory in use at several points.
func measureSQLStream(_ *Lab, d *sqlDirectory) (Measurement, error) {
	return streamed(d.store, d.all, len(d.ids))
}

// streamed reads a group of so many members.
func streamed(s store.ValueStore, group store.Ref, members int) (Measurement, error) {
	links, _ := store.LinksOf(groupType, "members")
	const points = 8
	before, peak, n, next := heap(), int64(0), 0, members/points
	for _, err := range s.ReadValues(context.Background(), group, links.List) {
		if err != nil {
			return Measurement{}, err
		}
		if n++; n == next {
			next += members / points
			peak = max(peak, heap()-before)
		}
	}
	if n != members {
		return Measurement{}, fmt.Errorf("%d members of %d", n, members)
	}
	return Measurement{float64(peak) / (1 << 20), fmt.Sprintf("%d members", n)}, nil
}
