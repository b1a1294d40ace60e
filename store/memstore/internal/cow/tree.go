package cow

import (
	"iter"
	"slices"
)

const treeFan = 64 // entries or kids of a node at most

// Tree is an ordered set that knows the position of each value. The zero Tree
// is empty.
//
// The order is the caller's: each method gets a function that tells how a value
// of the tree compares to the one in question.
type Tree[V any] struct{ root *treeNode[V] }

// treeNode is a leaf with values, or a branch with kids and the first value of
// each kid.
type treeNode[V any] struct {
	edit   Edit
	size   int // values below
	values []V
	kids   []*treeNode[V]
}

// Len returns the number of values.
func (t *Tree[V]) Len() int {
	if t.root == nil {
		return 0
	}
	return t.root.size
}

// Set adds v, or puts it in place of the value that compares equal.
func (t *Tree[V]) Set(e Edit, v V, compare func(V) int) {
	if t.root == nil {
		t.root = &treeNode[V]{edit: e, size: 1, values: []V{v}}
		return
	}
	left, right := t.root.set(e, v, compare)
	if right != nil {
		left = &treeNode[V]{
			edit: e, size: left.size + right.size,
			values: []V{left.values[0], right.values[0]}, kids: []*treeNode[V]{left, right},
		}
	}
	t.root = left
}

// Delete removes the value that compares equal and reports whether there was
// one.
func (t *Tree[V]) Delete(e Edit, compare func(V) int) bool {
	if _, found := t.Find(compare); !found {
		return false
	}
	n := t.root.remove(e, compare)
	for len(n.kids) == 1 {
		n = n.kids[0]
	}
	if n.size == 0 {
		n = nil
	}
	t.root = n
	return true
}

// Find returns the number of values for which compare is negative, which must
// be the first ones, and whether the value after them compares as zero.
func (t *Tree[V]) Find(compare func(V) int) (rank int, found bool) {
	for n := t.root; n != nil; {
		i, equal := n.search(compare)
		if n.kids == nil {
			return rank + i, equal
		}
		if !equal {
			i = max(i-1, 0)
		}
		for _, kid := range n.kids[:i] {
			rank += kid.size
		}
		n = n.kids[i]
	}
	return 0, false
}

// At iterates over the values from position rank on.
func (t *Tree[V]) At(rank int) iter.Seq[V] {
	root := t.root
	return func(yield func(V) bool) { root.walk(max(rank, 0), yield) }
}

// Before iterates backwards over the values before position rank.
func (t *Tree[V]) Before(rank int) iter.Seq[V] {
	root := t.root
	return func(yield func(V) bool) { root.walkBack(rank, yield) }
}

// From iterates over the values for which compare is not negative.
func (t *Tree[V]) From(compare func(V) int) iter.Seq[V] {
	rank, _ := t.Find(compare)
	return t.At(rank)
}

func (n *treeNode[V]) walk(skip int, yield func(V) bool) bool {
	if n == nil || skip >= n.size {
		return true
	}
	if n.kids == nil {
		for _, v := range n.values[skip:] {
			if !yield(v) {
				return false
			}
		}
		return true
	}
	for _, kid := range n.kids {
		if skip < kid.size && !kid.walk(skip, yield) {
			return false
		}
		skip = max(skip-kid.size, 0)
	}
	return true
}

// walkBack yields the first count values, the last of them first.
func (n *treeNode[V]) walkBack(count int, yield func(V) bool) bool {
	if n == nil || count <= 0 {
		return true
	}
	if n.kids == nil {
		for i := min(count, len(n.values)) - 1; i >= 0; i-- {
			if !yield(n.values[i]) {
				return false
			}
		}
		return true
	}
	start := n.size
	for i := len(n.kids) - 1; i >= 0; i-- {
		start -= n.kids[i].size
		if count > start && !n.kids[i].walkBack(count-start, yield) {
			return false
		}
	}
	return true
}

