package schema

import "embed"

// The schema documents of RFC 7643 §8.7 with the errata applied. See NOTICE
// for their licence.
//
//go:embed core/*.json
var coreFiles embed.FS

// URNs of the core schemas (RFC 7643 §8.7).
const (
	UserURN           = "urn:ietf:params:scim:schemas:core:2.0:User"
	GroupURN          = "urn:ietf:params:scim:schemas:core:2.0:Group"
	EnterpriseUserURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
)

// UserSchema returns a fresh copy of the core User schema (RFC 7643 §4.1).
func UserSchema() *Schema { return mustCoreSchema("User") }

// GroupSchema returns a fresh copy of the core Group schema (RFC 7643 §4.2).
func GroupSchema() *Schema { return mustCoreSchema("Group") }

// EnterpriseUserSchema returns a fresh copy of the enterprise extension (RFC
// 7643 §4.3).
func EnterpriseUserSchema() *Schema { return mustCoreSchema("EnterpriseUser") }

// UserDefinition returns the User resource type with the enterprise extension
// and any further ones.
func UserDefinition(extensions ...Extension) Definition {
	return Definition{
		Name: "User", Endpoint: "/Users", Description: "User Account", Schema: UserSchema(),
		Extensions: append([]Extension{{Schema: EnterpriseUserSchema()}}, extensions...),
	}
}

// GroupDefinition returns the Group resource type with any extensions.
func GroupDefinition(extensions ...Extension) Definition {
	return Definition{Name: "Group", Endpoint: "/Groups", Description: "Group", Schema: GroupSchema(), Extensions: extensions}
}

// DiscoveryDefinitions returns the resource types that describe a service
// provider: ServiceProviderConfig, ResourceType and Schema, with their fixed
// schemas (RFC 7643 §5 to §7, §8.7.2). Their endpoints are reserved, so they
// cannot be part of a Registry.
func DiscoveryDefinitions() []Definition {
	return []Definition{
		{
			Name: "ServiceProviderConfig", Endpoint: "/ServiceProviderConfig",
			Description: "Service provider configuration", Schema: mustCoreSchema("ServiceProviderConfig"),
		},
		{Name: "ResourceType", Endpoint: "/ResourceTypes", Description: "Resource type", Schema: mustCoreSchema("ResourceType")},
		{Name: "Schema", Endpoint: "/Schemas", Description: "Schema", Schema: mustCoreSchema("Schema")},
	}
}

// mustCoreSchema reads an embedded document; that each of them can be read is
// tested.
func mustCoreSchema(name string) *Schema {
	data, err := coreFiles.ReadFile("core/" + name + ".json")
	if err != nil {
		panic(err)
	}
	s, err := ParseSchema(data, nil)
	if err != nil {
		panic(err)
	}
	return s
}
