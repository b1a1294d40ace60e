package memstore

import (
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// setMembers makes the list of a holder what r says. Members that stay keep
// their place.
func (d *draft) setMembers(role *role, r *schema.Resource, w store.Write) error {
	keep := role.idsIn(r)
	rel := d.relationAt(role.relation)
	for _, m := range slices.Collect(rel.members(r.ID())) {
		if !keep[m.id] {
			rel.remove(d.edit, r.ID(), m.id)
		}
	}
	return d.addMembers(role, r, w)
}

// addMembers adds what is in the list of r and not yet a member.
func (d *draft) addMembers(role *role, r *schema.Resource, w store.Write) error {
	rel := d.relationAt(role.relation)
	found := resolver{draft: d, role: role, holder: r.ID(), write: w}
	for e := range r.Values(role.links.List) {
		if rel.has(r.ID(), role.links.ID(e)) {
			continue
		}
		m, ok, err := found.resolve(e)
		if err != nil {
			return err
		}
		if ok {
			rel.add(d.edit, r.ID(), m)
		}
	}
	return nil
}

// idsIn returns the ids in the list of a resource.
func (r *role) idsIn(res *schema.Resource) map[schema.ID]bool {
	list := res.Get(r.links.List)
	ids := make(map[schema.ID]bool, list.Len())
	for _, e := range list.All() {
		ids[r.links.ID(e)] = true
	}
	return ids
}

// resolver finds out what the elements of one holder's list are.
type resolver struct {
	*draft
	role   *role
	holder schema.ID
	write  store.Write
	above  map[schema.ID]bool // what must not become a member, once it is known
}

// resolve finds the resource that an element names. It reports false if there
// is none and the policy is to skip it.
func (d *resolver) resolve(e schema.Value) (member, bool, error) {
	rel := d.relations[d.role.relation]
	id := d.role.links.ID(e)
	for _, name := range rel.Candidates(d.role.links.Hint(e)) {
		r, ok := d.stored(store.Ref{Type: name, ID: id})
		if !ok {
			continue
		}
		if name == rel.Type && d.closesCycle(rel, id) {
			return member{}, false, d.refuse(id, store.ErrCycle)
		}
		return member{id: r.ID(), target: rel.targetIndex(name)}, true, nil
	}
	refused := d.refuse(id, store.ErrUnknownMember)
	if !d.write.Skips(*rel.Relation) {
		return member{}, false, refused
	}
	if d.write.OnSkip != nil {
		d.write.OnSkip(refused)
	}
	return member{}, false, nil
}

func (d *resolver) closesCycle(rel *relation, id schema.ID) bool {
	if d.above == nil {
		d.above = rel.above(d.holder)
	}
	return d.above[id]
}

func (d *resolver) refuse(id schema.ID, err error) *store.MemberError {
	return &store.MemberError{Path: d.role.links.List.String(), ID: id, Err: err}
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
