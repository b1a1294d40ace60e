package schema

import (
	"errors"
	"testing"
)

func TestPathErrorText(t *testing.T) {
	for _, c := range []struct {
		err  PathError
		want string
	}{
		{PathError{Path: "title", Err: ErrValue, Detail: "is wrong"}, "title: is wrong"},
		{PathError{Path: "title", Err: ErrValue}, "title: " + ErrValue.Error()},
		{PathError{Err: ErrValue, Detail: "is wrong"}, "is wrong"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestRequiredIsAValueError: what is missing counts as a wrong value (RFC 7644
// §3.12), and nothing else does.
func TestRequiredIsAValueError(t *testing.T) {
	for _, c := range []struct {
		err, target error
		want        bool
	}{
		{ErrRequired, ErrRequired, true}, {ErrRequired, ErrValue, true}, {ErrRequired, ErrSyntax, false},
		{ErrValue, ErrValue, true}, {ErrValue, ErrRequired, false}, {ErrSyntax, ErrValue, false},
	} {
		if got := errors.Is(&PathError{Err: c.err}, c.target); got != c.want {
			t.Errorf("%v is %v: %v", c.err, c.target, got)
		}
	}
}

// TestExternalIDs: the identifiers of clients are exact and unique.
func TestExternalIDs(t *testing.T) {
	s := ExternalIDs("second", "third")
	if s.ID != ExternalIDsURN || len(s.Attributes) != 2 {
		t.Fatalf("got %v", s)
	}
	for i, name := range []string{"second", "third"} {
		if a := s.Attributes[i]; a.Name != name || !a.CaseExact || a.Uniqueness != UniquenessServer {
			t.Errorf("got %v", a)
		}
	}
}
