package store

import (
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// diffs returns the attributes in which two states of a resource differ,
// without those that only the service provider writes.
func diffs(old, changed *schema.Resource) (list []patch.Difference) {
	for p := range old.Type().Attributes() {
		if p.Mutability() == schema.ReadOnly || p == old.Type().SchemasPath() {
			continue
		}
		if a, b := old.Get(p), changed.Get(p); !a.Equal(b) {
			list = append(list, patch.Difference{Path: p, Old: a, New: b})
		}
	}
	return list
}
