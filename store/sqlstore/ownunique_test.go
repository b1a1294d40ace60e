package sqlstore

import (
	"errors"
	"fmt"
	"testing"

	"github.com/muster-scim/muster/schema"
)

// A value that a column does not take is the client's affair, as is one that is
// taken. Whatever else a statement fails of is not.
func TestSortedOut(t *testing.T) {
	for _, tt := range []struct {
		err              error
		value, duplicate bool
	}{
		{err: nil},
		{err: stateError("22001"), value: true}, // too long
		{err: stateError("23502"), value: true}, // NULL
		{err: stateError("23505"), duplicate: true},
		{err: stateError("40001")},
		{err: &numberError{1406}, value: true},                      // too long
		{err: &numberError{3140}, value: true},                      // a number that MySQL's json has no place for
		{err: &numberError{3157}, value: true},                      // too deep for MySQL's json
		{err: fmt.Errorf("x: %w", &numberError{3819}), value: true}, // CHECK of MySQL
		{err: &numberError{4025}, value: true},                      // CHECK of MariaDB
		{err: &numberError{1062}, duplicate: true},
		{err: &numberError{1213}},
		{err: codeError(275), value: true}, // CHECK of SQLite
		{err: codeError(2067), duplicate: true},
		{err: codeError(5)},
		{err: errors.New("22001")},
	} {
		got := sortedOut(tt.err)
		var duplicate *duplicateError
		if errors.Is(got, schema.ErrValue) != tt.value || errors.As(got, &duplicate) != tt.duplicate {
			t.Errorf("%v: %v", tt.err, got)
		}
		if !errors.Is(got, tt.err) {
			t.Errorf("%v: %v hides it", tt.err, got)
		}
	}
}
