package entitlement

import "github.com/muster-scim/muster/schema"

// The URNs of the schemas.
const (
	RoleURN        = "urn:ietf:params:scim:schemas:core:2.0:Role"
	EntitlementURN = "urn:ietf:params:scim:schemas:core:2.0:Entitlement"
)

// RoleDefinition returns a new definition of the resource type Role at /Roles.
func RoleDefinition() schema.Definition {
	return definition("Role", "/Roles", RoleURN, "Role that the service offers (experimental)")
}

// EntitlementDefinition returns a new definition of the resource type
// Entitlement at /Entitlements.
func EntitlementDefinition() schema.Definition {
	return definition("Entitlement", "/Entitlements", EntitlementURN, "Entitlement that the service offers (experimental)")
}

func definition(name, endpoint, urn, description string) schema.Definition {
	return schema.Definition{
		ID: name, Name: name, Endpoint: endpoint, Description: description,
		Schema: &schema.Schema{ID: urn, Name: name, Description: description, Attributes: attributes(name)},
	}
}

// attributes returns those of §4 of the draft.
func attributes(name string) []schema.Attribute {
	list := []schema.Attribute{
		{Name: "value", Required: true, Description: "The value to put into the attribute of a user."},
		{Name: "display", Description: "The name to show to people."},
		{Name: "type", Description: "What kind it is."},
		{Name: "supported", Type: schema.TypeBoolean, Description: "Whether it can be assigned."},
		{Name: "limitedAssignmentsPermitted", Type: schema.TypeBoolean, Description: "Whether it can be assigned to a limited number of users only."},
		{Name: "totalAssignmentsPermitted", Type: schema.TypeInteger, Description: "To how many users it can be assigned."},
		{Name: "totalAssignmentsUsed", Type: schema.TypeInteger, Description: "To how many users it is assigned."},
		related("containedBy", "Those that include this one.", name),
		related("contains", "Those that this one includes.", name),
	}
	for i := range list {
		list[i].Mutability = schema.ReadOnly
	}
	return list
}

func related(name, description, target string) schema.Attribute {
	return schema.Attribute{Name: name, Type: schema.TypeComplex, MultiValued: true, Description: description, SubAttributes: []schema.Attribute{
		{Name: "value", Mutability: schema.ReadOnly, Description: "Its value."},
		{Name: "display", Mutability: schema.ReadOnly, Description: "The name to show to people."},
		{Name: "$ref", Type: schema.TypeReference, ReferenceTypes: []string{target}, Mutability: schema.ReadOnly, Description: "Its URI."},
	}}
}
