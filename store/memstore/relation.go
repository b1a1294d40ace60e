package memstore

import (
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// ties returns the memberships of a resource in a relation, or nil.
func (s *state) ties(relation int, slot uint32) *tie {
	return s.rows.Get(slot).ties.in(relation)
}

// listFor returns the list of a resource to change it.
func (d *draft) listFor(relation int, holder uint32) *list {
	t := d.copyTies(relation, holder)
	if t.list == nil || t.list.edit != d.edit {
		t.list = t.list.own(d.edit)
		d.tie(holder, t)
	}
	return t.list
}

// copyTies returns a copy of the memberships of a resource to change.
func (s *state) copyTies(relation int, slot uint32) tie {
	if old := s.ties(relation, slot); old != nil {
		return *old
	}
	return tie{relation: uint16(relation)}
}

// tie changes the memberships of a resource in one relation.
func (d *draft) tie(slot uint32, changed tie) {
	r := d.rows.Get(slot)
	r.ties = r.ties.with(changed)
	d.rows.Set(d.edit, slot, r)
}

// changeHolders changes by what a resource is held.
func (d *draft) changeHolders(relation int, member, holder uint32, change func(*tie, cow.Edit, *resources, uint32)) {
	t := d.copyTies(relation, member)
	change(&t, d.edit, &d.resources, holder)
	d.tie(member, t)
}

// isMember reports whether a resource is in the list of another.
func (s *state) isMember(relation int, holder, member uint32) bool {
	t := s.ties(relation, holder)
	if t == nil || t.list == nil {
		return false
	}
	_, ok := t.list.position(member)
	return ok
}

// join makes a resource a member of another, unless it is one.
func (d *draft) join(relation int, holder, member uint32) {
	if d.isMember(relation, holder, member) {
		return
	}
	d.listFor(relation, holder).add(member)
	d.changeHolders(relation, member, holder, (*tie).addHolder)
}

// part ends a membership, if there is one.
func (d *draft) part(relation int, holder, member uint32) {
	if !d.isMember(relation, holder, member) {
		return
	}
	l := d.listFor(relation, holder)
	at, _ := l.position(member)
	l.remove(member, at)
	if l.len() == 0 {
		d.dropList(relation, holder)
	}
	d.changeHolders(relation, member, holder, (*tie).removeHolder)
}

// clear removes all members of a resource.
func (d *draft) clear(relation int, holder uint32) {
	for member := range d.ties(relation, holder).allMembers() {
		d.changeHolders(relation, member, holder, (*tie).removeHolder)
	}
	d.dropList(relation, holder)
}

func (d *draft) dropList(relation int, holder uint32) {
	t := d.copyTies(relation, holder)
	t.list = nil
	d.tie(holder, t)
}

// above returns a holder and everything that has it as a member, directly or
// through others: what must not become a member of it.
func (s *state) above(relation int, holder uint32) map[uint32]bool {
	seen := map[uint32]bool{holder: true}
	for next := []uint32{holder}; len(next) > 0; {
		slot := next[len(next)-1]
		next = next[:len(next)-1]
		for up := range s.ties(relation, slot).allHolders() {
			if !seen[up] {
				seen[up] = true
				next = append(next, up)
			}
		}
	}
	return seen
}
