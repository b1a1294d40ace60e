package sqlstore

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"testing"

	"github.com/muster-scim/muster/store"
)

type stateError string

func (e stateError) Error() string    { return string(e) }
func (e stateError) SQLState() string { return string(e) }

type numberError struct{ Number uint16 }

func (e *numberError) Error() string { return fmt.Sprint(e.Number) }

type codeError int

func (e codeError) Error() string { return fmt.Sprint(int(e)) }
func (e codeError) Code() int     { return int(e) }

func TestVerdicts(t *testing.T) {
	for _, tt := range []struct {
		dialect Dialect
		err     error
		want    verdict
	}{
		{PostgreSQL, stateError("40001"), clash},
		{PostgreSQL, fmt.Errorf("x: %w", stateError("40P01")), clash},
		{PostgreSQL, stateError("23505"), broken},
		{PostgreSQL, stateError("08006"), lost},
		{PostgreSQL, stateError("57P01"), lost},
		{PostgreSQL, stateError("25006"), lost},
		{PostgreSQL, stateError("53300"), lost},
		{PostgreSQL, stateError("53100"), refused},
		{PostgreSQL, stateError("57014"), refused},
		{MySQL, &numberError{1213}, clash},
		{MySQL, fmt.Errorf("x: %w", &numberError{1205}), clash},
		{MySQL, &numberError{1062}, broken},
		{MySQL, &numberError{3101}, clash}, // another member of the group was first
		{MySQL, &numberError{1290}, lost},
		{MySQL, &numberError{1203}, lost},    // too many connections of the user, by the server's limit
		{MySQL, &numberError{1226}, lost},    // by the user's own
		{MySQL, &numberError{3032}, lost},    // offline
		{MySQL, &numberError{1461}, refused}, // too many prepared statements
		{MySQL, &numberError{1021}, refused},
		{SQLite, codeError(5), clash},
		{SQLite, codeError(517), clash},
		{SQLite, codeError(2067), broken},
		{SQLite, codeError(13), refused},
		{SQLite, codeError(1032), refused},
		{SQLite, errors.New("5"), broken},
		{MySQL, fmt.Errorf("x: %w", driver.ErrBadConn), lost},
	} {
		f := tt.dialect.judge(tt.err)
		if f.verdict != tt.want {
			t.Errorf("%s, %v: verdict %d, want %d", tt.dialect, tt.err, f.verdict, tt.want)
		}
		if errors.Is(f, store.ErrUnavailable) != (tt.want != broken) || !errors.Is(f, tt.err) {
			t.Errorf("%s, %v: is not what callers look for", tt.dialect, tt.err)
		}
		if again := tt.dialect.connecting(fmt.Errorf("y: %w", f)); f.code != "" && again.verdict != tt.want {
			t.Errorf("%s, %v: another verdict when judged again", tt.dialect, tt.err)
		}
	}
}

func TestVerdictsOfCommit(t *testing.T) {
	for _, tt := range []struct {
		dialect Dialect
		err     error
		want    verdict
	}{
		{PostgreSQL, stateError("40001"), clash},
		{PostgreSQL, stateError("53100"), refused},
		{PostgreSQL, stateError("57P01"), uncertain},
		{PostgreSQL, stateError("40003"), uncertain},
		{PostgreSQL, errors.New("unexpected EOF"), uncertain},
		{PostgreSQL, driver.ErrBadConn, lost},
		{SQLite, codeError(5), clash},
		{SQLite, codeError(13), refused},
		{SQLite, codeError(1034), uncertain},
	} {
		f := tt.dialect.committing(tt.err)
		if f.verdict != tt.want || errors.Is(f, store.ErrUncertain) != (tt.want == uncertain) {
			t.Errorf("%s, %v: verdict %d, want %d", tt.dialect, tt.err, f.verdict, tt.want)
		}
	}
}
