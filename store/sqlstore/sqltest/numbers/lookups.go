package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

// typed puts the types of the dialect into a statement by hand.
func (b *bench) typed(statement string) string {
	types := map[sqlstore.Dialect][]string{
		sqlstore.PostgreSQL: {"NAME", `varchar(255) COLLATE "C"`, "DOC", "text"},
		sqlstore.MySQL:      {"NAME", "varbinary(255)", "DOC", "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "TEXT(", "("},
		sqlstore.SQLite:     {"NAME", "text", "DOC", "text"},
	}
	statement = strings.NewReplacer(types[b.dialect]...).Replace(statement)
	if b.dialect == sqlstore.MySQL {
		return statement
	}
	for _, column := range []string{"u.value", "e.value", "d.value", "t.value", "a.value", "value"} {
		text := "convert_from(" + column + ", 'UTF8')"
		if b.dialect == sqlstore.SQLite {
			text = "CAST(" + column + " AS text)"
		}
		statement = strings.ReplaceAll(statement, "TEXT("+column+")", text)
	}
	return statement
}

// some picks a user, other ones each time.
func (b *bench) some(i int) int { return i * 7919 % len(b.ids) }

// lookups compares how one user is found.
func (b *bench) lookups(ctx context.Context) error {
	for _, l := range []struct {
		name, filter, hand string
		arg                func(n int) string
		groups             bool
	}{
		{"userName eq", `userName eq "USER-%07d"`, "SELECT doc FROM hand_users WHERE name = ?", func(n int) string { return fmt.Sprintf("user-%07d", n) }, false},
		{"userName eq, with groups", `userName eq "USER-%07d"`, "SELECT doc FROM hand_users WHERE name = ?", func(n int) string { return fmt.Sprintf("user-%07d", n) }, true},
		{"externalId eq", `externalId eq "ext-%07d"`, "SELECT doc FROM hand_users WHERE external_ref = ?", func(n int) string { return fmt.Sprintf("ext-%07d", n) }, false},
		{"emails.value eq", `emails.value eq "user-%d@example.com"`, "SELECT u.doc FROM hand_emails e JOIN hand_users u ON u.id = e.id WHERE e.value = ? ORDER BY u.id LIMIT 11", func(n int) string { return fmt.Sprintf("user-%d@example.com", n) }, false},
	} {
		hand, err := b.byHand(ctx, l.hand, l.groups)
		if err != nil {
			return err
		}
		ours, err := b.queries(ctx, 660, func(n int) string { return fmt.Sprintf(l.filter, n) }, l.groups, 1)
		if err != nil {
			return err
		}
		if err := compare(l.name, 600, ours, func(i int) error { return hand(1, l.arg(b.some(i))) }); err != nil {
			return err
		}
	}
	hand, err := b.byHand(ctx, "SELECT doc FROM hand_users WHERE id = ?", false)
	if err != nil {
		return err
	}
	bare := b.bare()
	get := func(i int) error {
		_, err := b.store.ReadProjected(ctx, store.Ref{Type: "User", ID: b.ids[b.some(i)]}, bare)
		return err
	}
	return compare("GET by id", 600, get, func(i int) error { return hand(1, b.ids[b.some(i)]) })
}

// filters compares a filter of two terms that many users fulfil one of.
func (b *bench) filters(ctx context.Context) error {
	hand, err := b.byHand(ctx, "SELECT doc FROM hand_users WHERE active = true AND title = ? ORDER BY id LIMIT 101", false)
	if err != nil {
		return err
	}
	ours, err := b.queries(ctx, 220, func(n int) string { return fmt.Sprintf(`active eq true and title eq "Title %d"`, n/100) }, false, 80)
	if err != nil {
		return err
	}
	theirs := func(i int) error { return hand(80, fmt.Sprintf("title %d", b.some(i)/100)) }
	return compare("active eq true and title eq, 80 users", 200, ours, theirs)
}

// bare is a projection without what is derived.
func (b *bench) bare() *schema.Projection {
	if b.without == nil {
		b.without, _ = storetest.UserType().NewProjection(nil, []string{"groups"})
	}
	return b.without
}

// queries returns what asks the store with filters that are parsed already, and
// expects a number of users.
func (b *bench) queries(ctx context.Context, n int, text func(user int) string, groups bool, want int) (work, error) {
	list := make([]store.Query, n)
	for i := range list {
		f, err := filter.Parse(storetest.UserType(), text(b.some(i)), nil)
		if err != nil {
			return nil, err
		}
		list[i] = store.Query{Type: "User", Filter: f, Count: 100, Total: true}
		if !groups {
			list[i].Projection = b.bare()
		}
	}
	return func(i int) error {
		page, err := b.store.Query(ctx, list[i])
		if err == nil && len(page.Resources) != want {
			err = fmt.Errorf("%d users for %s", len(page.Resources), list[i].Filter)
		}
		return err
	}, nil
}

// byHand returns what asks for documents by hand and decodes them, and if
// groups are wanted asks for those of each user.
func (b *bench) byHand(ctx context.Context, query string, groups bool) (func(want int, args ...any) error, error) {
	stmt, err := b.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	held, err := b.prepare(ctx, "SELECT m.holder, g.doc FROM muster_members m JOIN muster_resources g ON g.tenant = m.tenant AND g.id = m.holder WHERE m.tenant = 'numbers' AND m.member = ? ORDER BY m.holder")
	if err != nil {
		return nil, err
	}
	return func(want int, args ...any) error {
		list, err := documents(ctx, stmt, args)
		if err != nil || len(list) != want {
			return errors.Join(err, fmt.Errorf("%d documents for %v", len(list), args))
		}
		if !groups {
			return nil
		}
		return each(ctx, held, []any{list[0].ID()}, new(string), new([]byte))
	}, nil
}

func documents(ctx context.Context, stmt *sql.Stmt, args []any) (list []*schema.Resource, err error) {
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var doc []byte
		if err := rows.Scan(&doc); err != nil {
			return nil, err
		}
		r, err := storetest.UserType().DecodeStored(doc)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// each reads all rows.
func each(ctx context.Context, stmt *sql.Stmt, args []any, dest ...any) error {
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
	}
	return rows.Err()
}
