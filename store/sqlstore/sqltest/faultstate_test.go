package sqltest

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// tables are all that a tenant has rows in.
var tables = []string{
	"muster_tenants", "muster_resources", "muster_trash", "muster_unique", "muster_values", "muster_members", "muster_locks", "muster_journal", "muster_consumers",
}

var version = regexp.MustCompile(`W/\\*"[\w-]+\\*"`)

// normal replaces versions, which are never the same.
func normal(text string) string { return version.ReplaceAllString(text, "VERSION") }

// state is every row of a tenant.
func state(ctx context.Context, pool *sql.DB, tenant string) (string, error) {
	var all []string
	for _, table := range tables {
		lines, err := lines(ctx, pool, table, tenant)
		if err != nil {
			return "", fmt.Errorf("%s: %w", table, err)
		}
		slices.Sort(lines)
		all = append(append(all, table+":"), lines...)
	}
	return normal(strings.Join(all, "\n")), nil
}

func lines(ctx context.Context, pool *sql.DB, table, tenant string) (list []string, err error) {
	rows, err := pool.QueryContext(ctx, "SELECT * FROM "+table+" WHERE tenant = '"+tenant+"'")
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
			if columns[i] != "tenant" {
				line += fmt.Sprintf(" %s=%q", columns[i], v)
			}
		}
		list = append(list, line)
	}
	return list, rows.Err()
}

// copyTenant makes a tenant with the rows of another one.
func copyTenant(ctx context.Context, pool *sql.DB, from, to string) error {
	for _, table := range tables {
		rows, err := pool.QueryContext(ctx, "SELECT * FROM "+table+" WHERE 1 = 0")
		if err != nil {
			return err
		}
		columns, err := rows.Columns()
		_ = rows.Close()
		if err != nil {
			return err
		}
		columns = slices.DeleteFunc(columns, func(name string) bool { return name == "tenant" })
		list := strings.Join(columns, ", ")
		insert := fmt.Sprintf("INSERT INTO %s (%s, tenant) SELECT %s, '%s' FROM %s WHERE tenant = '%s'", table, list, list, to, table, from)
		if list == "" {
			continue
		}
		if _, err := pool.ExecContext(ctx, insert); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return nil
}
