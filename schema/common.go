package schema

import "strings"

// commonAttributes returns the attributes that every resource has (RFC 7643
// §3, §3.1), in the order in which they are written.
func commonAttributes() []Attribute {
	return []Attribute{
		{
			Name: "schemas", Type: TypeReference, MultiValued: true, Required: true,
			ReferenceTypes: []string{"uri"}, Returned: ReturnedAlways,
			Description: "URIs of the schemas that define the attributes present.",
		},
		{
			Name: "id", Required: true, CaseExact: true, Mutability: ReadOnly, Returned: ReturnedAlways, Uniqueness: UniquenessServer,
			Description: "Identifier assigned by the service provider.",
		},
		{
			Name: "externalId", CaseExact: true,
			Description: "Identifier assigned by the provisioning client.",
		},
		{
			Name: "meta", Type: TypeComplex, Mutability: ReadOnly, Description: "Resource metadata.",
			SubAttributes: []Attribute{
				{Name: "resourceType", CaseExact: true, Mutability: ReadOnly},
				{Name: "created", Type: TypeDateTime, Mutability: ReadOnly},
				{Name: "lastModified", Type: TypeDateTime, Mutability: ReadOnly},
				{Name: "location", Type: TypeReference, Mutability: ReadOnly, ReferenceTypes: []string{"uri"}},
				{Name: "version", CaseExact: true, Mutability: ReadOnly},
			},
		},
	}
}

func isCommonName(name string) bool {
	for _, common := range []string{"schemas", "id", "externalId", "meta"} {
		if strings.EqualFold(name, common) {
			return true
		}
	}
	return false
}
