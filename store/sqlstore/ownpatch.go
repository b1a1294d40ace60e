package sqlstore

import (
	"context"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Patch applies changes: columns whose attribute changed in one statement, and
// members by what comes and goes.
func (h ownHandle) Patch(ctx context.Context, p store.Patch, w store.Write) (out *store.Outcome, err error) {
	table, err := h.tableOf(p.Changes.Type())
	if err != nil {
		return nil, err
	}
	var result *schema.Resource
	err = h.session.write(ctx, table.patchesKeys(p, w), func(t *tx) error {
		s := patchedRows{h.rows(t, table), &result}
		out, err = applyPatch(ctx, s, p, w)
		return err
	})
	if result != nil {
		err = h.explain(ctx, table, result, w, err)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// patchesKeys reports whether changes may set a unique value that no index of
// the service keeps apart.
func (t *ownTable) patchesKeys(p store.Patch, w store.Write) bool {
	for q := range t.Type.AllPaths() {
		if q.Uniqueness() != schema.UniquenessNone && q != t.Type.IDPath() && p.Changes.Touches(q) && !t.indexed(q) {
			return true
		}
	}
	for _, q := range w.Unique {
		if p.Changes.Touches(q) && !t.indexed(q) {
			return true
		}
	}
	return false
}

// patchedRows are the rows of a table for applyPatch. They remember what they
// were to store, so that a value that is taken can be named.
type patchedRows struct {
	ownRows
	result **schema.Resource
}

var _ patchable = patchedRows{}

func (s patchedRows) kept() []role {
	list := make([]role, len(s.roles))
	for i, r := range s.roles {
		list[i] = r.role
	}
	return list
}

// put stores a new state of a resource, and returns it as the database shows
// it.
func (s patchedRows) put(ctx context.Context, old, changed *schema.Resource, w store.Write) (*schema.Resource, error) {
	r := s.stamped(old, changed, w)
	*s.result = r
	if err := s.checkKeys(ctx, r, w); err != nil {
		return nil, err
	}
	at := writing{w.Instant(), s.tx.dialect}
	if err := s.update(ctx, old, r, at); err != nil {
		return nil, err
	}
	if err := s.setLists(ctx, old, r, at); err != nil {
		return nil, err
	}
	return s.reread(ctx, r, s.inBulk())
}

func (s patchedRows) some(ctx context.Context, role role, holder schema.ID, ids []schema.ID) ([]schema.Value, error) {
	if len(ids) == 0 {
		return nil, nil // and not all of them
	}
	r := s.with(role)
	members, err := s.membersOf(ctx, r.join, []schema.ID{holder}, ids)
	return r.elements(members[holder]), err
}

func (s patchedRows) removeMembers(ctx context.Context, role role, holder schema.ID, ids []schema.ID) error {
	return s.ownRows.removeMembers(ctx, s.with(role), holder, ids)
}

func (s patchedRows) addMembers(ctx context.Context, role role, r *schema.Resource, wanted map[schema.ID]bool, w store.Write) error {
	return s.ownRows.addMembers(ctx, s.with(role), r, wanted, w)
}

// with finds the join tables of a role.
func (s patchedRows) with(r role) ownRole {
	for _, own := range s.roles {
		if own.holder == r.holder && own.links == r.links {
			return own
		}
	}
	return ownRole{role: r, join: &ownJoin{}}
}
