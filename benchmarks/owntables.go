package benchmarks

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
)

// ownGoals are the goals of the tables of a service in one database.
func ownGoals(d sqlstore.Dialect) []Goal {
	measure := func(fn func(*Lab, *ownDirectory) (Measurement, error)) func(*Lab) (Measurement, error) {
		return func(l *Lab) (Measurement, error) {
			o, err := l.ownDirectory(d)
			if err != nil {
				return Measurement{}, err
			}
			return fn(l, o)
		}
	}
	return []Goal{
		{Name: "find by userName with addresses and groups, over one statement by hand", Limit: 1.3, Unit: Times, Measure: measure(measureOwnFind(byUserName))},
		{Name: "find 80 users by active and title with addresses and groups, over one statement by hand", Limit: 1.3, Unit: Times, Measure: measure(measureOwnFind(byTitle))},
		{Name: "page of 100 by cursor, at the end over the beginning", Limit: 1.5, Unit: Times, Measure: measure(measureOwnPage)},
		{Name: "add and remove a member, group of all users over group of ten", Limit: 2, Unit: Times, Measure: measure(measureOwnMember)},
		{Name: "create, throughput over plain inserts of the same rows that are read back", Limit: 0.5, AtLeast: true, Unit: Times, Measure: measure(measureOwnCreate)},
		{Name: "members of the group of all users: memory while they stream", Limit: 16, Unit: Mebibytes, Measure: measure(measureOwnStream)},
	}
}

// account is a user as the service would read it for an answer.
type account struct {
	ID          string `scim:"id"`
	UserName    string `scim:"userName"`
	ExternalID  string `scim:"externalId"`
	DisplayName string `scim:"displayName"`
	Title       string `scim:"title"`
	Active      bool   `scim:"active"`
	Name        struct {
		Given  string `scim:"givenName"`
		Family string `scim:"familyName"`
	} `scim:"name"`
	Emails []address `scim:"emails"`
	Groups []team    `scim:"groups"`
}

type address struct {
	Value   string `scim:"value" json:"value"`
	Type    string `scim:"type" json:"type"`
	Primary bool   `scim:"primary,omitzero" json:"primary"`
}

type team struct {
	Value   string `scim:"value" json:"value"`
	Display string `scim:"display" json:"display"`
}

// lookup is the statement that one would write for users with addresses and
// groups.
func (o *ownDirectory) lookup(condition string) string {
	array, object, main := "json_group_array", "json_object", "json(iif(main, 'true', 'false'))"
	if o.dialect == sqlstore.PostgreSQL {
		array, object, main = "json_agg", "json_build_object", "main"
	}
	return fmt.Sprintf(`SELECT u.id, email, first_name, last_name, display_name, job_title, external_id, scim_extra, disabled, created_at, updated_at,
		(SELECT %[1]s(%[2]s('value', address, 'type', label, 'primary', %[3]s)) FROM user_emails e WHERE e.user_id = u.id),
		(SELECT %[1]s(%[2]s('value', 'team-' || t.id, 'display', t.name)) FROM team_users m JOIN teams t ON t.id = m.team_id WHERE m.user_id = u.id)
		FROM users u WHERE %[4]s`, array, object, main, bound(o.dialect, condition))
}

// accountsOf reads users by hand and makes the resources that the answer is
// written from.
func accountsOf(stmt *sql.Stmt, value string) (list []*schema.Resource, err error) {
	rows, err := stmt.Query(value)
	if err != nil {
		return nil, err
	}
	for err == nil && rows.Next() {
		var r *schema.Resource
		r, err = accountIn(rows)
		list = append(list, r)
	}
	return list, errors.Join(err, rows.Err(), rows.Close())
}

func accountIn(rows *sql.Rows) (*schema.Resource, error) {
	var a account
	var first, last, display, title, external, extra sql.NullString
	var disabled bool
	var created, updated time.Time
	var addresses, groups []byte
	err := rows.Scan(&a.ID, &a.UserName, &first, &last, &display, &title, &external, &extra, &disabled, &created, &updated, &addresses, &groups)
	if err != nil {
		return nil, err
	}
	a.Name.Given, a.Name.Family, a.DisplayName, a.Title, a.ExternalID, a.Active = first.String, last.String, display.String, title.String, external.String, !disabled
	if err := errors.Join(unmarshal(addresses, &a.Emails), unmarshal(groups, &a.Groups)); err != nil {
		return nil, err
	}
	r, err := schema.FromStruct(userType, &a)
	if err != nil {
		return nil, err
	}
	b := r.Edit()
	b.SetMeta(created, updated, "")
	return b.Resource(), nil
}

