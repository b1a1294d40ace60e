package scim

import (
	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/store"
)

// merged is the beginning of several sorted lists taken together.
type merged struct {
	list  []match
	taken []int // from each list
}

// merge takes the first n resources of the pages of several types, in the
// order of their queries. Within a page the order is the one the store gave, so
// what is taken of it is always its beginning.
func merge(queries []store.Query, pages []store.Page, n int) merged {
	order, m := orderOf(queries), merged{taken: make([]int, len(pages))}
	for len(m.list) < n {
		first := -1
		for i, page := range pages {
			if m.taken[i] == len(page.Resources) {
				continue
			}
			if first < 0 || order.Compare(page.Resources[m.taken[i]], pages[first].Resources[m.taken[first]]) < 0 {
				first = i
			}
		}
		if first < 0 {
			break
		}
		m.list = append(m.list, match{pages[first].Resources[m.taken[first]], queries[first].Projection})
		m.taken[first]++
	}
	return m
}

// orderOf returns the order of the first query that has one. A type that lacks
// the attribute has none of its own: its resources count as having no value.
func orderOf(queries []store.Query) filter.Sort {
	for _, q := range queries {
		if !q.Sort.By.IsZero() {
			return q.Sort
		}
	}
	return filter.Sort{}
}
