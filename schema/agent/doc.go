// Package agent has resource types for identities that are not people: AI
// agents and service accounts.
//
// Experimental: Agent follows the individual drafts draft-abbey-scim-agent-extension-00
// and draft-wzdk-scim-agent-resource-00 as far as they agree. Both use the same
// URN for different definitions, and neither is adopted, so the type will
// change. ServiceAccount and Governance are in no draft; their URNs are Muster's
// own.
//
// An agent or service account has an owner, can be switched off by active, and
// is a member of groups like a user. With the Governance extension it also says
// when it expires, when its credentials have to be rotated, and where they are;
// the credentials themselves are never part of it. Lifecycle hooks, events and
// reconciliation treat such accounts like people.
//
//	relation := store.GroupMembers()
//	relation.Targets = append(relation.Targets, store.Target{Type: "Agent", Inverse: "groups", Display: []string{"displayName", "name"}})
package agent
