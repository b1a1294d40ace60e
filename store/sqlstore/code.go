package sqlstore

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"strconv"
	"time"

	"github.com/muster-scim/muster/internal/wait"
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

// clashes are the codes that mean: nothing happened, try again.
var clashes = map[string]bool{
	"40001": true, "40P01": true, // PostgreSQL: serialization failure, deadlock
	"1213": true, "1205": true, "1020": true, // MySQL: deadlock, lock wait timeout, record changed
	"5": true, "6": true, "261": true, "262": true, "517": true, // SQLite: busy, locked, and their variants
}

// retryError is an error after which the transaction is run again.
type retryError struct{ error }

func (e *retryError) Unwrap() error { return e.error }

func isClash(err error) bool {
	var again *retryError
	return errors.As(err, &again) || clashes[codeOf(err)]
}

const (
	maxAttempts = 100
	firstPause  = time.Millisecond // the longest before the second attempt
	lastPause   = 100 * time.Millisecond
)

// retry runs fn until it returns something else than a clash. The pauses are
// of random length, so that two that clashed do not clash again.
func retry(ctx context.Context, fn func() error) error {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		err := fn()
		if err == nil || !isClash(err) || attempt == maxAttempts {
			return withContext(ctx, err)
		}
		if wait.For(ctx, rand.N(pause)+time.Microsecond) != nil {
			return withContext(ctx, err)
		}
		pause = min(2*pause, lastPause)
	}
}

// withContext makes an error say that the context ended, which some drivers
// report in their own words.
func withContext(ctx context.Context, err error) error {
	if cause := ctx.Err(); err != nil && cause != nil && !errors.Is(err, cause) {
		return errors.Join(cause, err)
	}
	return err
}
