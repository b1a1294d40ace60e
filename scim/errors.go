package scim

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// rule says how one kind of error is answered.
type rule struct {
	is     error // compared with errors.Is
	status int
	typ    ErrorType
	detail func(error) string
}

// statusGone is logged when the client did not wait for the answer.
const statusGone = 499

// rules is the one table that turns errors into responses (RFC 7644 §3.12,
// Tables 8 and 9). The first rule that fits decides. Details come from typed
// errors only, whose text is written for clients; the text of whatever wraps
// them stays in the log.
var rules = []rule{
	{ErrUnauthenticated, http.StatusUnauthorized, "", text("the request needs valid credentials")},
	{ErrForbidden, http.StatusForbidden, "", text("the credentials do not allow this")},

	{store.ErrNotFound, http.StatusNotFound, "", text("there is no such resource")},
	{store.ErrVersion, http.StatusPreconditionFailed, "", text("the resource has changed: its version is not the expected one")},
	{store.ErrConflict, http.StatusConflict, Uniqueness, detailOf[*store.ConflictError]("a value that must be unique is taken")},
	{store.ErrUnknownMember, http.StatusBadRequest, InvalidValue, detailOf[*store.MemberError]("a member does not exist")},
	{store.ErrCycle, http.StatusBadRequest, InvalidValue, detailOf[*store.MemberError]("a resource cannot be a member of itself")},
	{store.ErrScanLimit, http.StatusBadRequest, TooMany, text("the query needs too much work; make the filter narrower")},
	{store.ErrPosition, http.StatusBadRequest, InvalidCursor, text("the cursor is not one that this query was given; start again without one")},

	{patch.TooLarge, http.StatusRequestEntityTooLarge, "", detailOf[*patch.Error]("the request is too large")},
	{patch.NoTarget, http.StatusBadRequest, NoTarget, detailOf[*patch.Error]("the path selects nothing")},
	{patch.Mutability, http.StatusBadRequest, Mutability, detailOf[*patch.Error]("the attribute cannot be changed")},
	{patch.InvalidSyntax, http.StatusBadRequest, InvalidSyntax, detailOf[*patch.Error]("the body is not a PatchOp message")},
	{patch.InvalidPath, http.StatusBadRequest, InvalidPath, detailOf[*patch.Error]("the path is not valid")},
	{patch.InvalidFilter, http.StatusBadRequest, InvalidFilter, detailOf[*patch.Error]("the filter in the path is not valid")},
	{patch.InvalidValue, http.StatusBadRequest, InvalidValue, detailOf[*patch.Error]("a value is missing or not valid")},

	{filter.ErrSort, http.StatusBadRequest, InvalidValue, detailOf[*filter.Error]("sortBy is not valid")},
	{filter.ErrPath, http.StatusBadRequest, InvalidPath, detailOf[*filter.Error]("the path is not valid")},
	{filter.ErrFilter, http.StatusBadRequest, InvalidFilter, detailOf[*filter.Error]("the filter is not valid")},
	{filter.ErrHidden, http.StatusForbidden, "", text("the attribute cannot be asked about")},

	{schema.ErrLimit, http.StatusRequestEntityTooLarge, "", schemaDetail("the body is too large")},
	{schema.ErrSyntax, http.StatusBadRequest, InvalidSyntax, schemaDetail("the body is not valid JSON")},
	{schema.ErrUnknownAttribute, http.StatusBadRequest, InvalidSyntax, schemaDetail("the body has an unknown attribute")},
	{schema.ErrMutability, http.StatusBadRequest, Mutability, schemaDetail("the attribute cannot be changed")},
	{schema.ErrRequired, http.StatusBadRequest, InvalidValue, schemaDetail("a required value is missing")},
	{schema.ErrValue, http.StatusBadRequest, InvalidValue, schemaDetail("a value is not valid")},

	{store.ErrUncertain, http.StatusServiceUnavailable, "", text("it is not known whether the change was made, in whole or not at all; read the resource, or send the request again")},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "", text("the request took too long; try again later")},
	{context.Canceled, statusGone, "", text("the client has gone")},
	{store.ErrUnavailable, http.StatusServiceUnavailable, "", text("the data cannot be reached or changed now, and nothing was changed; try again later")},
	{errors.ErrUnsupported, http.StatusNotImplemented, "", text("the operation is not supported")},
}

// wireError returns the error that the client gets to see. What no rule knows
// becomes a 500 that says nothing; the cause is in the log.
func wireError(ctx context.Context, err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e.valid(err)
	}
	for _, r := range rules {
		if errors.Is(err, r.is) {
			return &Error{Status: r.status, Type: r.typ, Detail: r.detail(err), RetryAfter: retryAfter(r.status), Err: err}
		}
	}
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		return wireError(ctx, errors.Join(ended, err))
	}
	return &Error{Status: http.StatusInternalServerError, Detail: "the server has a fault; its operator finds the cause under the request id", Err: err}
}

// valid guards against an *Error of a hook that is not an error on the wire.
func (e *Error) valid(err error) *Error {
	if e.Status >= 400 && e.Status <= 599 {
		return e
	}
	return &Error{Status: http.StatusInternalServerError, Err: err}
}

func retryAfter(status int) time.Duration {
	if status == http.StatusServiceUnavailable {
		return 10 * time.Second
	}
	return 0
}

// text is a detail that says the same for every error of its kind.
func text(detail string) func(error) string {
	return func(error) string { return detail }
}

// detailOf takes the detail from the typed error in the chain.
func detailOf[T error](fallback string) func(error) string {
	return func(err error) string {
		if typed, ok := errors.AsType[T](err); ok {
			return typed.Error()
		}
		return fallback
	}
}

// schemaDetail lists every problem of a body. Of a single one it gives the
// position.
func schemaDetail(fallback string) func(error) string {
	return func(err error) string {
		if all, ok := errors.AsType[*schema.ValidationError](err); ok && len(all.Problems) > 1 {
			return all.Error()
		}
		one, ok := errors.AsType[*schema.PathError](err)
		switch {
		case !ok:
			return fallback
		case one.Offset >= 0:
			return one.Error() + " (at byte " + strconv.FormatInt(one.Offset, 10) + ")"
		default:
			return one.Error()
		}
	}
}

// The errors that this package makes itself, where more than one place needs
// them.

func errNoResource() *Error {
	return fail(http.StatusNotFound, "", "there is no such resource")
}

func errNoEndpoint() *Error {
	return fail(http.StatusNotFound, "", "there is no such endpoint")
}

func errReadOnly() *Error {
	return fail(http.StatusForbidden, "", "the credentials allow reading only")
}

func errHidden(p schema.Path) *Error {
	return fail(http.StatusForbidden, "", "the credentials do not allow this for the attribute "+p.String())
}

func errRateLimit(wait time.Duration) *Error {
	e := fail(http.StatusTooManyRequests, "", "too many requests; wait as long as Retry-After says")
	e.RetryAfter = max(wait, time.Second)
	return e
}
