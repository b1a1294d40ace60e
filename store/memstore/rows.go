package memstore

import (
	"iter"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// rows are resources in the order of their ids, with random access.
type rows interface {
	// Len returns their number.
	Len() int
	// rank returns the number of rows up to and including an id.
	rank(id schema.ID) int
	// from iterates over the rows from a rank on.
	from(rank int) iter.Seq[row]
}

// treeRows are the resources in the slots of a tree.
type treeRows struct {
	*cow.Tree[uint32]
	resources *resources
}

func (t treeRows) rank(id schema.ID) int {
	n, _ := t.Find(func(slot uint32) int {
		if t.resources.id(slot) <= id {
			return -1
		}
		return 1
	})
	return n
}

func (t treeRows) from(rank int) iter.Seq[row] {
	return func(yield func(row) bool) {
		for slot := range t.At(rank) {
			if !yield(t.resources.rows.Get(slot)) {
				return
			}
		}
	}
}

// listRows are the resources of a slice.
type listRows []row

// Len returns their number.
func (l listRows) Len() int { return len(l) }

func (l listRows) rank(id schema.ID) int {
	n, _ := slices.BinarySearchFunc(l, id, func(r row, id schema.ID) int {
		if r.resource.ID() <= id {
			return -1
		}
		return 1
	})
	return n
}

func (l listRows) from(rank int) iter.Seq[row] {
	return slices.Values(l[min(rank, len(l)):])
}

// union sorts slots by id and drops repeated ones.
func (rs *resources) union(slots []uint32) listRows {
	list := make(listRows, len(slots))
	for i, slot := range slots {
		list[i] = rs.rows.Get(slot)
	}
	slices.SortFunc(list, func(a, b row) int { return compareIDs(a.resource, b.resource) })
	return slices.CompactFunc(list, func(a, b row) bool { return a.resource == b.resource })
}
