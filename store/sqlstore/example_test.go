package sqlstore_test

import (
	"fmt"
	"strings"

	"github.com/muster-scim/muster/store/sqlstore"
)

// Teams that run migrations themselves print them.
func ExampleMigrations() {
	for _, m := range sqlstore.Migrations(sqlstore.PostgreSQL) {
		for _, statement := range m.Statements {
			table, _, _ := strings.Cut(statement, " (")
			fmt.Println(m.Version, table)
		}
	}
	// Output:
	// 1 CREATE TABLE IF NOT EXISTS muster_tenants
	// 1 CREATE TABLE IF NOT EXISTS muster_journals
	// 1 CREATE TABLE IF NOT EXISTS muster_resources
	// 1 CREATE TABLE IF NOT EXISTS muster_trash
	// 1 CREATE TABLE IF NOT EXISTS muster_unique
	// 1 CREATE TABLE IF NOT EXISTS muster_values
	// 1 CREATE TABLE IF NOT EXISTS muster_indexes
	// 1 CREATE TABLE IF NOT EXISTS muster_members
	// 1 CREATE TABLE IF NOT EXISTS muster_locks
	// 1 CREATE TABLE IF NOT EXISTS muster_journal
	// 1 CREATE TABLE IF NOT EXISTS muster_consumers
}
