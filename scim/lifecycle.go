package scim

import (
	"context"

	"github.com/muster-scim/muster/store"
)

// Lifecycle says what the host wants to happen, and not to happen, when
// accounts are deactivated, removed and made again. The zero Lifecycle does
// what RFC 7644 says and nothing more, except that nothing but an explicit
// "active": true re-enables an account, and not even that if the account was
// deactivated while the request was on its way.
//
// Everything here needs a store with transactions: what is refused is undone.
type Lifecycle struct {
	// OnDeactivate ends what an account can still do: sessions, keys, tokens. It
	// is called before the change is committed and answered, for every way to
	// lose access: active=false, DELETE, and the end of a membership that
	// Requires names. An error refuses the change, so access is never reported as
	// ended while it goes on; see also RetryDeactivate. It must be safe to
	// repeat, because a transaction may be repeated. It must not write to the
	// store.
	OnDeactivate func(ctx context.Context, d Deactivation) error

	// RetryDeactivate commits the change even if OnDeactivate fails, and notes
	// in the journal that it is pending. Handler.Deactivations tries again until
	// it succeeds, and lists what is pending. It needs Config.Journal.
	RetryDeactivate bool

	// Requires reports whether accounts need to be in a group to have access. Nil
	// means that no group is needed.
	Requires func(ctx context.Context, tenant store.TenantID, holder store.Ref) bool

	// SoftDelete keeps what is deleted, out of sight, so that Handler.Restore can
	// bring it back until Handler.Purge removes it. For clients there is no
	// difference: the resource is gone and its unique values are free (A10). The
	// store must be a store.TrashStore.
	SoftDelete bool

	// Recreate says what happens if something is created that SoftDelete has
	// kept.
	Recreate Recreate

	// Link finds the account that is there already for what a client creates, for
	// services whose people had accounts before SCIM: the zero Ref means that
	// there is none. The client then gets that account, with the values that it
	// sent. Without Link nothing is ever linked, and an account in the way is a
	// conflict. Whoever may create can so take over what Link finds: link only by
	// what the client could not choose, such as an address in a domain that the
	// tenant has proved to own, and never by externalId.
	Link func(ctx context.Context, r LinkRequest) (store.Ref, error)

	// UniqueExternalID refuses with 409 a resource whose externalId another one
	// of its type has, in the same tenant. The standard leaves that to the client.
	// Those of clients with a name are unique anyway, see Actor.Client.
	UniqueExternalID bool

	// Administrators is a filter of users, such as
	// `roles.value eq "admin" and active eq true`. A change after which no user
	// matches it any more is refused with 409.
	Administrators string

	// Brake holds mass changes; nil means that there is no limit.
	Brake *Brake
}

// Recreate says what the creation of a resource means that was deleted, and is
// kept by Lifecycle.SoftDelete: one that has a unique value in common with it.
// Whether an account that is there, active or not, can be created again is not
// asked: that is a conflict (B6, B7).
type Recreate string

// The policies for the creation of what was deleted.
const (
	RecreateNew      Recreate = ""         // makes a new resource with a new id
	RecreateConflict Recreate = "conflict" // is refused with 409 until it is restored or purged
	RecreateRestore  Recreate = "restore"  // brings the old id back, with the values that are sent
)

// guards reports whether something may refuse a change after it was made.
func (l *Lifecycle) guards() bool {
	return l.OnDeactivate != nil || l.Link != nil || l.Administrators != "" || l.Brake != nil
}

// Deactivation is the end of what an account may do.
type Deactivation struct {
	// Tenant is the ID of the tenant.
	Tenant store.TenantID `json:"tenant,omitempty"`
	// Subject is the account.
	Subject store.Ref `json:"subject"`
	// Cause is Deactivated, Removed or MemberRemoved.
	Cause Kind `json:"cause"`
	// Holder is the group that the account is not in any more, if that is the
	// cause.
	Holder store.Ref `json:"holder,omitzero"`
	// TxID is the transaction, as in the event.
	TxID string `json:"txId,omitempty"`
	// Retried is true if an earlier attempt failed.
	Retried bool `json:"-"`
}

// deactivations lists what an event ends.
func (c *call) deactivations(ctx context.Context, e *Event) (list []Deactivation) {
	add := func(subject, holder store.Ref, cause Kind) {
		list = append(list, Deactivation{Tenant: e.Tenant, Subject: subject, Cause: cause, Holder: holder, TxID: e.TxID})
	}
	switch account := hasActive(c.route.typ); {
	case account && e.Is(Removed):
		add(e.Ref, store.Ref{}, Removed)
	case account && e.Is(Deactivated):
		add(e.Ref, store.Ref{}, Deactivated)
	}
	for _, m := range e.Members {
		if !m.Added && m.Member != e.Ref && c.h.requires(ctx, e.Tenant, m.Holder) {
			add(m.Member, m.Holder, MemberRemoved)
		}
	}
	return list
}

func (h *Handler) requires(ctx context.Context, tenant store.TenantID, holder store.Ref) bool {
	l := &h.cfg.Lifecycle
	return l.OnDeactivate != nil && l.Requires != nil && l.Requires(ctx, tenant, holder)
}

// deactivate calls the hook for everything that an event ends. With
// RetryDeactivate what fails becomes pending.
func (t *transaction) deactivate(ctx context.Context, e *Event) error {
	l := &t.h.cfg.Lifecycle
	if l.OnDeactivate == nil {
		return nil
	}
	for _, d := range t.deactivations(ctx, e) {
		err := t.callDeactivate(ctx, d)
		switch {
		case err != nil && !l.RetryDeactivate:
			return err
		case err != nil:
			e.Pending = append(e.Pending, d)
		}
	}
	return nil
}

// callDeactivate calls the hook. A panic in it is an error.
func (t *transaction) callDeactivate(ctx context.Context, d Deactivation) (err error) {
	defer recoverTo(&err)
	return t.h.cfg.Lifecycle.OnDeactivate(ctx, d)
}
