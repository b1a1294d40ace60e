// Package sqltest runs sqlstore against real database servers.
package sqltest
