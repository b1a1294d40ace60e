//go:build !memory

package main

import (
	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// defaultDB is the default of -db: an SQLite file in the working directory.
const defaultDB = "muster.db"
