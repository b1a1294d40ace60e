package patch

import (
	"errors"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// Reason says what is wrong with a PATCH request; its text is the scimType of
// the error response (RFC 7644 §3.12). A Reason is itself an error, so test for
// one with errors.Is(err, patch.NoTarget).
type Reason string

// The reasons for which a PATCH request is refused, all with status 400 except
// TooLarge, which is 413 and has no scimType in the RFC.
const (
	// InvalidSyntax: the body is not a PatchOp message.
	InvalidSyntax Reason = "invalidSyntax"
	// InvalidPath: a path is malformed or names an unknown attribute.
	InvalidPath Reason = "invalidPath"
	// InvalidFilter: the value filter of a path is malformed or does not fit
	// the schema.
	InvalidFilter Reason = "invalidFilter"
	// InvalidValue: a value is missing, or of the wrong type or form.
	InvalidValue Reason = "invalidValue"
	// NoTarget: a remove has no path, or a value filter selects nothing.
	NoTarget Reason = "noTarget"
	// Mutability: a readOnly attribute, an immutable one that has a value, or a
	// required one that would lose its value.
	Mutability Reason = "mutability"
	// TooLarge: more operations or bytes than Options allow.
	TooLarge Reason = "tooLarge"
)

// Error returns the scimType.
func (r Reason) Error() string { return string(r) }

// Error is the fault that made a request fail. Nothing was changed.
type Error struct {
	// Operation is the index in Operations, or -1 if the message as a whole is
	// at fault.
	Operation int
	// Path is the attribute in canonical form if it is known, otherwise the
	// path as sent; empty for an operation without path.
	Path string
	// Reason is the scimType.
	Reason Reason
	// Detail says what is wrong in words for an administrator, without values
	// that might be secret.
	Detail string
	// Err is the error of package filter or schema that caused this one, or nil.
	Err error
}

// Error returns one sentence that names the operation and the path.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Operation >= 0 {
		b.WriteString("operation ")
		b.WriteString(strconv.Itoa(e.Operation))
		b.WriteString(": ")
	}
	if e.Path != "" && !startsWith(e.Detail, e.Path) {
		b.WriteString(shorten(e.Path))
		b.WriteString(": ")
	}
	b.WriteString(e.Detail)
	return b.String()
}

// startsWith reports whether detail is about path, or about a part of it.
func startsWith(detail, path string) bool {
	rest, ok := strings.CutPrefix(detail, path)
	return ok && rest != "" && strings.ContainsRune(":.[", rune(rest[0]))
}

// maxShown bounds the length, in bytes, of what an error text repeats of a path.
const maxShown = 200

func shorten(path string) string {
	if len(path) <= maxShown {
		return path
	}
	return strings.ToValidUTF8(path[:maxShown], "") + "…"
}

// Unwrap returns the Reason, and the cause if there is one.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Reason}
	}
	return []error{e.Reason, e.Err}
}

// reasonOf classifies an error of the packages below.
func reasonOf(err error) Reason {
	for _, known := range []struct {
		err    error
		reason Reason
	}{
		{filter.ErrFilter, InvalidFilter},
		{filter.ErrPath, InvalidPath},
		{schema.ErrUnknownAttribute, InvalidPath},
		{schema.ErrMutability, Mutability},
		{schema.ErrSyntax, InvalidSyntax},
	} {
		if errors.Is(err, known.err) {
			return known.reason
		}
	}
	return InvalidValue
}
