package memstore

import (
	"iter"
	"slices"

	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// tie holds the memberships of one resource in one relation, at either end. It
// never changes. It fits into one line of a cache for a resource that is a
// member of few.
type tie struct {
	list     *list              // the members of the resource, if it has some
	next     *tie               // in another relation
	many     *cow.Tree[uint32]  // its holders by id, if they are not few
	few      [fewHolders]uint32 // or else here
	count    uint8              // of few
	relation uint16
}

const fewHolders = 8

// in returns the tie in a relation, or nil.
func (t *tie) in(relation int) *tie {
	for ; t != nil; t = t.next {
		if int(t.relation) == relation {
			return t
		}
	}
	return nil
}

// with returns the ties with changed in place of the one in its relation.
func (t *tie) with(changed tie) *tie {
	var others *tie
	for ; t != nil; t = t.next {
		if t.relation != changed.relation {
			other := *t
			other.next = others
			others = &other
		}
	}
	if changed.next = others; changed.list == nil && changed.holders() == 0 {
		return others
	}
	return &changed
}

// holders returns the number of holders.
func (t *tie) holders() int {
	switch {
	case t == nil:
		return 0
	case t.many != nil:
		return t.many.Len()
	}
	return int(t.count)
}

// allHolders iterates over the slots of the holders, in the order of their ids.
func (t *tie) allHolders() iter.Seq[uint32] {
	switch {
	case t == nil:
		return func(func(uint32) bool) {}
	case t.many != nil:
		return t.many.At(0)
	}
	return slices.Values(t.few[:t.count])
}

// members returns the number of members.
func (t *tie) members() int {
	if t == nil || t.list == nil {
		return 0
	}
	return t.list.len()
}

// allMembers iterates over the slots of the members, in the order of addition.
func (t *tie) allMembers() iter.Seq[uint32] {
	if t == nil || t.list == nil {
		return func(func(uint32) bool) {}
	}
	return t.list.all()
}

// addHolder adds a holder, which is none yet.
func (t *tie) addHolder(e cow.Edit, rs *resources, holder uint32) {
	to := rs.toID(rs.id(holder))
	if t.many == nil && t.count < fewHolders {
		i, _ := slices.BinarySearchFunc(t.few[:t.count], to, func(slot uint32, to func(uint32) int) int { return to(slot) })
		copy(t.few[i+1:], t.few[i:t.count])
		t.few[i] = holder
		t.count++
		return
	}
	var many cow.Tree[uint32]
	if t.many != nil {
		many = *t.many
	}
	for _, slot := range t.few[:t.count] {
		many.Set(e, slot, rs.toID(rs.id(slot)))
	}
	many.Set(e, holder, to)
	t.many, t.count = &many, 0
}

// removeHolder removes a holder, which is one.
func (t *tie) removeHolder(e cow.Edit, rs *resources, holder uint32) {
	if t.many == nil {
		i := slices.Index(t.few[:t.count], holder)
		copy(t.few[i:], t.few[i+1:t.count])
		t.count--
		return
	}
	many := *t.many
	many.Delete(e, rs.toID(rs.id(holder)))
	if t.many = &many; many.Len() <= fewHolders/2 {
		t.many, t.count = nil, uint8(copy(t.few[:], slices.Collect(many.At(0))))
	}
}
