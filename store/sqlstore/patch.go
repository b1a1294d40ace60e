package sqlstore

import (
	"context"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Patch applies changes. Of a relation's list it loads only the members that
// the changes are about, if they say which.
func (h handle) Patch(ctx context.Context, p store.Patch, w store.Write) (out *store.Outcome, err error) {
	k, err := h.kindOf(p.Changes.Type())
	if err != nil {
		return nil, err
	}
	err = h.session.write(ctx, func(t *tx) error {
		out, err = applyPatch(ctx, h.rows(t, k), p, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s rows) kept() []role { return s.roles }

// put stores a new state of a resource and its keys.
func (s rows) put(ctx context.Context, old, changed *schema.Resource, w store.Write) (*schema.Resource, error) {
	r := s.bare(w.Stamp(old, changed))
	if err := s.update(ctx, old, r); err != nil {
		return nil, err
	}
	return r, s.setKeys(ctx, old, r, w)
}

// some reads the elements of a holder's list for the members among ids, in the
// order of the list.
func (s rows) some(ctx context.Context, role role, holder schema.ID, ids []schema.ID) ([]schema.Value, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id schema.ID) bool { return !namable(id) })
	found := map[schema.ID][]schema.Value{}
	err := inChunks(slices.Compact(slices.Sorted(slices.Values(ids))), func(args []any) error {
		query := "SELECT m.holder, m.member, r.type, r.name" + s.tx.dialect.memberRows() + " AND m.holder = ? AND m.member IN " + marks(len(args)) + " ORDER BY m.seq + 0" // so that no index on the order is used
		return s.each(ctx, query, append([]any{s.tenant, role.key(), holder}, args...), s.addMember(found, role))
	})
	return found[holder], err
}
