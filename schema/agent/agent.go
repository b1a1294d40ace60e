package agent

import "github.com/muster-scim/muster/schema"

// The URNs of the schemas.
const (
	// AgentURN is used by several drafts in different ways.
	AgentURN = "urn:ietf:params:scim:schemas:core:2.0:Agent"
	// ServiceAccountURN is Muster's own.
	ServiceAccountURN = "urn:muster:params:scim:schemas:core:2.0:ServiceAccount"
	// GovernanceURN is Muster's own.
	GovernanceURN = "urn:muster:params:scim:schemas:extension:governance:2.0:Account"
)

// AgentSchema returns a new definition of an AI agent.
func AgentSchema() *schema.Schema {
	return &schema.Schema{ID: AgentURN, Name: "Agent", Description: "AI agent (experimental)", Attributes: append([]schema.Attribute{
		{Name: "name", Required: true, Uniqueness: schema.UniquenessServer, Description: "The name by which the service knows the agent."},
		{Name: "agentType", Description: "What the agent is for, in words of the service."},
		{Name: "subject", CaseExact: true, Description: "The subject of tokens that the agent presents."},
		{Name: "protocols", Type: schema.TypeComplex, MultiValued: true, Description: "The protocols that the agent speaks.", SubAttributes: []schema.Attribute{
			{Name: "type", CanonicalValues: []string{"A2A", "OpenAPI", "MCP-Server"}, Description: "The protocol."},
			{Name: "specificationUrl", Type: schema.TypeReference, ReferenceTypes: []string{"external"}, Description: "Where the agent is described."},
		}},
		reference("parent", false, schema.ReadWrite, "The agent that this one works for.", "Agent"),
	}, account()...)}
}

// ServiceAccountSchema returns a new definition of an account that a program
// uses.
func ServiceAccountSchema() *schema.Schema {
	return &schema.Schema{ID: ServiceAccountURN, Name: "ServiceAccount", Description: "Service account (experimental)", Attributes: append([]schema.Attribute{
		{Name: "userName", Required: true, Uniqueness: schema.UniquenessServer, Description: "The name by which the account authenticates."},
		{Name: "purpose", Description: "What the account is for."},
	}, account()...)}
}

// GovernanceSchema returns a new definition of what an access review needs to
// know about an account that is no person's.
func GovernanceSchema() *schema.Schema {
	return &schema.Schema{ID: GovernanceURN, Name: "Governance", Description: "Life of an account that is no person's (experimental)", Attributes: []schema.Attribute{
		{Name: "expires", Type: schema.TypeDateTime, Description: "When the account has to end."},
		{Name: "reviewedOn", Type: schema.TypeDateTime, Description: "When its owner confirmed it last."},
		{Name: "state", CanonicalValues: []string{"proposed", "approved", "suspended", "retired"}, Description: "Where it is in its life."},
		{Name: "credentials", Type: schema.TypeComplex, MultiValued: true, Description: "Its credentials, by reference only.", SubAttributes: []schema.Attribute{
			{Name: "value", CaseExact: true, Required: true, Description: "Where the credential is kept, such as the path in a vault; never the credential."},
			{Name: "type", CanonicalValues: []string{"key", "certificate", "secret", "federated"}, Description: "What kind of credential it is."},
			{Name: "rotatedOn", Type: schema.TypeDateTime, Description: "When it was replaced last."},
			{Name: "rotateBefore", Type: schema.TypeDateTime, Description: "When it has to be replaced."},
		}},
	}}
}

// account returns the attributes of every account that is no person's.
func account() []schema.Attribute {
	return []schema.Attribute{
		{Name: "displayName", Description: "The name to show to people."},
		{Name: "description", Description: "What a reviewer has to know."},
		{Name: "active", Type: schema.TypeBoolean, Description: "Whether the account can be used."},
		reference("owners", true, schema.ReadWrite, "Who answers for it.", "User", "Group"),
		{Name: "roles", Type: schema.TypeComplex, MultiValued: true, Description: "Its roles.", SubAttributes: labelled()},
		{Name: "entitlements", Type: schema.TypeComplex, MultiValued: true, Description: "Its entitlements.", SubAttributes: labelled()},
		reference("groups", true, schema.ReadOnly, "The groups that it is a member of.", "Group"),
	}
}

func labelled() []schema.Attribute {
	return []schema.Attribute{
		{Name: "value", Description: "The value."},
		{Name: "display", Description: "The name to show to people."},
		{Name: "type", Description: "What kind it is."},
		{Name: "primary", Type: schema.TypeBoolean, Description: "Whether it is the preferred one."},
	}
}

// reference defines an attribute that names other resources.
func reference(name string, many bool, m schema.Mutability, description string, types ...string) schema.Attribute {
	return schema.Attribute{Name: name, Type: schema.TypeComplex, MultiValued: many, Mutability: m, Description: description, SubAttributes: []schema.Attribute{
		{Name: "value", CaseExact: true, Mutability: m, Description: "The id."},
		{Name: "$ref", Type: schema.TypeReference, ReferenceTypes: types, Mutability: m, Description: "The URI."},
		{Name: "display", Mutability: schema.ReadOnly, Description: "The name to show to people."},
		{Name: "type", Mutability: m, Description: "What it is."},
	}}
}

// AgentDefinition returns a new definition of the resource type Agent at
// /Agents, with Governance and further extensions.
func AgentDefinition(extensions ...schema.Extension) schema.Definition {
	return schema.Definition{
		ID: "Agent", Name: "Agent", Endpoint: "/Agents", Description: "AI agent (experimental)",
		Schema: AgentSchema(), Extensions: governed(extensions),
	}
}

// ServiceAccountDefinition returns a new definition of the resource type
// ServiceAccount at /ServiceAccounts, with Governance and further extensions.
func ServiceAccountDefinition(extensions ...schema.Extension) schema.Definition {
	return schema.Definition{
		ID: "ServiceAccount", Name: "ServiceAccount", Endpoint: "/ServiceAccounts", Description: "Service account (experimental)",
		Schema: ServiceAccountSchema(), Extensions: governed(extensions),
	}
}

func governed(extensions []schema.Extension) []schema.Extension {
	return append([]schema.Extension{{Schema: GovernanceSchema()}}, extensions...)
}
