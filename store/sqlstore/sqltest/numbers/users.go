package main

import (
	"context"
	"fmt"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

// user makes the user with a number. One in ten has no displayName, one in five
// is not active, and a hundred share a title.
func user(n int) (*schema.Resource, error) {
	name := fmt.Sprintf(`"displayName":"User %07d",`, n*7919%10_000_000)
	if n%10 == 0 {
		name = ""
	}
	r, _, err := storetest.UserType().Decode(fmt.Appendf(nil, `{"userName":"user-%07d","externalId":"ext-%07[1]d",%s"title":"Title %d","active":%t,
		"name":{"givenName":"Given","familyName":"Family"},"emails":[{"value":"user-%[1]d@example.com","type":"work","primary":true}]}`,
		n, name, n/100, n%5 != 0), nil)
	return r, err
}

// fill creates the users that are not there yet, many in a transaction, and
// copies them into tables by hand.
func (b *bench) fill(ctx context.Context, users int) error {
	if err := b.known(ctx); err != nil {
		return err
	}
	const batch = 1000
	for from := len(b.ids); from < users; from += batch {
		err := b.store.InTx(ctx, func(_ context.Context, tx store.Store) error {
			b.ids = b.ids[:from]
			for n := from; n < min(from+batch, users); n++ {
				r, err := user(n)
				if err == nil {
					r, err = tx.Create(ctx, r, store.Write{})
				}
				if err != nil {
					return err
				}
				b.ids = append(b.ids, r.ID())
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return b.copyByHand(ctx)
}

// known reads the ids of the users of an earlier run, in their order.
func (b *bench) known(ctx context.Context) error {
	rows, err := b.pool.QueryContext(ctx, "SELECT id FROM muster_values WHERE tenant = 'numbers' AND path = 'userName' AND LENGTH(value) = 12 ORDER BY value")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id schema.ID
		if err := rows.Scan(&id); err != nil {
			return err
		}
		b.ids = append(b.ids, id)
	}
	return rows.Err()
}

// byHand are the tables that somebody would make for these users alone.
var byHand = []string{
	"CREATE TABLE hand_users (id NAME PRIMARY KEY, name NAME UNIQUE, external_ref NAME, display NAME, title NAME, active boolean, doc DOC)",
	"CREATE INDEX hand_external ON hand_users (external_ref)",
	"CREATE INDEX hand_display ON hand_users (display, id)",
	"CREATE INDEX hand_title ON hand_users (title, active)",
	"CREATE TABLE hand_emails (id NAME, value NAME, PRIMARY KEY (value, id))",
	`INSERT INTO hand_users SELECT r.id, TEXT(u.value), TEXT(e.value), TEXT(d.value), TEXT(t.value), TEXT(a.value) = 'true', r.doc FROM muster_resources r
		JOIN muster_values u ON u.tenant = r.tenant AND u.id = r.id AND u.element = 0 AND u.path = 'userName'
		LEFT JOIN muster_values e ON e.tenant = r.tenant AND e.id = r.id AND e.element = 0 AND e.path = 'externalId'
		LEFT JOIN muster_values d ON d.tenant = r.tenant AND d.id = r.id AND d.element = 0 AND d.path = 'displayName'
		LEFT JOIN muster_values t ON t.tenant = r.tenant AND t.id = r.id AND t.element = 0 AND t.path = 'title'
		LEFT JOIN muster_values a ON a.tenant = r.tenant AND a.id = r.id AND a.element = 0 AND a.path = 'active' WHERE r.tenant = 'numbers'`,
	"INSERT INTO hand_emails SELECT id, TEXT(value) FROM muster_values WHERE tenant = 'numbers' AND path = 'emails.value'",
}

// copyByHand fills the tables by hand.
func (b *bench) copyByHand(ctx context.Context) error {
	var n int
	if b.pool.QueryRowContext(ctx, "SELECT COUNT(*) FROM hand_users").Scan(&n) == nil {
		if n == len(b.ids) {
			return nil
		}
		for _, table := range []string{"hand_users", "hand_emails"} {
			if _, err := b.pool.ExecContext(ctx, "DROP TABLE "+table); err != nil {
				return err
			}
		}
	}
	if err := b.analyze(ctx); err != nil {
		return err
	}
	for _, statement := range byHand {
		if _, err := b.pool.ExecContext(ctx, b.typed(statement)); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return b.analyze(ctx)
}

// analyze lets the database look at the tables, as it does by itself a minute
// after they have grown.
func (b *bench) analyze(ctx context.Context) error {
	_, err := b.pool.ExecContext(ctx, map[sqlstore.Dialect]string{sqlstore.PostgreSQL: "ANALYZE", sqlstore.SQLite: "PRAGMA optimize",
		sqlstore.MySQL: "ANALYZE TABLE hand_users, hand_emails, muster_resources, muster_unique, muster_values, muster_members"}[b.dialect])
	return err
}
