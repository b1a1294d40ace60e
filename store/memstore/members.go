package memstore

import (
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// setMembers makes the list of a holder what r says. Members that stay keep
// their place.
func (d *draft) setMembers(role *role, holder uint32, r *schema.Resource, w store.Write) error {
	keep := role.idsIn(r)
	for _, member := range slices.Collect(d.ties(role.relation, holder).allMembers()) {
		if !keep[d.id(member)] {
			d.part(role.relation, holder, member)
		}
	}
	return d.addMembers(role, holder, r, w)
}

// addMembers adds what is in the list of r and not yet a member.
func (d *draft) addMembers(role *role, holder uint32, r *schema.Resource, w store.Write) error {
	found := resolver{draft: d, role: role, relation: &d.config.Relations[role.relation], holder: holder, write: w}
	for e := range r.Values(role.links.List) {
		member, err := found.resolve(e)
		if err != nil {
			return err
		}
		if member != none {
			d.join(role.relation, holder, member)
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
	role     *role
	relation *store.Relation
	holder   uint32
	write    store.Write
	above    map[uint32]bool // what must not become a member, once it is known
}

// resolve finds the resource that an element names, or none if there is none
// and the policy is to skip it. As ids are unique, no hint at its type is
// needed.
func (d *resolver) resolve(e schema.Value) (slot uint32, err error) {
	id := d.role.links.ID(e)
	if slot, ok := d.find(id); ok {
		name := d.at(slot).Type().Name()
		if _, ok := d.relation.Target(name); ok {
			if name == d.relation.Type && !d.isMember(d.role.relation, d.holder, slot) && d.closesCycle(slot) {
				return none, d.refuse(id, store.ErrCycle)
			}
			return slot, nil
		}
	}
	refused := d.refuse(id, store.ErrUnknownMember)
	if !d.write.Skips(*d.relation) {
		return none, refused
	}
	if d.write.OnSkip != nil {
		d.write.OnSkip(refused)
	}
	return none, nil
}

func (d *resolver) closesCycle(slot uint32) bool {
	if d.above == nil {
		d.above = d.draft.above(d.role.relation, d.holder)
	}
	return d.above[slot]
}

func (d *resolver) refuse(id schema.ID, err error) *store.MemberError {
	return &store.MemberError{Path: d.role.links.List.String(), ID: id, Err: err}
}

// endMemberships removes what a resource that is deleted held and takes it out
// of every list. The holders of those lists get a new version.
func (d *draft) endMemberships(slot uint32, w store.Write) {
	for t := d.rows.Get(slot).ties; t != nil; t = t.next {
		d.clear(int(t.relation), slot)
		for _, holder := range slices.Collect(t.allHolders()) {
			d.part(int(t.relation), holder, slot)
			d.update(holder, w.Stamp(d.at(holder), d.at(holder)).Compact())
		}
	}
}
