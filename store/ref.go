package store

import (
	"strings"

	"github.com/muster-scim/muster/schema"
)

// Ref names one resource: its type, as in meta.resourceType, and its id.
// Both are compared exactly.
type Ref struct {
	Type string    // the name of the resource type
	ID   schema.ID // the resource's id
}

// RefOf returns the Ref of a stored resource.
func RefOf(r *schema.Resource) Ref { return Ref{Type: r.Type().Name(), ID: r.ID()} }

// String returns "Type/ID" for logs.
func (r Ref) String() string { return r.Type + "/" + string(r.ID) }

// Compare orders by type, then by id, for sorting and for taking locks in one
// order.
func (r Ref) Compare(other Ref) int {
	if c := strings.Compare(r.Type, other.Type); c != 0 {
		return c
	}
	return r.ID.Compare(other.ID)
}
