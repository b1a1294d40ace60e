package scim

import (
	"context"
	"errors"
	"net/http"

	"github.com/muster-scim/muster/store"
)

// errNoTransactions stops a change whose policies could not undo it.
var errNoTransactions = errors.New("scim: Config.Lifecycle needs transactions, and the store of the tenant has none")

// guard applies the policies to a change that was made and is not committed.
func (t *transaction) guard(ctx context.Context, tx store.Store, e *Event, hadAdministrator bool) error {
	if hadAdministrator {
		has, err := t.hasAdministrator(ctx, tx)
		if err != nil {
			return err
		}
		if !has {
			return fail(http.StatusConflict, "", "the change would leave no administrator")
		}
	}
	if t.h.cfg.Lifecycle.Brake == nil {
		return nil
	}
	for _, kind := range []Kind{Deactivated, Removed, MemberRemoved} {
		if err := t.brake(ctx, tx, e, kind); err != nil {
			return err
		}
	}
	return nil
}

// hasAdministrator reports whether some user matches the filter. Without a
// filter nobody does.
func (t *transaction) hasAdministrator(ctx context.Context, tx store.Store) (bool, error) {
	if t.h.administrators == nil {
		return false, nil
	}
	page, err := store.RunQuery(ctx, tx, store.Query{Type: userType, Filter: t.h.administrators, Count: 1})
	return len(page.Resources) > 0, err
}

// userType is the name of the core type User.
const userType = "User"

// changesOf counts what an event has of a kind. The memberships that end with
// a resource are not counted beside it.
func changesOf(e *Event, kind Kind) (n int) {
	switch {
	case kind != MemberRemoved && e.Is(kind):
		return 1
	case kind != MemberRemoved || e.Is(Removed):
		return 0
	}
	for _, m := range e.Members {
		if !m.Added {
			n++
		}
	}
	return n
}

// taken is what a transaction has counted with the brake.
type taken struct {
	key brakeKey
	n   int
}

// giveBack takes back what was counted for a change that did not happen.
func (t *transaction) giveBack() {
	for _, x := range t.taken {
		t.h.cfg.Lifecycle.Brake.giveBack(x.key, x.n)
	}
	t.taken = nil
}
