package sqlstore

import (
	"context"
	"maps"
	"slices"

	"github.com/muster-scim/muster/patch"
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
		out, err = h.rows(t, k).patch(ctx, p, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s rows) patch(ctx context.Context, p store.Patch, w store.Write) (*store.Outcome, error) {
	old, err := s.lock(ctx, p.Ref.ID, w)
	if err != nil {
		return nil, err
	}
	before := old
	for _, role := range s.roles {
		if role.holder && p.Changes.Touches(role.links.List) {
			if before, err = s.withConcerned(ctx, before, p.Changes, role); err != nil {
				return nil, err
			}
		}
	}
	changed, result, err := p.Apply(before)
	if err != nil {
		return nil, err
	}
	out := &store.Outcome{Diffs: slices.Clone(result.Diffs), Rewrites: result.Rewrites, Resource: old}
	if result.Changed {
		if err := s.carryOut(ctx, old, before, changed, out, w); err != nil {
			return nil, err
		}
	}
	list := []*schema.Resource{out.Resource}
	err = s.assemble(ctx, list, selected(p.Projection))
	out.Resource = list[0]
	return out, err
}

// withConcerned adds the members that changes are about: those that they name,
// or all if they do more than name them.
func (s rows) withConcerned(ctx context.Context, r *schema.Resource, c *patch.Changes, role role) (*schema.Resource, error) {
	steps, ok := c.Delta(role.links.List)
	if !ok || !role.links.Value.CaseExact() {
		list := []*schema.Resource{r}
		err := s.assemble(ctx, list, role.links.List.Contains)
		return list[0], err
	}
	ids := make([]schema.ID, len(steps))
	for i, step := range steps {
		ids[i] = schema.ID(step.Key)
	}
	list, err := s.some(ctx, role, r.ID(), ids)
	return with(r, role.links, list), err
}

// some reads the elements of a holder's list for the members among ids, in the
// order of the list.
func (s rows) some(ctx context.Context, role role, holder schema.ID, ids []schema.ID) ([]schema.Value, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id schema.ID) bool { return !namable(id) })
	found := map[schema.ID][]schema.Value{}
	err := inChunks(slices.Compact(slices.Sorted(slices.Values(ids))), func(args []any) error {
		query := "SELECT m.holder, m.member, r.type, r.name" + memberRows + " AND m.holder = ? AND m.member IN " + marks(len(args)) + " ORDER BY m.seq + 0" // so that no index on the order is used
		return s.each(ctx, query, append([]any{s.tenant, role.key(), holder}, args...), s.addMember(found, role))
	})
	return found[holder], err
}

// carryOut stores the result of changes: the lists by what came and went, the
// rest as a whole. Nothing is stored if there is no difference left after what
// is derived or skipped.
func (s rows) carryOut(ctx context.Context, old, before, changed *schema.Resource, out *store.Outcome, w store.Write) error {
	for _, role := range s.roles {
		out.Diffs = slices.DeleteFunc(out.Diffs, func(diff patch.Difference) bool { return role.links.Holds(diff.Path) })
		if !role.holder {
			continue
		}
		diff, err := s.changeMembers(ctx, role, before, changed, w)
		if err != nil {
			return err
		}
		if !diff.Old.Equal(diff.New) {
			out.Diffs = append(out.Diffs, diff)
		}
	}
	if out.Changed = len(out.Diffs) > 0; !out.Changed {
		return nil
	}
	out.Resource = s.bare(w.Stamp(old, changed))
	if err := s.update(ctx, old, out.Resource); err != nil {
		return err
	}
	return s.setKeys(ctx, old, out.Resource, w)
}

// changeMembers makes the difference between two states of a list, which may
// hold only the members concerned, in the table.
func (s rows) changeMembers(ctx context.Context, role role, before, changed *schema.Resource, w store.Write) (diff patch.Difference, err error) {
	diff.Path, diff.Old = role.links.List, before.Get(role.links.List)
	was, is := role.idsIn(before), role.idsIn(changed)
	var gone []schema.ID
	added := map[schema.ID]bool{}
	for id := range was {
		if !is[id] {
			gone = append(gone, id)
		}
	}
	for id := range is {
		if !was[id] {
			added[id] = true
		}
	}
	if len(gone) == 0 && len(added) == 0 {
		diff.New = diff.Old
		return diff, nil
	}
	if err := s.removeMembers(ctx, role, before.ID(), gone); err != nil {
		return diff, err
	}
	if err := s.addMembers(ctx, role, changed, added, w); err != nil {
		return diff, err
	}
	list, err := s.some(ctx, role, before.ID(), slices.Collect(maps.Keys(is)))
	diff.New = schema.List(list...)
	return diff, err
}
