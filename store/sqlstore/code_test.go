package sqlstore

import (
	"errors"
	"fmt"
	"testing"
)

type stateError string

func (e stateError) Error() string    { return string(e) }
func (e stateError) SQLState() string { return string(e) }

type numberError struct{ Number uint16 }

func (e *numberError) Error() string { return fmt.Sprint(e.Number) }

type codeError int

func (e codeError) Error() string { return fmt.Sprint(int(e)) }
func (e codeError) Code() int     { return int(e) }

func TestIsClash(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{stateError("40001"), true},
		{fmt.Errorf("x: %w", stateError("40P01")), true},
		{stateError("23505"), false},
		{&numberError{1213}, true},
		{fmt.Errorf("x: %w", &numberError{1205}), true},
		{&numberError{1062}, false},
		{codeError(5), true},
		{codeError(2067), false},
		{errors.New("5"), false},
		{nil, false},
	} {
		if got := isClash(tt.err); got != tt.want {
			t.Errorf("%v: got %t", tt.err, got)
		}
	}
}

func TestBind(t *testing.T) {
	if got := PostgreSQL.bind("a = ? AND b IN " + marks(2)); got != "a = $1 AND b IN ($2,$3)" {
		t.Error(got)
	}
	if got := MySQL.bind("a = ?"); got != "a = ?" {
		t.Error(got)
	}
}