// search returns the number of values for which compare is negative.
func (n *treeNode[V]) search(compare func(V) int) (at int, found bool) {
	return slices.BinarySearchFunc(n.values, compare, func(v V, compare func(V) int) int { return compare(v) })
}

// set returns the node with v in it, and a second one if it had to be split.
func (n *treeNode[V]) set(e Edit, v V, compare func(V) int) (self, right *treeNode[V]) {
	i, found := n.search(compare)
	n = n.own(e)
	switch {
	case n.kids != nil:
		if !found {
			i = max(i-1, 0)
		}
		n.setKid(e, i, v, compare)
	case found:
		n.values[i] = v
	default:
		n.values = slices.Insert(n.values, i, v)
		n.size++
	}
	if len(n.values) <= treeFan {
		return n, nil
	}
	return n, n.split(e, i == len(n.values)-1)
}

func (n *treeNode[V]) setKid(e Edit, i int, v V, compare func(V) int) {
	n.size -= n.kids[i].size
	kid, right := n.kids[i].set(e, v, compare)
	n.kids[i], n.values[i] = kid, kid.values[0]
	n.size += kid.size
	if right != nil {
		n.kids = slices.Insert(n.kids, i+1, right)
		n.values = slices.Insert(n.values, i+1, right.values[0])
		n.size += right.size
	}
}

// split moves the upper half into a new node. If values arrive in order only
// the last one moves, so that the nodes stay full.
func (n *treeNode[V]) split(e Edit, appended bool) *treeNode[V] {
	at := len(n.values) / 2
	if appended || n.kids != nil && n.kids[len(n.kids)-1].size < n.kids[0].size/4 {
		at = len(n.values) - 1
	}
	right := &treeNode[V]{edit: e, values: slices.Clone(n.values[at:])}
	n.values = cut(n.values, at)
	if n.kids == nil {
		right.size = len(right.values)
	} else {
		right.kids = slices.Clone(n.kids[at:])
		n.kids = cut(n.kids, at)
		for _, kid := range right.kids {
			right.size += kid.size
		}
	}
	n.size -= right.size
	return right
}

// remove returns the node without the value that compares equal, which it has.
func (n *treeNode[V]) remove(e Edit, compare func(V) int) *treeNode[V] {
	i, found := n.search(compare)
	n = n.own(e)
	n.size--
	if n.kids == nil {
		n.values = slices.Delete(n.values, i, i+1)
		return n
	}
	if !found {
		i--
	}
	kid := n.kids[i].remove(e, compare)
	if kid.size == 0 {
		n.dropKid(i)
		return n
	}
	n.kids[i], n.values[i] = kid, kid.values[0]
	if len(kid.values) < treeFan/4 {
		n.join(e, i)
	}
	return n
}

func (n *treeNode[V]) dropKid(i int) {
	n.kids = slices.Delete(n.kids, i, i+1)
	n.values = slices.Delete(n.values, i, i+1)
}

// join moves a small kid into a neighbour if there is room.
func (n *treeNode[V]) join(e Edit, i int) {
	if i == 0 {
		i = 1
	}
	if i >= len(n.kids) || len(n.kids[i-1].values)+len(n.kids[i].values) > treeFan*3/4 {
		return
	}
	left, right := n.kids[i-1].own(e), n.kids[i]
	left.values = append(left.values, right.values...)
	left.kids = append(left.kids, right.kids...)
	left.size += right.size
	n.kids[i-1] = left
	n.dropKid(i)
}

// own returns n if it belongs to e, or else a copy that does.
func (n *treeNode[V]) own(e Edit) *treeNode[V] {
	if n.edit == e {
		return n
	}
	c := &treeNode[V]{edit: e, size: n.size}
	c.values = append(make([]V, 0, len(n.values)+1), n.values...)
	if n.kids != nil {
		c.kids = append(make([]*treeNode[V], 0, len(n.kids)+1), n.kids...)
	}
	return c
}

// cut shortens a slice and lets go of what was behind.
func cut[E any](s []E, at int) []E {
	clear(s[at:])
	return s[:at]
}
