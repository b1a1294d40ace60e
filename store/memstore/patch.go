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
	from    *state
	slot    uint32
	old     *schema.Resource // as stored
	before  *schema.Resource // with the members that the changes are about
	changed *schema.Resource
	stamped *schema.Resource // as it is to be stored
	keys    []schema.Key     // that it did not have
	whole   bool             // before holds all members, and so depends on them
	result  *patch.Result
	diffs   []patch.Difference
	done    bool // there was something to store
}

// workOut applies changes to the resource as it is in a state.
func (s *state) workOut(p store.Patch, w store.Write) (*change, error) {
	slot, ok := s.slotOf(p.Ref)
	if !ok {
		return nil, store.ErrNotFound
	}
	old := s.at(slot)
	if err := w.Check(old); err != nil {
		return nil, err
	}
	if p.Changes.Type() != old.Type() {
		return nil, fmt.Errorf("memstore: the changes are for another type called %s", p.Ref.Type)
	}
	c := &change{from: s, slot: slot, old: old, before: old}
	t := s.tableOf(old)
	for i := range t.roles {
		if role := &t.roles[i]; role.holder && p.Changes.Touches(role.links.List) {
			s.addConcerned(c, p.Changes, role)
		}
	}
	var err error
	if c.changed, c.result, err = p.Apply(c.before); err != nil || !c.result.Changed {
		return c, err
	}
	c.stamped = t.kept(w.Stamp(old, c.changed))
	c.keys = newKeys(old, c.stamped, w)
	return c, nil
}

// patch stores a change, after working it out if c is not up to date.
func (d *draft) patch(c *change, p store.Patch, w store.Write) (*change, error) {
	if c == nil || !c.holds(d) {
		var err error
		if c, err = d.workOut(p, w); err != nil || !c.result.Changed {
			return c, err
		}
	}
	return c, d.carryOut(c, w)
}

// holds reports whether a change would come out the same in a draft: nothing
// has changed at all, or nothing that it depends on. A list cannot have changed
// if its holder has not, but what its members are called can.
func (c *change) holds(d *draft) bool {
	return c.from == d.base || d.rows.Get(c.slot).resource == c.old && !c.whole
}

// outcome tells what a change has done in the state after it.
func (s *state) outcome(c *change, p store.Patch) *store.Outcome {
	return &store.Outcome{
		Resource: s.assemble(s.rows.Get(c.slot), selected(p.Projection)),
		Changed:  c.done, Diffs: c.diffs, Rewrites: c.result.Rewrites,
	}
}

// addConcerned adds the members that changes are about: those that they name,
// or all if they do more than name them.
func (s *state) addConcerned(c *change, changes *patch.Changes, role *role) {
	steps, ok := changes.Delta(role.links.List)
	if !ok || !role.links.Value.CaseExact() {
		c.whole = true
		c.before = s.assemble(row{resource: c.before, ties: s.rows.Get(c.slot).ties}, role.links.List.Contains)
		return
	}
	ids := make([]schema.ID, len(steps))
	for i, step := range steps {
		ids[i] = schema.ID(step.Key)
	}
	if list := s.some(role, s.rows.Get(c.slot).ties, ids); len(list) > 0 {
		c.before = with(c.before, role.links, list)
	}
}

// carryOut stores the result of changes: the lists by what came and went, the
// rest as a whole. Nothing is stored if there is no difference left after what
// is derived or skipped.
func (d *draft) carryOut(c *change, w store.Write) error {
	t := d.tableOf(c.old)
	c.diffs = slices.Clone(c.result.Diffs)
	for i := range t.roles {
		role := &t.roles[i]
		c.diffs = slices.DeleteFunc(c.diffs, func(diff patch.Difference) bool { return role.links.Holds(diff.Path) })
		if !role.holder {
			continue
		}
		diff, err := d.changeMembers(role, c, w)
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
	if err := d.conflict(c.old.Type(), c.keys, c.slot); err != nil {
		return err
	}
	d.update(c.slot, c.stamped)
	c.done = true
	return nil
}

// changeMembers makes the difference between two states of a list, which may
// hold only the members concerned, in the relation.
func (d *draft) changeMembers(role *role, c *change, w store.Write) (diff patch.Difference, err error) {
	diff.Path, diff.Old = role.links.List, c.before.Get(role.links.List)
	was, is := role.idsIn(c.before), role.idsIn(c.changed)
	for id := range was {
		if member, ok := d.find(id); ok && !is[id] {
			d.part(role.relation, c.slot, member)
		}
	}
	if err := d.addMembers(role, c.slot, c.changed, w); err != nil {
		return diff, err
	}
	diff.New = schema.List(d.some(role, d.rows.Get(c.slot).ties, slices.Collect(maps.Keys(is)))...)
	return diff, nil
}

// newKeys returns the unique keys of r that old does not have already, and those
// that only this write wants to be unique.
func newKeys(old, r *schema.Resource, w store.Write) []schema.Key {
	had := old.Keys()
	declared := len(r.Keys())
	keys := w.Keys(r)
	fresh := slices.DeleteFunc(keys[:declared:declared], func(key schema.Key) bool { return slices.Contains(had, key) })
	return append(fresh, keys[declared:]...)
}
