package cow

import "iter"

const (
	vectorBits = 5
	vectorFan  = 1 << vectorBits
	vectorMask = vectorFan - 1
)

// Vector is an array that grows at its end. The zero Vector is empty.
//
// It has four levels, of which the first one is as long as it must be, so that
// reading takes four dependent fetches, the last two of them from memory if the
// Vector is large, and changing an element copies about a kilobyte. The first
// leaf hangs on none of them, so a small Vector is nothing but a leaf.
type Vector[V any] struct {
	first *vectorLeaf[V]
	top   []*vectorBranch[V]
	len   uint32
}

type vectorBranch[V any] struct {
	edit Edit
	kids [vectorFan]*vectorTwig[V]
}

type vectorTwig[V any] struct {
	edit   Edit
	leaves [vectorFan]*vectorLeaf[V]
}

type vectorLeaf[V any] struct {
	edit   Edit
	values [vectorFan]V
}

// Len returns the number of elements.
func (v *Vector[V]) Len() uint32 { return v.len }

// Get returns the element at i, which must be less than Len.
func (v *Vector[V]) Get(i uint32) V { return v.leaf(i).values[i&vectorMask] }

func (v *Vector[V]) leaf(i uint32) *vectorLeaf[V] {
	if i < vectorFan {
		return v.first
	}
	twig := v.top[i>>(3*vectorBits)].kids[i>>(2*vectorBits)&vectorMask]
	return twig.leaves[i>>vectorBits&vectorMask]
}

// Append adds an element at the end.
func (v *Vector[V]) Append(e Edit, value V) {
	v.len++
	v.Set(e, v.len-1, value)
}

// Shorten drops the last element.
func (v *Vector[V]) Shorten(e Edit) {
	var zero V
	v.Set(e, v.len-1, zero) // so that what it refers to is let go
	v.len--
}

// Set changes the element at i, which must be less than Len.
func (v *Vector[V]) Set(e Edit, i uint32, value V) {
	at := &v.first
	if i >= vectorFan {
		branch := v.branchOf(e, i>>(3*vectorBits))
		twig := ownNode(e, &branch.kids[i>>(2*vectorBits)&vectorMask], func(t *vectorTwig[V]) *Edit { return &t.edit })
		at = &twig.leaves[i>>vectorBits&vectorMask]
	}
	leaf := ownNode(e, at, func(l *vectorLeaf[V]) *Edit { return &l.edit })
	leaf.values[i&vectorMask] = value
}

// branchOf returns a branch of the first level, which belongs to e. The first
// level belongs to the edit of its first branch.
func (v *Vector[V]) branchOf(e Edit, at uint32) *vectorBranch[V] {
	if int(at) == len(v.top) {
		v.top = append(v.top[:at:at], &vectorBranch[V]{edit: e})
	} else if v.top[at].edit != e {
		own := *v.top[at]
		own.edit = e
		v.top = append(append(append(make([]*vectorBranch[V], 0, len(v.top)), v.top[:at]...), &own), v.top[at+1:]...)
	}
	return v.top[at]
}

// ownNode makes the node at a place belong to e, and a new one if there is none.
func ownNode[N any](e Edit, at **N, edit func(*N) *Edit) *N {
	n := *at
	if n == nil {
		n = new(N)
	} else if *edit(n) == e {
		return n
	} else {
		own := *n
		n = &own
	}
	*edit(n), *at = e, n
	return n
}

// From iterates over the elements from i on, with their positions.
func (v *Vector[V]) From(i uint32) iter.Seq2[uint32, V] {
	s := *v
	return func(yield func(uint32, V) bool) {
		for i := i; i < s.len; {
			leaf := s.leaf(i)
			for ; ; i++ {
				if i >= s.len || !yield(i, leaf.values[i&vectorMask]) {
					return
				}
				if i&vectorMask == vectorMask {
					i++
					break
				}
			}
		}
	}
}
