package reconcile

import (
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Kind is what is wrong.
type Kind string

// The kinds of findings.
const (
	Missing        Kind = "missing"        // expected, and not there
	Extra          Kind = "extra"          // there, and not expected
	Different      Kind = "different"      // there, with other values
	Duplicate      Kind = "duplicate"      // expected twice
	Malformed      Kind = "malformed"      // a row that cannot be understood
	OrphanedMember Kind = "orphanedMember" // a member of a group that does not exist
	InactiveMember Kind = "inactiveMember" // a member of a group that is deactivated
)

// Finding is one thing that is wrong.
type Finding struct {
	// Kind is what is wrong.
	Kind Kind
	// Key is the value of the key attribute, prepared for comparison; of
	// memberships it is the id of the member.
	Key string
	// Line is where the row is in the expected list; 0 if it is not there.
	Line int
	// Ref is the resource that is there; for memberships it is the group.
	Ref store.Ref
	// Expected and Actual are the resources; nil where there is none.
	Expected, Actual *schema.Resource
	// Patch mends what is different, or ends the membership.
	Patch *patch.Request
	// Paths are the attributes that are different.
	Paths []string
	// Err says why a row is malformed.
	Err error
}
