package sqlstore

import (
	"context"
	"maps"
	"slices"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// patchable are the rows of one type and tenant in a transaction, in our own
// tables or in those of a service, as far as a PATCH changes them.
type patchable interface {
	// kept returns the roles of the type.
	kept() []role
	// lock reads a resource without its lists, so that nobody else changes it.
	lock(ctx context.Context, id schema.ID, w store.Write) (*schema.Resource, error)
	// put stores a new state of a resource, which is locked, but for its lists.
	put(ctx context.Context, old, changed *schema.Resource, w store.Write) (*schema.Resource, error)
	// assemble adds derived attributes.
	assemble(ctx context.Context, list []*schema.Resource, include func(schema.Path) bool) error
	// some reads the elements of a holder's list for the members among ids, in the
	// order of the list.
	some(ctx context.Context, role role, holder schema.ID, ids []schema.ID) ([]schema.Value, error)
	// removeMembers takes members out of a list.
	removeMembers(ctx context.Context, role role, holder schema.ID, ids []schema.ID) error
	// addMembers adds those in the list of r whose ids are wanted, which are not
	// members yet.
	addMembers(ctx context.Context, role role, r *schema.Resource, wanted map[schema.ID]bool, w store.Write) error
}

// applyPatch applies changes. Of a relation's list it loads only the members
// that the changes are about, if they say which.
func applyPatch(ctx context.Context, s patchable, p store.Patch, w store.Write) (*store.Outcome, error) {
	old, err := s.lock(ctx, p.Ref.ID, w)
	if err != nil {
		return nil, err
	}
	before := old
	for _, role := range s.kept() {
		if role.holder && p.Changes.Touches(role.links.List) {
			if before, err = withConcerned(ctx, s, before, p.Changes, role); err != nil {
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
		if err := carryOut(ctx, s, old, before, changed, out, w); err != nil {
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
func withConcerned(ctx context.Context, s patchable, r *schema.Resource, c *patch.Changes, role role) (*schema.Resource, error) {
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

// carryOut stores the result of changes: the lists by what came and went, the
// rest as a whole. Nothing is stored if there is no difference left after what
// is derived or skipped.
func carryOut(ctx context.Context, s patchable, old, before, changed *schema.Resource, out *store.Outcome, w store.Write) (err error) {
	for _, role := range s.kept() {
		out.Diffs = slices.DeleteFunc(out.Diffs, func(diff patch.Difference) bool { return role.links.Holds(diff.Path) })
		if !role.holder {
			continue
		}
		diff, err := changeMembers(ctx, s, role, before, changed, w)
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
	out.Resource, err = s.put(ctx, old, changed, w)
	return err
}

// changeMembers makes the difference between two states of a list, which may
// hold only the members concerned, in the table.
func changeMembers(ctx context.Context, s patchable, role role, before, changed *schema.Resource, w store.Write) (diff patch.Difference, err error) {
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
