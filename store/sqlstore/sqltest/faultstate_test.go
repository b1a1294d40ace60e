package sqltest

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/store/sqlstore/sqltest/internal/owned"
	"github.com/muster-scim/muster/storetest"
)

// layout is a kind of tables.
type layout struct {
	name   string
	tables []string // all that a tenant has rows in
	tenant string   // the column with the name of the tenant
	// own are columns whose values differ each time.
	own []string
	// open returns the tenants of a store on a pool; it makes the tables if they
	// are not there.
	open func(ctx context.Context, e engine, pool *sql.DB) (func(store.TenantID) (store.Store, error), error)
}

var types = []*schema.ResourceType{storetest.UserType(), storetest.GroupType()}

var layouts = []layout{
	{
		name: "Managed", tenant: "tenant",
		tables: []string{
			"muster_tenants", "muster_journals", "muster_resources", "muster_trash", "muster_unique", "muster_values", "muster_members", "muster_locks", "muster_journal", "muster_consumers",
		},
		open: func(ctx context.Context, e engine, pool *sql.DB) (func(store.TenantID) (store.Store, error), error) {
			db, err := sqlstore.New(pool, e.dialect, &sqlstore.Config{Types: types})
			if err == nil {
				err = db.Migrate(ctx)
			}
			return func(name store.TenantID) (store.Store, error) { return db.Tenant(name), nil }, err
		},
	},
	{
		name: "Own", tenant: "tenant_id", tables: []string{"users", "user_emails", "teams", "team_users", "team_teams"}, own: []string{"revision", "seq"},
		open: func(ctx context.Context, e engine, pool *sql.DB) (func(store.TenantID) (store.Store, error), error) {
			if _, err := pool.ExecContext(ctx, "SELECT 1 FROM users"); err != nil {
				if err := owned.Run(ctx, pool, owned.Types[e.dialect].Replace(owned.Schema)); err != nil {
					return nil, err
				}
			}
			db, err := sqlstore.NewOwnTables(pool, e.dialect, owned.Mapping(e.dialect))
			if err != nil {
				return nil, err
			}
			return func(name store.TenantID) (store.Store, error) { return db.Tenant(name) }, nil
		},
	},
}

var version = regexp.MustCompile(`W/\\*"[\w-]+\\*"`)

// normal replaces versions, which are never the same.
func normal(text string) string { return version.ReplaceAllString(text, "VERSION") }

// state is every row of a tenant.
func (l layout) state(ctx context.Context, pool *sql.DB, tenant string) (string, error) {
	var all []string
	for _, table := range l.tables {
		lines, err := l.lines(ctx, pool, table, tenant)
		if err != nil {
			return "", fmt.Errorf("%s: %w", table, err)
		}
		slices.Sort(lines)
		all = append(append(all, table+":"), lines...)
	}
	return normal(strings.Join(all, "\n")), nil
}

// numbered reports whether the database numbers the rows of a table.
func numbered(table string) bool { return table == "user_emails" }

// same reports whether a column has the same value in equal states.
func (l layout) same(table, column string) bool {
	return column != l.tenant && !slices.Contains(l.own, column) && !(column == "id" && numbered(table))
}

func (l layout) lines(ctx context.Context, pool *sql.DB, table, tenant string) (list []string, err error) {
	rows, err := pool.QueryContext(ctx, fmt.Sprintf("SELECT * FROM %s WHERE %s = '%s'", table, l.tenant, tenant))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, pointers := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range values {
		pointers[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return nil, err
		}
		line := ""
		for i, v := range values {
			if l.same(table, columns[i]) {
				line += fmt.Sprintf(" %s=%q", columns[i], v)
			}
		}
		list = append(list, line)
	}
	return list, rows.Err()
}

// copyTenant makes a tenant with the rows of another one.
func (l layout) copyTenant(ctx context.Context, pool *sql.DB, from, to string) error {
	for _, table := range l.tables {
		rows, err := pool.QueryContext(ctx, "SELECT * FROM "+table+" WHERE 1 = 0")
		if err != nil {
			return err
		}
		columns, err := rows.Columns()
		_ = rows.Close()
		if err != nil {
			return err
		}
		columns = slices.DeleteFunc(columns, func(name string) bool { return name == "id" && numbered(table) })
		values := slices.Clone(columns)
		values[slices.Index(values, l.tenant)] = "'" + to + "'"
		insert := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s = '%s'", table, strings.Join(columns, ", "), strings.Join(values, ", "), table, l.tenant, from)
		if _, err := pool.ExecContext(ctx, insert); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return nil
}
