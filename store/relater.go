package store

import (
	"hash/maphash"
	"slices"
	"sync"
)

// Relater wraps stores as Relate does, and keeps writes apart that could close
// a cycle even if each goes through a wrapper of its own: it is for stores that
// are made anew for each request. Processes do not know of each other. It is
// safe for concurrent use.
type Relater struct {
	relations []Relation
	seed      maphash.Seed
	nesting   [64]sync.Mutex // of the tenants, by a hash
}

// NewRelater returns a Relater for the relations.
func NewRelater(relations ...Relation) *Relater {
	return &Relater{relations: slices.Clone(relations), seed: maphash.MakeSeed()}
}

// Relate wraps a store of a tenant as the function Relate does.
func (r *Relater) Relate(tenant TenantID, s Store) Store {
	hash := maphash.String(r.seed, string(tenant))
	wrapper := &related{inner: s, nesting: &r.nesting[hash%uint64(len(r.nesting))]}
	for _, rel := range r.relations {
		if !keeps(s, rel) {
			wrapper.own = append(wrapper.own, rel)
		}
	}
	if len(wrapper.own) == 0 {
		return s
	}
	return wrapper
}
