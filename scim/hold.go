package scim

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/muster-scim/muster/store"
)

// Hold says what a Brake holds.
type Hold struct {
	Tenant store.TenantID `json:"tenant,omitempty"` // Tenant.ID
	Type   string         `json:"type"`             // of the resources
	Kind   Kind           `json:"kind"`             // of the changes
	Since  time.Time      `json:"since"`            // when the first one was held
	Held   int            `json:"held"`             // requests that were held
	Reason string         `json:"reason"`           // which limit it was
}

func errHeld(reason string) *Error {
	return fail(http.StatusConflict, "", "held: "+reason+"; an operator of the service has to release it")
}

// heldBack refuses a change that the brake holds. Its transaction is undone, so
// that the hold is noted after it.
type heldBack struct {
	answer *Error
	hold   Hold
}

func (e *heldBack) Error() string { return e.answer.Error() }

func (e *heldBack) Unwrap() error { return e.answer }

// brake counts a change.
func (t *transaction) brake(ctx context.Context, tx store.Store, e *Event, kind Kind) error {
	b := t.h.cfg.Lifecycle.Brake
	some, percent := b.limits(kind)
	n := changesOf(e, kind)
	if !some || n == 0 {
		return nil
	}
	population := -1
	if percent && kind != MemberRemoved {
		page, err := store.RunQuery(ctx, tx, store.Query{Type: e.Ref.Type, Total: true})
		if err != nil {
			return err
		}
		population = page.Total
	}
	log, err := store.Journal(tx)
	switch {
	case err == nil:
		return t.brakeDurably(ctx, log, e.Ref.Type, kind, n, population)
	case !errors.Is(err, errors.ErrUnsupported):
		return err
	}
	key := brakeKey{e.Tenant, e.Ref.Type, kind}
	if err := b.take(key, n, t.h.now(), population, t.dry != nil); err != nil || t.dry != nil {
		return err
	}
	t.taken = append(t.taken, taken{key, n})
	return nil
}

// brakeDurably counts in the journal. What it writes is undone with the change.
func (t *transaction) brakeDurably(ctx context.Context, log store.Log, typ string, kind Kind, n, population int) error {
	ledger, err := ledgerOf(ctx, log)
	if err != nil {
		return err
	}
	b, now := t.h.cfg.Lifecycle.Brake, t.h.now()
	if h := ledger.holdOf(typ, kind); h != nil {
		return &heldBack{errHeld(h.Reason), *h}
	}
	within := func(window time.Duration) int { return ledger.within(typ, kind, window, now) }
	if reason := b.exceeded(kind, n, population, within); reason != "" {
		return &heldBack{errHeld(reason), Hold{Type: typ, Kind: kind, Since: now, Reason: reason}}
	}
	if t.dry != nil {
		return nil
	}
	return ledger.count(ctx, typ, kind, b.windows(kind), n, now)
}

// noteHold keeps the hold that refused a change. If that fails, the limit still
// stands, and the next request that breaks it is held.
func (t *transaction) noteHold(ctx context.Context, err error) {
	held, ok := errors.AsType[*heldBack](err)
	if !ok || t.dry != nil {
		return
	}
	err = inJournal(context.WithoutCancel(ctx), t.tenant.Store, func(ctx context.Context, l *brakeLedger, _ store.Store) error {
		return l.hold(ctx, held.hold)
	})
	if err != nil {
		t.h.cfg.Logger.ErrorContext(ctx, "a hold was not noted", slog.String("request", t.id), slog.Any("error", err))
	}
}

// inJournal runs fn on the ledger of a tenant in a transaction.
func inJournal(ctx context.Context, s store.Store, fn func(context.Context, *brakeLedger, store.Store) error) error {
	return store.InTx(ctx, s, func(ctx context.Context, tx store.Store) error {
		log, err := store.Journal(tx)
		if err != nil {
			return err
		}
		ledger, err := ledgerOf(ctx, log)
		if err != nil {
			return err
		}
		return fn(ctx, ledger, tx)
	})
}

// Holds lists what Lifecycle.Brake holds of a tenant, oldest first.
func (h *Handler) Holds(ctx context.Context, tenant Tenant) ([]Hold, error) {
	var list []Hold
	log, err := store.Journal(tenant.Store)
	switch {
	case err == nil:
		ledger, err := ledgerOf(ctx, log)
		if err != nil {
			return nil, err
		}
		list = ledger.holds()
	case !errors.Is(err, errors.ErrUnsupported):
		return nil, err
	case h.cfg.Lifecycle.Brake != nil:
		list = h.cfg.Lifecycle.Brake.holds(tenant.ID)
	}
	for i := range list {
		list[i].Tenant = tenant.ID
	}
	slices.SortFunc(list, func(a, b Hold) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Kind, b.Kind))
	})
	return list, nil
}

// Release lets the changes of a tenant that Lifecycle.Brake holds pass again, in
// all instances; counting starts anew. With Config.Journal it keeps a Record of
// each hold that is released, by actor, who may be nil.
func (h *Handler) Release(ctx context.Context, tenant Tenant, actor *Actor) error {
	if b := h.cfg.Lifecycle.Brake; b != nil {
		b.release(tenant.ID)
	}
	if _, err := store.Journal(tenant.Store); errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return inJournal(ctx, tenant.Store, func(ctx context.Context, l *brakeLedger, tx store.Store) error {
		if err := l.clear(ctx); err != nil || !h.cfg.Journal {
			return err
		}
		c := &call{h: h, id: requestID(""), actor: actor, tenant: tenant, profile: h.pairing}
		for _, held := range l.holds() {
			e := c.event(OpRelease, nil, nil)
			held.Tenant = tenant.ID
			e.Ref.Type, e.Kinds, e.hold = held.Type, []Kind{Released}, &held
			if err := appendEvent(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}
