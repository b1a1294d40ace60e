package sqlstore

import (
	"fmt"
	"strconv"
	"strings"
)

// Dialect is the SQL of one kind of database. The zero Dialect is none.
type Dialect uint8

// The supported databases.
const (
	_          Dialect = iota
	PostgreSQL         // PostgreSQL 13 or later, and what speaks its protocol
	MySQL              // MySQL 8 or later, MariaDB 10.6 or later
	SQLite             // SQLite 3.35 or later; use WAL mode and a busy timeout
)

// String returns the name of the database.
func (d Dialect) String() string {
	switch d {
	case PostgreSQL:
		return "PostgreSQL"
	case MySQL:
		return "MySQL"
	case SQLite:
		return "SQLite"
	}
	return fmt.Sprintf("Dialect(%d)", uint8(d))
}

// bind turns the ? of a statement into the parameters of the dialect. None of
// our statements has a ? in a literal.
func (d Dialect) bind(query string) string {
	if d != PostgreSQL {
		return query
	}
	var b strings.Builder
	n := 0
	for {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}

// insertNew makes an INSERT that does nothing if a key is taken; whether it did
// something is the number of rows.
func (d Dialect) insertNew(rest string) string {
	switch d {
	case MySQL:
		return "INSERT IGNORE INTO " + rest
	default:
		return "INSERT INTO " + rest + " ON CONFLICT DO NOTHING"
	}
}

// duplicate reports whether a code means that a key is taken.
func (d Dialect) duplicate(code string) bool {
	switch d {
	case PostgreSQL:
		return code == "23505"
	case MySQL:
		return code == "1062"
	}
	return primary(code) == "19"
}

// forUpdate ends a SELECT whose rows nobody else may change until the
// transaction ends.
func (d Dialect) forUpdate() string {
	if d == SQLite {
		return "" // a writer is alone
	}
	return " FOR UPDATE"
}

// forShare ends a SELECT whose rows nobody may change until the transaction
// ends.
func (d Dialect) forShare() string {
	switch d {
	case PostgreSQL:
		return " FOR SHARE"
	case MySQL:
		return " LOCK IN SHARE MODE"
	}
	return ""
}

// position is the place of the second expression in the first one, in bytes,
// from 1.
func (d Dialect) position(in, part string) string {
	switch d {
	case PostgreSQL:
		return "position(" + part + " in " + in + ")"
	case MySQL:
		return "LOCATE(" + part + ", " + in + ")"
	}
	return "instr(" + in + ", " + part + ")"
}

// suffix is the last n bytes of an expression, n being a parameter.
func (d Dialect) suffix(of string) string {
	switch d {
	case PostgreSQL:
		return "substring(" + of + " from greatest(length(" + of + ") - ? + 1, 1))"
	case MySQL:
		return "RIGHT(" + of + ", ?)"
	}
	return "substr(" + of + ", -?)"
}

// join joins a table that is to be read after the one before. PostgreSQL knows
// which from its statistics.
func (d Dialect) join() string {
	switch d {
	case SQLite:
		return "CROSS JOIN"
	case MySQL:
		return "STRAIGHT_JOIN"
	}
	return "JOIN"
}

// marks returns n parameters in brackets.
func marks(n int) string { return "(" + strings.TrimSuffix(strings.Repeat("?,", n), ",") + ")" }
