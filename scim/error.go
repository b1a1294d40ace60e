package scim

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// ErrorType is the scimType of an error (RFC 7644 §3.12, RFC 9865 §2.1).
type ErrorType string

// The error types of RFC 7644 Table 9 and RFC 9865 Table 3.
const (
	InvalidFilter ErrorType = "invalidFilter"
	TooMany       ErrorType = "tooMany"
	Uniqueness    ErrorType = "uniqueness"
	Mutability    ErrorType = "mutability"
	InvalidSyntax ErrorType = "invalidSyntax"
	InvalidPath   ErrorType = "invalidPath"
	NoTarget      ErrorType = "noTarget"
	InvalidValue  ErrorType = "invalidValue"
	InvalidVers   ErrorType = "invalidVers"
	Sensitive     ErrorType = "sensitive"
	InvalidCursor ErrorType = "invalidCursor"
	ExpiredCursor ErrorType = "expiredCursor"
	InvalidCount  ErrorType = "invalidCount"
)

// errorURN is the schema of an error message (RFC 7644 §3.12).
const errorURN = "urn:ietf:params:scim:api:messages:2.0:Error"

// Error is an error as the client sees it (RFC 7644 §3.12). Hooks may return
// one to decide status, type and detail; everything in it but Err is sent.
type Error struct {
	// Status is the HTTP status code.
	Status int
	// Type is the scimType, or "" where none applies.
	Type ErrorType
	// Detail tells a person what to do. It must not hold secrets.
	Detail string
	// RetryAfter, if positive, is sent as Retry-After, rounded up to whole
	// seconds.
	RetryAfter time.Duration
	// Err is the cause. It is logged and never sent.
	Err error
}

// Error returns the status, the type and the detail, without the cause.
func (e *Error) Error() string {
	text := strconv.Itoa(e.Status) + " " + http.StatusText(e.Status)
	if e.Type != "" {
		text += " (" + string(e.Type) + ")"
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// AppendJSON appends the error message to dst.
func (e *Error) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"schemas":["`+errorURN+`"],"status":"`...)
	dst = strconv.AppendInt(dst, int64(e.Status), 10)
	dst = append(dst, '"')
	if e.Type != "" {
		dst = appendMember(dst, "scimType", string(e.Type))
	}
	if e.Detail != "" {
		dst = appendMember(dst, "detail", e.Detail)
	}
	return append(dst, '}')
}

// appendMember appends a comma, a name and a string value.
func appendMember(dst []byte, name, value string) []byte {
	dst = append(append(append(dst, ',', '"'), name...), '"', ':')
	return appendString(dst, value)
}

// appendString appends a JSON string. Invalid UTF-8 is replaced, so it always
// succeeds.
func appendString(dst []byte, text string) []byte {
	dst, _ = jsontext.AppendQuote(dst, text)
	return dst
}

// fail makes an Error.
func fail(status int, typ ErrorType, detail string) *Error {
	return &Error{Status: status, Type: typ, Detail: detail}
}

// badRequest makes a 400.
func badRequest(typ ErrorType, detail string) *Error {
	return fail(http.StatusBadRequest, typ, detail)
}
