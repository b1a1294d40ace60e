package store

import (
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// diffs returns the attributes in which two states of a resource differ,
// without those that only the service provider writes.
func diffs(old, changed *schema.Resource) (list []patch.Difference) {
	compare := func(p schema.Path) {
		if p.Mutability() == schema.ReadOnly || p == old.Type().SchemasPath() {
			return
		}
		if a, b := old.Get(p), changed.Get(p); !a.Equal(b) {
			list = append(list, patch.Difference{Path: p, Old: a, New: b})
		}
	}
	for p := range old.Type().Paths() {
		if !p.IsExtension() {
			compare(p)
			continue
		}
		for sub := range p.Subs() {
			compare(sub)
		}
	}
	return list
}
