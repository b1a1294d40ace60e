package schema

import (
	"errors"
	"strings"
)

// What can be wrong with a value or a path. Test for them with errors.Is; a
// *PathError says where.
var (
	// ErrSyntax: not JSON, or not the JSON of a resource (scimType invalidSyntax).
	ErrSyntax = errors.New("invalid syntax")
	// ErrUnknownAttribute: the name is not in the schema.
	ErrUnknownAttribute = errors.New("unknown attribute")
	// ErrValue: a value of the wrong type or form, or a missing required one
	// (scimType invalidValue).
	ErrValue = errors.New("invalid value")
	// ErrRequired: a required attribute has no value (also an ErrValue).
	ErrRequired = errors.New("required value missing")
	// ErrMutability: a value that may not be written (scimType mutability).
	ErrMutability = errors.New("attribute cannot be changed")
	// ErrLimit: more than the configured limit allows.
	ErrLimit = errors.New("limit exceeded")
)

// PathError is one problem with one attribute.
type PathError struct {
	// Path is the attribute in canonical form if it is known, as sent otherwise.
	// Elements of a multi-valued attribute carry their index: "emails[1].type".
	Path string
	// Offset is the byte position in the input, or -1 where there is none.
	Offset int64
	// Err is one of the sentinels of this package.
	Err error
	// Characteristic is the part of the definition that is broken, such as
	// "type", "required" or "mutability", or "" where there is none.
	Characteristic string
	// Detail says what is wrong in words for an administrator, without values
	// that might be secret.
	Detail string
}

// Error returns the path and the detail.
func (e *PathError) Error() string {
	text := e.Err.Error()
	if e.Detail != "" {
		text = e.Detail
	}
	if e.Path == "" {
		return text
	}
	return shorten(e.Path) + ": " + text
}

// Unwrap returns the sentinel.
func (e *PathError) Unwrap() error { return e.Err }

// Is makes a missing required value an ErrValue as well (RFC 7644 §3.12).
func (e *PathError) Is(target error) bool {
	return target == ErrValue && e.Err == ErrRequired
}

// ValidationError lists every problem of one body or resource.
type ValidationError struct {
	// Problems has at least one element.
	Problems []*PathError
}

// Error lists all problems.
func (e *ValidationError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap returns the problems, so that errors.Is and errors.As find each.
func (e *ValidationError) Unwrap() []error {
	errs := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		errs[i] = p
	}
	return errs
}
