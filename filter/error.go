package filter

import (
	"errors"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/filter/internal/syntax"
)

// What an Error is about. Test for them with errors.Is.
var (
	// ErrFilter: the text is not a filter, or not one that this resource type
	// can answer (scimType invalidFilter).
	ErrFilter = errors.New("invalid filter")
	// ErrPath: the text is not the path of a PATCH operation, or it names what
	// does not exist (scimType invalidPath). A fault between the brackets of a
	// path is an ErrFilter.
	ErrPath = errors.New("invalid path")
	// ErrSort: sortBy names nothing that can be sorted by, or sortOrder is
	// unknown (scimType invalidValue).
	ErrSort = errors.New("invalid sort")
	// ErrHidden: an attribute that is never returned must not be filtered or
	// sorted by either, because the result would give its value away. The error
	// is an ErrFilter or ErrSort as well.
	ErrHidden = errors.New("attribute is never returned")
)

// Error is a fault in a filter, a path or a sort parameter. It says where the
// fault is and what would have been right; it never repeats an operand, so it
// can be logged.
type Error struct {
	// Offset is the position of the fault in the text, in bytes.
	Offset int
	// Found and Expected say what is at Offset and what should be.
	Found, Expected string
	// Detail explains the fault where the other two do not suffice.
	Detail string

	err   error // ErrFilter, ErrPath or ErrSort
	cause error // ErrHidden, or an error of package schema, or nil
}

// Error returns one sentence for the administrator of the client.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.err.Error())
	b.WriteString(" at offset ")
	b.WriteString(strconv.Itoa(e.Offset))
	b.WriteString(": found ")
	b.WriteString(e.Found)
	b.WriteString(", expected ")
	b.WriteString(e.Expected)
	if e.Detail != "" {
		b.WriteString(" (")
		b.WriteString(e.Detail)
		b.WriteString(")")
	}
	return b.String()
}

// Unwrap returns ErrFilter, ErrPath or ErrSort, and the cause if there is one:
// ErrHidden, or the *schema.PathError of an unknown attribute.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.err}
	}
	return []error{e.err, e.cause}
}

// fromSyntax makes the public error of a fault in the grammar.
func fromSyntax(err error) error {
	var s *syntax.Error
	if !errors.As(err, &s) {
		return err
	}
	kind := ErrFilter
	if s.InPath {
		kind = ErrPath
	}
	return &Error{Offset: s.Offset, Found: s.Found, Expected: s.Expected, Detail: s.Detail, err: kind}
}
