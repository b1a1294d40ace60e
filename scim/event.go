package scim

import (
	"log/slog"
	"slices"
	"time"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Event is one change of one resource that is about to be committed, or that
// was refused. It holds no secrets: attributes that are never returned or that
// can only be written are in none of its fields, apart from the fact that they
// changed. Hooks must not change it. What leaves the process, in logs, the
// journal and everything that is fed from it, is Record.
type Event struct {
	// ID is different for every event.
	ID string
	// Time is when it happened.
	Time time.Time
	// Tenant is the ID of the tenant.
	Tenant store.TenantID
	// Actor is who asked for it; nil if everybody is served.
	Actor *Actor
	// RequestID is the identifier of the request, as logged and returned. Clients
	// may choose it.
	RequestID string
	// TxID is the identifier of the transaction, chosen here and never used
	// twice. For an operation of a bulk request it is that of the request, a
	// colon and the index of the operation (RFC 9967 §2.5.1.2).
	TxID string
	// Operation is what was asked for.
	Operation Operation
	// Ref is the resource. It has no id if a creation was refused.
	Ref store.Ref
	// Before is the resource as it was, or nil if it is new or was not read. It
	// may lack the lists of relations, such as members.
	Before *schema.Resource
	// After is the resource as it is now, or nil if it was deleted or refused.
	// After a PATCH it may lack what was not needed.
	After *schema.Resource
	// Changed reports whether anything is different now. Requests that change
	// nothing cause no event, unless they are refused.
	Changed bool
	// Kinds say what this means in the life of the resource, each once.
	Kinds []Kind
	// Diffs are the differences by attribute, without lists of relations. Of an
	// attribute that is secret or Config.Sensitive the values are left out.
	Diffs []patch.Difference
	// Members are the memberships that began or ended, one by one. Those that a
	// deleted group held end with it and are not listed.
	Members []MemberChange
	// Report says what was tolerated and what was ignored.
	Report schema.Report
	// Pending are the deactivations for which Lifecycle.OnDeactivate failed and
	// will be called again.
	Pending []Deactivation
	// Refused is why it did not happen, or nil if it did. It is what the client
	// was told; the cause is not in Record.
	Refused *Error
	// Tx is the store in whose transaction the change is committed, for hooks
	// that read or write more in it; nil if it was refused. Writing to the store
	// itself instead would wait for the transaction to end.
	Tx store.Store

	redactor *redactor
	hold     *Hold   // what an operator released
	verdict  verdict // whether a refusal is kept
	state    []byte  // Record.State
}

// MemberChange is one membership that began or ended.
type MemberChange struct {
	// Holder is the resource with the list, such as a group.
	Holder store.Ref
	// Attribute is the list, such as "members".
	Attribute string
	// Member is what is in it. Its type is empty if it was not needed to tell.
	Member store.Ref
	// Added is true if the membership began, and false if it ended.
	Added bool
}

// Is reports whether k is one of the kinds of the event.
func (e *Event) Is(k Kind) bool { return slices.Contains(e.Kinds, k) }

// LogValue returns the Record, so that an event can be logged as it is.
func (e *Event) LogValue() slog.Value { return slog.AnyValue(e.Record()) }

// MarshalJSON returns the Record as JSON.
func (e *Event) MarshalJSON() ([]byte, error) { return e.Record().MarshalJSON() }

// event describes what has just been written.
func (c *call) event(op Operation, before, after *schema.Resource) *Event {
	e := &Event{
		ID: string(store.NewID()), Time: c.h.now(), Tenant: c.tenant.ID, Actor: c.actor, RequestID: c.id, TxID: c.txn(), Operation: op,
		Before: before, After: after, Changed: true, Report: c.report, redactor: c.h.redactor,
	}
	switch {
	case after != nil:
		e.Ref = store.RefOf(after)
	case c.route.typ != nil:
		e.Ref = c.ref()
	}
	return e
}

// txn returns the identifier of the transaction.
func (c *call) txn() string {
	if c.txID == "" {
		c.txID = string(store.NewID())
	}
	return c.txID
}
