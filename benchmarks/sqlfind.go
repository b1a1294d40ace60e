package benchmarks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
)

// search finds users by what the numbers of some of them say.
type search struct {
	filter string // with a number
	hand   string // the rest of the statement by hand, over plain tables
	own    string // the condition by hand, over the tables of a service
	value  string // its parameter
	found  int    // users
	shared int    // users with one number
}

var (
	byUserName = search{`userName eq "first.last%d@example.com"`, "plain_users u WHERE u.tenant = ? AND u.name = ?", "lower(email) = ?", "first.last%d@example.com", 1, 1}
	byEmail    = search{`emails.value eq "private%d@example.org"`,
		"plain_emails e JOIN plain_users u ON u.tenant = e.tenant AND u.id = e.id WHERE e.tenant = ? AND e.value = ?", "", "private%d@example.org", 1, 1}
	byTitle = search{`active eq true and title eq "Title %d"`, "plain_users u WHERE u.tenant = ? AND u.title = ? AND u.active = true ORDER BY u.id LIMIT 101",
		"lower(job_title) = ? AND NOT disabled ORDER BY u.id LIMIT 101", "title %d", 80, titleShared}
)

// titleShared is how many users have a title. One in five is not active.
const titleShared = 100

// titled gives a user the title that goes with its number.
func titled(r *schema.Resource, n int) (*schema.Resource, error) {
	b := r.Edit()
	err := errors.Join(
		b.Set(userType.MustPath("title"), schema.String(fmt.Sprintf("Title %d", n/titleShared))),
		b.Set(userType.MustPath("active"), schema.Bool(n%5 != 0)))
	return b.Resource(), err
}

// queries returns a thousand queries, and the parameters of the statement by
// hand.
func (s search) queries(users int, p *schema.Projection) (list []store.Query, values []string) {
	const n = 1024
	for range n {
		number := 1 + rand.IntN(max(1, users/s.shared-1))
		list = append(list, store.Query{Type: "User", Filter: filter.MustParse(userType, fmt.Sprintf(s.filter, number)), Count: 100, Total: true, Projection: p})
		values = append(values, fmt.Sprintf(s.value, number))
	}
	return list, values
}

// finding asks a store one query after the other.
func (s search) finding(in store.QueryStore, queries []store.Query) Work {
	i := 0
	return func() error {
		i++
		q := queries[i%len(queries)]
		page, err := in.Query(context.Background(), q)
		if err == nil && len(page.Resources) != s.found {
			err = fmt.Errorf("%d users for %s", len(page.Resources), q.Filter)
		}
		return err
	}
}

// byHand finds users of one value after the other, and looks at their number.
func (s search) byHand(values []string, find func(value string) (users int, err error)) Work {
	i := 0
	return func() error {
		i++
		value := values[i%len(values)]
		n, err := find(value)
		if err == nil && n != s.found {
			err = fmt.Errorf("%d users by hand for %s", n, value)
		}
		return err
	}
}

// measureSQLFind compares a filter with a prepared statement that reads the
// documents of the same users from tables with the indexes for it. Both decode
// them.
func measureSQLFind(s search) func(*Lab, *sqlDirectory) (Measurement, error) {
	return func(l *Lab, d *sqlDirectory) (Measurement, error) {
		if err := d.copyPlain(); err != nil {
			return Measurement{}, err
		}
		stmt, err := d.pool.Prepare(bound(d.dialect, "SELECT u.doc FROM "+s.hand))
		if err != nil {
			return Measurement{}, err
		}
		without, err := userType.NewProjection(nil, []string{"groups"})
		if err != nil {
			return Measurement{}, err
		}
		queries, values := s.queries(len(d.ids), without)
		m, err := l.warmRatio(len(queries), s.finding(d.store, queries), s.byHand(values, func(value string) (int, error) {
			return decodeEach(stmt, string(d.tenant), value)
		}))
		return m, errors.Join(err, stmt.Close())
	}
}

// warmRatio measures the ratio after n calls of each, since a table that was
// just written is in memory and another one may not be.
func (l *Lab) warmRatio(n int, a, b Work) (Measurement, error) {
	for _, w := range []Work{a, b} {
		if _, err := repeat(w, n); err != nil {
			return Measurement{}, err
		}
	}
	return l.ratio(a, b)
}

// decodeEach decodes the documents that a statement selects.
func decodeEach(stmt *sql.Stmt, args ...any) (n int, err error) {
	rows, err := stmt.Query(args...)
	if err != nil {
		return 0, err
	}
	for ; err == nil && rows.Next(); n++ {
		var doc []byte
		if err = rows.Scan(&doc); err == nil {
			_, err = userType.DecodeStored(doc)
		}
	}
	return n, errors.Join(err, rows.Err(), rows.Close())
}

// plainTables are what somebody would make for these users alone. Words that
// end in _ stand for what differs.
const plainTables = `
CREATE TABLE plain_users (tenant varchar(36) NOT NULL, id varchar(36) NOT NULL, name varchar(255) NOT NULL, title varchar(255), active boolean, doc text NOT NULL,
	PRIMARY KEY (tenant, id), UNIQUE (tenant, name));
CREATE TABLE plain_emails (tenant varchar(36) NOT NULL, value varchar(255) NOT NULL, id varchar(36) NOT NULL, PRIMARY KEY (tenant, value, id));
CREATE INDEX plain_titles ON plain_users (tenant, title, active);
INSERT INTO plain_users SELECT tenant, id, USERNAME_, lower(TITLE_), ACTIVE_, doc FROM muster_resources WHERE tenant = 'TENANT_' AND type = 'User';
INSERT INTO plain_emails SELECT tenant, TEXT_, id FROM muster_values WHERE tenant = 'TENANT_' AND path = 'emails.value'`

var plainTypes = map[sqlstore.Dialect][]string{
	sqlstore.SQLite:     {"USERNAME_", "doc ->> '$.userName'", "TITLE_", "doc ->> '$.title'", "ACTIVE_", "doc ->> '$.active'", "TEXT_", "CAST(value AS text)"},
	sqlstore.PostgreSQL: {"USERNAME_", "doc::json ->> 'userName'", "TITLE_", "doc::json ->> 'title'", "ACTIVE_", "(doc::json ->> 'active')::boolean", "TEXT_", "convert_from(value, 'UTF8')"},
}

// plain puts what differs into SQL by hand.
func (d *sqlDirectory) plain(text string) string {
	return strings.NewReplacer(append(plainTypes[d.dialect], "TENANT_", string(d.tenant))...).Replace(text)
}

// copyPlain makes the plain tables, if they are not there.
func (d *sqlDirectory) copyPlain() error {
	if d.copied {
		return nil
	}
	for text := range strings.SplitSeq(plainTables, ";") {
		if _, err := d.pool.ExecContext(context.Background(), d.plain(text)); err != nil {
			return err
		}
	}
	d.copied = true
	if d.dialect == sqlstore.SQLite { // which chooses another index by hand without statistics; ours needs none
		_, err := d.pool.ExecContext(context.Background(), "ANALYZE plain_users")
		return err
	}
	return d.settle()
}
