package sqlstore

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"strconv"

	"github.com/muster-scim/muster/store"
)

// verdict is what an error of the database means for a transaction.
type verdict uint8

const (
	broken    verdict = iota // a mistake in a statement, or the driver did not say
	clash                    // others came first: nothing happened, and another attempt helps
	lost                     // the connection is no good: nothing happened, and another one may help
	refused                  // the database cannot do this now: nothing happened
	uncertain                // lost during the commit
)

// failure is an error of the database with its verdict.
type failure struct {
	verdict verdict
	code    string // of the database; "" if it did not answer
	err     error
}

func (f *failure) Error() string { return "sqlstore: " + f.err.Error() }

// Unwrap returns what callers test for, and the error of the driver.
func (f *failure) Unwrap() []error {
	switch f.verdict {
	case clash, lost, refused:
		return []error{store.ErrUnavailable, f.err}
	case uncertain:
		return []error{store.ErrUncertain, f.err}
	}
	return []error{f.err}
}

// verdictOf returns the verdict of an error that judge has seen.
func verdictOf(err error) verdict {
	if f, ok := errors.AsType[*failure](err); ok {
		return f.verdict
	}
	return broken
}

// judge finds the verdict of an error of the driver, by its code.
func (d Dialect) judge(err error) *failure {
	if f, ok := errors.AsType[*failure](err); ok {
		return f
	}
	f := &failure{code: codeOf(err), err: err}
	switch {
	case f.code != "":
		f.verdict = d.verdict(f.code)
	case unsent(err):
		f.verdict = lost
	}
	return f
}

// unsent reports whether a statement never left, by the rules for drivers.
func unsent(err error) bool {
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
}

// connecting judges an error where nothing can be lost but a connection.
func (d Dialect) connecting(err error) *failure {
	f := d.judge(err)
	if f.verdict == broken && f.code == "" {
		f.verdict = lost
	}
	return f
}

// committing judges the error of a COMMIT. An answer of the database says that
// there was none. Where no answer came, or the server was about to end, there
// may have been one.
func (d Dialect) committing(err error) *failure {
	f := d.judge(err)
	if !unsent(err) && (f.code == "" || f.verdict == lost || d.unsure(f.code)) {
		f.verdict = uncertain
	}
	return f
}

// unsure reports whether a code leaves open if the transaction was committed.
func (d Dialect) unsure(code string) bool {
	switch d {
	case PostgreSQL:
		return code == "40003" // statement completion unknown
	case SQLite:
		return primary(code) == "10" // input or output failed
	}
	return false
}

// verdict knows the codes that do not mean a mistake. Others are broken.
func (d Dialect) verdict(code string) verdict {
	switch d {
	case PostgreSQL:
		if v, ok := postgresCodes[code]; ok {
			return v
		}
		return postgresCodes[code[:min(2, len(code))]]
	case MySQL:
		return mysqlCodes[code]
	}
	return sqliteCodes[primary(code)]
}

// postgresCodes are SQLSTATEs, or the two letters of a class.
var postgresCodes = map[string]verdict{
	"40001": clash, "40P01": clash, // serialization failure, deadlock
	"08": lost, "40003": lost, // connection exceptions, statement completion unknown
	"57P01": lost, "57P02": lost, "57P03": lost, "57P05": lost, // shutdown, crash, starting up, idle too long
	"25006": lost,                // read-only: after a failover, a new connection may lead to the new primary
	"25P03": lost, "25P04": lost, // transaction was idle or lasted too long
	"53300": lost, "53": refused, // too many connections; disk full, out of memory
	"57014": refused, "55P03": refused, "58": refused, // statement or lock took too long, system error
}

// mysqlCodes are the numbers of MySQL and MariaDB.
var mysqlCodes = map[string]verdict{
	"1213": clash, "1205": clash, "1020": clash, "1180": clash, "3101": clash, // deadlock, lock wait timeout, record changed, error during commit, conflict within a group
	"1040": lost, "1053": lost, "1152": lost, "1158": lost, "1159": lost, "1160": lost, "1161": lost, // too many connections, shutdown, network
	"1203": lost, "1226": lost, "3032": lost, // too many connections of one user, offline
	"1927": lost, "2006": lost, "2013": lost, "4031": lost, // connection was killed, gone, lost, idle too long
	"1290": lost, "1792": lost, "1836": lost, // read-only: see PostgreSQL
	"1021": refused, "1114": refused, "1037": refused, "1041": refused, "1030": refused, "3": refused, // disk full, table full, out of memory, error of the engine or of a file
	"1317": refused, "1969": refused, "3024": refused, "3572": refused, // interrupted or took too long
	"1461": refused, // too many prepared statements
}

// sqliteCodes are primary result codes.
var sqliteCodes = map[string]verdict{
	"5": clash, "6": clash, // busy, locked
	"7": refused, "8": refused, "9": refused, "10": refused, "13": refused, "14": refused, // out of memory, read-only, interrupted, I/O, full, cannot open
}

// primary returns the primary of an extended result code of SQLite, which is
// its lowest byte.
func primary(code string) string {
	n, err := strconv.Atoi(code)
	if err != nil {
		return code
	}
	return strconv.Itoa(n & 0xff)
}
