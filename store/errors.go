package store

import (
	"errors"
	"fmt"

	"github.com/muster-scim/muster/schema"
)

// What a store reports and callers act on. Test with errors.Is.
var (
	// ErrNotFound: there is no such resource (404).
	ErrNotFound = errors.New("resource not found")
	// ErrVersion: the resource is not at the expected version (412).
	ErrVersion = errors.New("version mismatch")
	// ErrConflict: a unique value is taken (409 uniqueness); see ConflictError.
	ErrConflict = errors.New("value is taken")
	// ErrUnknownMember: a list names a resource that does not exist (400
	// invalidValue); see MemberError.
	ErrUnknownMember = errors.New("unknown member")
	// ErrCycle: a list would make a resource a member of itself, directly or
	// through others (400 invalidValue); see MemberError.
	ErrCycle = errors.New("membership cycle")
	// ErrScanLimit: a query cannot be answered without reading more resources
	// than Query.MaxScan (400 tooMany).
	ErrScanLimit = errors.New("query reads too many resources")
	// ErrPosition: a Position that the store did not make, or not for this
	// query (400 invalidCursor).
	ErrPosition = errors.New("invalid position")
	// ErrStale: a write keeps failing on its version although the store keeps
	// reading that same version. Reads come from an outdated copy; a Store must
	// not do that. A fault of the store, not of the client.
	ErrStale = errors.New("store reads are stale")
	// ErrUnavailable: the store cannot do this now, and nothing was changed. What
	// it keeps its data in is restarting, unreachable, full, read-only or
	// overloaded, or other writers came first again and again. The same call may
	// succeed later (503).
	ErrUnavailable = errors.New("store is unavailable")
	// ErrUncertain: the connection was lost while a write was being made
	// permanent, and it is not known whether it was. All of it was, or nothing.
	// Read, or make the call again, to find out (503).
	ErrUncertain = errors.New("outcome of the write is not known")
)

// ConflictError says which unique value is taken. It is an ErrConflict.
type ConflictError struct {
	// Path is the canonical attribute path, such as "userName".
	Path string
	// Existing is the resource that holds the value, or the zero Ref if the
	// store does not know. It is for the host's policies and not part of the
	// text, because the client may not be allowed to see that resource.
	Existing Ref
}

// Error names the attribute only.
func (e *ConflictError) Error() string { return e.Path + " is taken by another resource" }

// Unwrap returns ErrConflict.
func (e *ConflictError) Unwrap() error { return ErrConflict }

// MemberError says which member of a list was refused and why.
type MemberError struct {
	// Path is the canonical path of the list, such as "members".
	Path string
	// ID is the value of the member as it was sent.
	ID schema.ID
	// Err is ErrUnknownMember or ErrCycle.
	Err error
}

// Error names the list, the member and the reason.
func (e *MemberError) Error() string { return fmt.Sprintf("%s %q: %v", e.Path, e.ID, e.Err) }

// Unwrap returns Err.
func (e *MemberError) Unwrap() error { return e.Err }
