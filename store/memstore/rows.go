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
	// At iterates over the rows from a rank on.
	At(rank int) iter.Seq[*schema.Resource]
}

// treeRows are the resources of a tree.
type treeRows struct{ *cow.Tree[*schema.Resource] }

func (t treeRows) rank(id schema.ID) int {
	n, _ := t.Find(func(r *schema.Resource) int {
		if r.ID() <= id {
			return -1
		}
		return 1
	})
	return n
}

// listRows are the resources of a slice.
type listRows []*schema.Resource

func (l listRows) Len() int { return len(l) }

func (l listRows) rank(id schema.ID) int {
	n, found := slices.BinarySearchFunc(l, id, func(r *schema.Resource, id schema.ID) int {
		if r.ID() <= id {
			return -1
		}
		return 1
	})
	_ = found
	return n
}

func (l listRows) At(rank int) iter.Seq[*schema.Resource] {
	return slices.Values(l[min(rank, len(l)):])
}

// union sorts resources by id and drops repeated ones.
func union(list []*schema.Resource) listRows {
	slices.SortFunc(list, compareIDs)
	return slices.CompactFunc(list, func(a, b *schema.Resource) bool { return a.ID() == b.ID() })
}
