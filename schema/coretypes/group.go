package coretypes

import "github.com/muster-scim/muster/schema"

// Group is the core Group (RFC 7643 §4.2).
type Group struct {
	Common
	// DisplayName is the name for people.
	DisplayName string `scim:"displayName,required"`
	// Members are the users and groups in the group.
	Members []Member `scim:"members"`
}

// Member is a user or a group that belongs to a group.
type Member struct {
	// Value is the member's id.
	Value schema.ID `scim:"value,caseExact,immutable"`
	// Ref is the member's URL.
	Ref string `scim:"$ref,immutable,ref=User|Group"`
	// Type is the name of the member's resource type.
	Type string `scim:"type,immutable,canonical=User|Group"`
	// Display is the member's name for people.
	Display string `scim:"display,immutable"`
}
