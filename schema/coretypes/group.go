package coretypes

// Group is the core Group (RFC 7643 §4.2).
type Group struct {
	Common
	DisplayName string   `scim:"displayName,required"`
	Members     []Member `scim:"members"`
}

// Member is a user or a group that belongs to a group.
type Member struct {
	Value   string `scim:"value,caseExact,immutable"` // the member's id
	Ref     string `scim:"$ref,immutable,ref=User|Group"`
	Type    string `scim:"type,immutable,canonical=User|Group"`
	Display string `scim:"display,immutable"`
}
