package sqlstore

import (
	"errors"
	"reflect"
	"strconv"
)

// codeOf returns what a driver calls the error: the SQLSTATE of PostgreSQL, the
// number of MySQL or SQLite, or "". It knows the drivers by the shape of their
// errors, because importing one is left to the host.
func codeOf(err error) string {
	var state interface{ SQLState() string }
	if errors.As(err, &state) {
		return state.SQLState()
	}
	var code interface{ Code() int }
	if errors.As(err, &code) {
		return strconv.Itoa(code.Code())
	}
	for ; err != nil; err = errors.Unwrap(err) {
		if n := numberOf(err); n != "" {
			return n
		}
	}
	return ""
}

// numberOf reads the field of an error struct that holds its number: Number in
// go-sql-driver/mysql, Code in lib/pq and mattn/go-sqlite3.
func numberOf(err error) string {
	v := reflect.Indirect(reflect.ValueOf(err))
	if v.Kind() != reflect.Struct {
		return ""
	}
	for _, name := range []string{"Number", "Code"} {
		f := v.FieldByName(name)
		switch {
		case !f.IsValid():
		case f.CanInt():
			return strconv.FormatInt(f.Int(), 10)
		case f.CanUint():
			return strconv.FormatUint(f.Uint(), 10)
		case f.Kind() == reflect.String:
			return f.String()
		}
	}
	return ""
}
