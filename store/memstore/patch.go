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
//
// The changes are worked out before it is the turn of this write, on the state
// there is. If the resource is still the same then, only the result has to be
// stored; otherwise they are worked out again.
func (h handle) Patch(ctx context.Context, p store.Patch, w store.Write) (out *store.Outcome, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var c *change
	at := h.session.ahead()
	if at != nil {
		if c, err = at.workOut(p, w); err != nil {
			return nil, err
		}
	}
	if c == nil || c.result.Changed {
		err = h.session.write(ctx, func(d *draft) error {
			c, err = d.patch(c, p, w)
			at = &d.state
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return at.outcome(c, p), nil
}

// change is what a PATCH makes of one state of a resource.
type change struct {
	old     *schema.Resource // as stored
	before  *schema.Resource // with the members that the changes are about
	changed *schema.Resource
	stamped *schema.Resource // as it is to be stored
	whole   bool             // before holds all members, and so depends on them
	result  *patch.Result
	diffs   []patch.Difference
	done    bool // there was something to store
}

// workOut applies changes to the resource as it is in a state.
func (s *state) workOut(p store.Patch, w store.Write) (*change, error) {
	old, ok := s.stored(p.Ref)
	if !ok {
		return nil, store.ErrNotFound
	}
	if err := w.Check(old); err != nil {
		return nil, err
	}
	if p.Changes.Type() != old.Type() {
		return nil, fmt.Errorf("memstore: the changes are for another type called %s", p.Ref.Type)
	}
	c := &change{old: old, before: old}
	t := s.table(p.Ref.Type)
	for i := range t.roles {
		if role := &t.roles[i]; role.holder && p.Changes.Touches(role.links.List) {
			s.addConcerned(c, t, p.Changes, role)
		}
	}
	var err error
	if c.changed, c.result, err = p.Apply(c.before); err != nil || !c.result.Changed {
		return c, err
	}
	c.stamped = t.bare(w.Stamp(old, c.changed))
	return c, nil
}

// patch stores a change, after working it out if c is not up to date.
func (d *draft) patch(c *change, p store.Patch, w store.Write) (*change, error) {
	if c == nil || !c.holds(&d.state) {
		var err error
		if c, err = d.workOut(p, w); err != nil || !c.result.Changed {
			return c, err
		}
	}
	t, err := d.tableFor(c.old.Type())
	if err != nil {
		return nil, err
	}
	return c, d.carryOut(t, c, w)
}

// holds reports whether a change would come out the same in a state. A list
// cannot have changed if its holder has not.
func (c *change) holds(s *state) bool {
	now, ok := s.stored(store.RefOf(c.old))
	return ok && now == c.old && !c.whole
}

// outcome tells what a change has done in the state after it.
func (s *state) outcome(c *change, p store.Patch) *store.Outcome {
	stored := c.old
	if c.done {
		stored = c.stamped
	}
	return &store.Outcome{
		Resource: s.assemble(s.table(p.Ref.Type), stored, selected(p.Projection)),
		Changed:  c.done, Diffs: c.diffs, Rewrites: c.result.Rewrites,
	}
}

// addConcerned adds the members that changes are about: those that they name,
// or all if they do more than name them.
func (s *state) addConcerned(c *change, t *table, changes *patch.Changes, role *role) {
	steps, ok := changes.Delta(role.links.List)
	if !ok || !role.links.Value.CaseExact() {
		c.whole = true
		c.before = s.assemble(t, c.before, role.links.List.Contains)
		return
	}
	ids := make([]schema.ID, len(steps))
	for i, step := range steps {
		ids[i] = schema.ID(step.Key)
	}
	if list := s.some(role, c.before.ID(), ids); len(list) > 0 {
		c.before = with(c.before, role.links, list)
	}
}

// carryOut stores the result of changes: the lists by what came and went, the
// rest as a whole. Nothing is stored if there is no difference left after what
// is derived or skipped.
func (d *draft) carryOut(t *table, c *change, w store.Write) error {
	c.diffs = slices.Clone(c.result.Diffs)
	for i := range t.roles {
		role := &t.roles[i]
		c.diffs = slices.DeleteFunc(c.diffs, func(diff patch.Difference) bool { return role.links.Holds(diff.Path) })
		if !role.holder {
			continue
		}
		diff, err := d.changeMembers(role, c.before, c.changed, w)
		if err != nil {
			return err
		}
		if !diff.Old.Equal(diff.New) {
			c.diffs = append(c.diffs, diff)
		}
	}
	if len(c.diffs) == 0 {
		return nil
	}
	if err := t.conflict(d.edit, c.stamped, w); err != nil {
		return err
	}
	t.put(d.edit, c.old, c.stamped)
	c.done = true
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