// unmarshal reads an array, or nothing where there is none.
func unmarshal(text []byte, list any) error {
	if text == nil {
		return nil
	}
	return json.Unmarshal(text, list)
}

// measureOwnFind compares a filter with one prepared statement that reads the
// same rows, from which a resource is made with little code. It has no version,
// and nothing of the overflow.
func measureOwnFind(s search) func(*Lab, *ownDirectory) (Measurement, error) {
	return func(l *Lab, o *ownDirectory) (Measurement, error) {
		stmt, err := o.pool.Prepare(o.lookup(s.own))
		if err != nil {
			return Measurement{}, err
		}
		queries, values := s.queries(len(o.ids), nil)
		m, err := l.warmRatio(len(queries), s.finding(o.store, queries), s.byHand(values, func(value string) (int, error) {
			list, err := accountsOf(stmt, value)
			return len(list), err
		}))
		return m, errors.Join(err, stmt.Close())
	}
}

func measureOwnPage(l *Lab, o *ownDirectory) (Measurement, error) {
	n := min(100, len(o.ids)/4)
	page := func(at int) Work {
		q := store.Query{Type: "User", Count: n, After: store.Position(o.ids[at])}
		return func() error {
			page, err := o.store.Query(context.Background(), q)
			if err == nil && len(page.Resources) != n {
				err = fmt.Errorf("%d users after the %dth", len(page.Resources), at)
			}
			return err
		}
	}
	return l.ratio(page(len(o.ids)-n-2), page(0))
}

func measureOwnMember(l *Lab, o *ownDirectory) (Measurement, error) {
	all, err := changeMember(o.store, o.all, "5")
	if err != nil {
		return Measurement{}, err
	}
	ten, err := changeMember(o.store, o.ten, "5")
	if err != nil {
		return Measurement{}, err
	}
	return l.ratio(all, ten)
}

// measureOwnCreate compares Create with a transaction of the service that
// inserts the same rows, and a statement that reads them for the answer: Create
// returns what columns, defaults and triggers of the service made of a user.
func measureOwnCreate(l *Lab, o *ownDirectory) (Measurement, error) {
	model, _, err := userType.Decode(userBody(o.next+1), nil)
	if err != nil {
		return Measurement{}, err
	}
	ours := func() error {
		o.next++
		b := model.Edit()
		err := b.Set(userType.MustPath("userName"), schema.String(fmt.Sprintf("first.last%d@example.com", o.next)))
		if err == nil {
			_, err = o.store.Create(context.Background(), b.Resource(), store.Write{})
		}
		return err
	}
	if err := ours(); err != nil {
		return Measurement{}, err
	}
	var extra string
	if err := o.pool.QueryRow("SELECT scim_extra FROM users ORDER BY id DESC LIMIT 1").Scan(&extra); err != nil {
		return Measurement{}, err
	}
	user, err := o.pool.Prepare(bound(o.dialect, "INSERT INTO users (email, first_name, last_name, display_name, job_title, external_id, scim_extra, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"))
	if err != nil {
		return Measurement{}, err
	}
	address, err := o.pool.Prepare(bound(o.dialect, "INSERT INTO user_emails (user_id, address, label, main, place) VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)"))
	if err != nil {
		return Measurement{}, err
	}
	read, err := o.pool.Prepare(o.lookup(byUserName.own))
	if err != nil {
		return Measurement{}, err
	}
	return l.ratio(func() error {
		err := o.plainly(user, address, extra)
		if err == nil {
			_, err = accountsOf(read, fmt.Sprintf("first.last%d@example.com", o.next))
		}
		return err
	}, ours)
}

// plainly inserts a user with two addresses.
func (o *ownDirectory) plainly(user, address *sql.Stmt, extra string) error {
	o.next++
	tx, err := o.pool.Begin()
	if err != nil {
		return err
	}
	now, name := time.Now(), fmt.Sprintf("first.last%d@example.com", o.next)
	var id int64
	err = tx.Stmt(user).QueryRow(name, "First", "Last", "First Last", "Engineer", fmt.Sprintf("00u%015d", o.next), extra, now, now).Scan(&id)
	if err == nil {
		_, err = tx.Stmt(address).Exec(id, name, "work", true, 0, id, "private@example.org", "home", false, 1)
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func measureOwnStream(_ *Lab, o *ownDirectory) (Measurement, error) {
	return streamed(o.store, o.all, len(o.ids))
}
