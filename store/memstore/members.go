package memstore

import (
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// setMembers makes the list of a holder what r says. Members that stay keep
// their place.
func (d *draft) setMembers(role *role, r *schema.Resource, w store.Write) error {
	wanted, err := d.resolveAll(role, r, w)
	if err != nil {
		return err
	}
	keep := make(map[string]bool, len(wanted))
	for _, m := range wanted {
		keep[m.id] = true
	}
	rel := d.relationAt(role.relation)
	for _, m := range slices.Collect(rel.members(r.ID())) {
		if !keep[m.id] {
			rel.remove(d.edit, r.ID(), m.id)
		}
	}
	for _, m := range wanted {
		rel.add(d.edit, r.ID(), m)
	}
	return nil
}

// resolveAll finds out what each element of the list is.
func (d *draft) resolveAll(role *role, r *schema.Resource, w store.Write) ([]member, error) {
	var wanted []member
	above := d.relations[role.relation].above(r.ID())
	for e := range r.Values(role.links.List) {
		m, ok, err := d.resolve(role, above, e, w)
		if err != nil {
			return nil, err
		}
		if ok {
			wanted = append(wanted, m)
		}
	}
	return wanted, nil
}

// resolve finds the resource that an element names. It reports false if there
// is none and the policy is to skip it. The resource must not be one of those
// above the holder.
func (d *draft) resolve(role *role, above map[string]bool, e schema.Value, w store.Write) (member, bool, error) {
	rel := d.relations[role.relation]
	id := role.links.ID(e)
	for _, name := range rel.Candidates(role.links.Hint(e)) {
		r, ok := d.stored(store.Ref{Type: name, ID: id})
		if !ok {
			continue
		}
		if name == rel.Type && above[id] {
			return member{}, false, d.refuse(role, id, store.ErrCycle)
		}
		return member{id: r.ID(), target: rel.targetIndex(name)}, true, nil
	}
	refusal := d.refuse(role, id, store.ErrUnknownMember)
	if rel.Unknown == store.RejectUnknown {
		return member{}, false, refusal
	}
	if w.OnSkip != nil {
		w.OnSkip(refusal)
	}
	return member{}, false, nil
}

func (d *draft) refuse(role *role, id string, err error) *store.MemberError {
	return &store.MemberError{Path: role.links.List.String(), ID: id, Err: err}
}

func (r *relation) targetIndex(resourceType string) int {
	for i := range r.Targets {
		if r.Targets[i].Type == resourceType {
			return i
		}
	}
	return 0
}

// endMemberships removes what a deleted resource held and takes it out of every
// list. The holders of those lists get a new version.
func (d *draft) endMemberships(ref store.Ref, w store.Write) error {
	for i, rel := range d.relations {
		if rel.Type == ref.Type {
			rel = d.relationAt(i)
			rel.clear(d.edit, ref.ID)
		}
		if _, ok := rel.Target(ref.Type); !ok {
			continue
		}
		rel = d.relationAt(i)
		for _, holder := range slices.Collect(rel.holdersOf(ref.ID)) {
			rel.remove(d.edit, holder, ref.ID)
			if err := d.touch(store.Ref{Type: rel.Type, ID: holder}, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// touch gives a resource a new version.
func (d *draft) touch(ref store.Ref, w store.Write) error {
	r, ok := d.stored(ref)
	if !ok {
		return nil
	}
	t, err := d.tableFor(r.Type())
	if err == nil {
		t.put(d.edit, r, w.Stamp(r, r))
	}
	return err
}
