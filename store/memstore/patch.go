package memstore

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Patch applies changes. Of a relation's list it loads only the members that
// the changes are about, if they say which.
func (h handle) Patch(ctx context.Context, p store.Patch, w store.Write) (out *store.Outcome, err error) {
	err = h.session.write(ctx, func(d *draft) error {
		out, err = d.patch(p, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (d *draft) patch(p store.Patch, w store.Write) (*store.Outcome, error) {
	old, ok := d.stored(p.Ref)
	if !ok {
		return nil, store.ErrNotFound
	}
	if err := w.Check(old); err != nil {
		return nil, err
	}
	if p.Changes.Type() != old.Type() {
		return nil, fmt.Errorf("memstore: the changes are for another type called %s", p.Ref.Type)
	}
	t, err := d.tableFor(old.Type())
	if err != nil {
		return nil, err
	}
	before := old
	for i := range t.roles {
		if role := &t.roles[i]; role.holder && p.Changes.Touches(role.links.List) {
			before = d.withConcerned(t, before, p.Changes, role)
		}
	}
	changed, result, err := p.Apply(before)
	if err != nil {
		return nil, err
	}
	out := &store.Outcome{Diffs: slices.Clone(result.Diffs), Rewrites: result.Rewrites}
	if result.Changed {
		if err := d.carryOut(t, old, before, changed, out, w); err != nil {
			return nil, err
		}
	}
	stored, _ := d.stored(p.Ref)
	out.Resource = d.assemble(t, stored, selected(p.Projection))
	return out, nil
}

// withConcerned adds the members that changes are about: those that they name,
// or all if they do more than name them.
func (d *draft) withConcerned(t *table, r *schema.Resource, c *patch.Changes, role *role) *schema.Resource {
	steps, ok := c.Delta(role.links.List)
	if !ok || !role.links.Value.CaseExact() {
		return d.assemble(t, r, role.links.List.Contains)
	}
	ids := make([]string, len(steps))
	for i, step := range steps {
		ids[i] = step.Key
	}
	list := d.some(role, r.ID(), ids)
	if len(list) == 0 {
		return r
	}
	return with(r, role.links, list)
}

// carryOut stores the result of changes: the lists by what came and went, the
// rest as a whole. Nothing is stored if there is no difference left after what
// is derived or skipped.
func (d *draft) carryOut(t *table, old, before, changed *schema.Resource, out *store.Outcome, w store.Write) error {
	for i := range t.roles {
		role := &t.roles[i]
		out.Diffs = slices.DeleteFunc(out.Diffs, func(diff patch.Difference) bool { return role.links.Holds(diff.Path) })
		if !role.holder {
			continue
		}
		diff, err := d.changeMembers(role, before, changed, w)
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
	bare := t.bare(w.Stamp(old, changed))
	if err := t.conflict(d.edit, bare, w); err != nil {
		return err
	}
	t.put(d.edit, old, bare)
	return nil
}

// changeMembers makes the difference between two states of a list, which may
// hold only the members concerned, in the relation.
func (d *draft) changeMembers(role *role, before, changed *schema.Resource, w store.Write) (diff patch.Difference, err error) {
	rel := d.relationAt(role.relation)
	diff.Path, diff.Old = role.links.List, before.Get(role.links.List)
	was, is := role.idsIn(before), role.idsIn(changed)
	for id := range was {
		if !is[id] {
			rel.remove(d.edit, before.ID(), id)
		}
	}
	if err := d.addMembers(role, changed, w); err != nil {
		return diff, err
	}
	diff.New = schema.List(d.some(role, before.ID(), slices.Collect(maps.Keys(is)))...)
	return diff, nil
}
