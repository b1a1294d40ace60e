package filter

import (
	"slices"

	"github.com/muster-scim/muster/schema"
)

// Top selects the first n of many resources in the order of a Sort, without
// keeping or sorting the others: n places in memory, and for nearly all
// resources one comparison. It must not be used concurrently.
type Top struct {
	sort Sort
	n    int
	// heap is a binary heap with the last of the selected resources at its root.
	heap []ranked
}

// ranked is a resource with the value that it is sorted by.
type ranked struct {
	value    schema.Value
	resource *schema.Resource
}

// Top returns an empty selection of the first n resources.
func (s Sort) Top(n int) *Top { return &Top{sort: s, n: n} }

// Add offers r to the selection.
func (t *Top) Add(r *schema.Resource) {
	e := ranked{t.sort.Value(r), r}
	switch {
	case len(t.heap) < t.n:
		t.heap = append(t.heap, e)
		t.up(len(t.heap) - 1)
	case t.n > 0 && t.compare(e, t.heap[0]) < 0:
		t.heap[0] = e
		t.down(0)
	}
}

// Sorted returns the selected resources in order. The selection stays usable.
func (t *Top) Sorted() []*schema.Resource {
	sorted := slices.SortedFunc(slices.Values(t.heap), t.compare)
	resources := make([]*schema.Resource, len(sorted))
	for i, e := range sorted {
		resources[i] = e.resource
	}
	return resources
}

func (t *Top) compare(a, b ranked) int {
	return t.sort.compare(a.value, b.value, a.resource, b.resource)
}

// up moves the element at i towards the root until its parent comes after it.
func (t *Top) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if t.compare(t.heap[i], t.heap[parent]) <= 0 {
			return
		}
		t.heap[i], t.heap[parent] = t.heap[parent], t.heap[i]
		i = parent
	}
}

// down moves the element at i towards the leaves until both children come
// before it.
func (t *Top) down(i int) {
	for {
		last, child := i, 2*i+1
		for c := child; c < min(child+2, len(t.heap)); c++ {
			if t.compare(t.heap[c], t.heap[last]) > 0 {
				last = c
			}
		}
		if last == i {
			return
		}
		t.heap[i], t.heap[last] = t.heap[last], t.heap[i]
		i = last
	}
}
