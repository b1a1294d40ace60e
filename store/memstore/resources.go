package memstore

import (
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// resources are the resources of all types. Each has a slot, a number that it
// keeps until it is deleted. All else refers to resources by their slots, so
// that a change of one does not concern what finds it, and the collector of
// garbage has fewer pointers to follow.
type resources struct {
	rows cow.Pool[row]
	byID cow.Index
}

// row is a resource without what is derived, and its memberships.
type row struct {
	resource *schema.Resource
	ties     *tie
}

// find returns the slot of a resource.
func (rs *resources) find(id schema.ID) (slot uint32, ok bool) {
	return rs.byID.Find(cow.Hash(string(id)), func(slot uint32) bool { return rs.at(slot).ID() == id })
}

// at returns the resource in a slot.
func (rs *resources) at(slot uint32) *schema.Resource { return rs.rows.Get(slot).resource }

// id returns the id of the resource in a slot.
func (rs *resources) id(slot uint32) schema.ID { return rs.at(slot).ID() }

// add gives a resource a slot.
func (rs *resources) add(e cow.Edit, r *schema.Resource) (slot uint32) {
	slot = rs.rows.Add(e, row{resource: r})
	rs.byID.Add(e, cow.Hash(string(r.ID())), slot)
	return slot
}

// set puts r in place of the resource in a slot, which has the same id.
func (rs *resources) set(e cow.Edit, slot uint32, r *schema.Resource) {
	rs.rows.Set(e, slot, row{resource: r, ties: rs.rows.Get(slot).ties})
}

// drop frees a slot.
func (rs *resources) drop(e cow.Edit, slot uint32) {
	rs.byID.Remove(e, cow.Hash(string(rs.id(slot))), slot)
	rs.rows.Remove(e, slot)
}

// toID tells how the id in a slot compares to one.
func (rs *resources) toID(id schema.ID) func(slot uint32) int {
	return func(slot uint32) int { return rs.id(slot).Compare(id) }
}

// afterID is toID for what comes after an id.
func (rs *resources) afterID(id schema.ID) func(slot uint32) int {
	return func(slot uint32) int {
		if id != "" && rs.id(slot) <= id {
			return -1
		}
		return 1
	}
}
