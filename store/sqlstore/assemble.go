package sqlstore

import (
	"context"
	"errors"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// directly is the type of a membership that is not through another one (RFC
// 7643 §4.1.2).
const directly = "direct"

// everything is the selection of all derived attributes.
func everything(schema.Path) bool { return true }

// nothing is the selection of none.
func nothing(schema.Path) bool { return false }

// selected turns a projection into a selection.
func selected(p *schema.Projection) func(schema.Path) bool {
	if p == nil {
		return everything
	}
	return p.Includes
}

// derives reports whether anything that is selected is derived.
func (k *kind) derives(include func(schema.Path) bool) bool {
	for _, role := range k.roles {
		if include(role.links.List) {
			return true
		}
	}
	return false
}

// memberRows are memberships with the resources that are the members.
func (d Dialect) memberRows() string { return d.memberships("member") }

// holderRows are memberships with the resources that hold them.
func (d Dialect) holderRows() string { return d.memberships("holder") }

// memberships joins the resource at one end, called r. PostgreSQL is told to
// look each one up: as long as it has no statistics of a new tenant it expects
// one row, and compares each membership with each resource.
func (d Dialect) memberships(end string) string {
	r := "JOIN muster_resources r ON r.tenant = m.tenant AND r.id = m." + end
	if d == PostgreSQL {
		r = "CROSS JOIN LATERAL (SELECT type, name FROM muster_resources WHERE tenant = m.tenant AND id = m." + end + " OFFSET 0) r"
	}
	return " FROM muster_members m " + r + " WHERE m.tenant = ? AND m.relation = ?"
}

// assemble adds to stored resources the derived attributes that are selected,
// with one query for each relation.
func (s rows) assemble(ctx context.Context, list []*schema.Resource, include func(schema.Path) bool) error {
	var ids []schema.ID
	for _, r := range list {
		ids = append(ids, r.ID())
	}
	for _, role := range s.roles {
		if !include(role.links.List) || len(ids) == 0 {
			continue
		}
		derived, err := s.derived(ctx, role, ids)
		if err != nil {
			return err
		}
		for i, r := range list {
			list[i] = with(r, role.links, derived[r.ID()])
		}
	}
	return nil
}

// derived reads the elements of lists or inverse attributes.
func (s rows) derived(ctx context.Context, role role, ids []schema.ID) (map[schema.ID][]schema.Value, error) {
	found := map[schema.ID][]schema.Value{}
	if !role.holder {
		held, err := s.holders(ctx, role.Relation, ids)
		for id, list := range held {
			for _, h := range list {
				found[id] = append(found[id], role.links.Element(h.ID, directly, h.Display))
			}
		}
		return found, err
	}
	err := inChunks(ids, func(args []any) error {
		query := "SELECT m.holder, m.member, r.type, r.name" + s.tx.dialect.memberRows() + " AND m.holder IN " + marks(len(args)) + " ORDER BY m.holder, m.seq"
		return s.each(ctx, query, append([]any{s.tenant, role.key()}, args...), s.addMember(found, role))
	})
	return found, err
}

// addMember reads a row of holder, member, type and names.
func (s rows) addMember(found map[schema.ID][]schema.Value, role role) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var holder, id schema.ID
		var name, names string
		err := scan(&holder, &id, &name, &names)
		found[holder] = append(found[holder], role.links.Element(id, name, s.db.nameIn(role.Relation, names)))
		return err
	}
}

// holders reads what holds each of ids.
func (s rows) holders(ctx context.Context, rel store.Relation, ids []schema.ID) (map[schema.ID][]store.Holder, error) {
	held := make(map[schema.ID][]store.Holder, len(ids))
	err := inChunks(ids, func(args []any) error {
		query := "SELECT m.member, m.holder, r.name" + s.tx.dialect.holderRows() + " AND m.member IN " + marks(len(args)) + " ORDER BY m.member, m.holder"
		return s.each(ctx, query, append([]any{s.tenant, keyOf(rel)}, args...), func(scan func(...any) error) error {
			var id, holder schema.ID
			var names string
			err := scan(&id, &holder, &names)
			held[id] = append(held[id], store.Holder{Ref: store.Ref{Type: rel.Type, ID: holder}, Display: s.db.nameIn(rel, names)})
			return err
		})
	})
	return held, err
}

// Inverse looks the holders up from the members' side, in one query.
func (h handle) Inverse(ctx context.Context, rel store.Relation, ids []schema.ID) (held map[schema.ID][]store.Holder, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	kept := false
	for _, own := range h.db.relations {
		kept = kept || keyOf(own) == keyOf(rel)
	}
	if !kept {
		return nil, errors.ErrUnsupported
	}
	distinct := map[schema.ID]bool{}
	var wanted []schema.ID
	for _, id := range ids {
		if !distinct[id] && namable(id) {
			wanted = append(wanted, id)
		}
		distinct[id] = true
	}
	err = h.read(ctx, false, func(t *tx) error {
		held, err = h.rows(t, nil).holders(ctx, rel, wanted)
		return err
	})
	return held, err
}
