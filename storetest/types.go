package storetest

import (
	"sync"

	"github.com/muster-scim/muster/schema"
)

// ProbeURN is the base schema of ProbeType.
const ProbeURN = "urn:ietf:params:scim:schemas:storetest:2.0:Probe"

// The types that the suite stores. They are compiled once, because one type
// name always goes with one compiled type.
var (
	userType  = sync.OnceValue(func() *schema.ResourceType { return schema.UserDefinition().MustCompile() })
	groupType = sync.OnceValue(func() *schema.ResourceType { return schema.GroupDefinition().MustCompile() })
	probeType = sync.OnceValue(func() *schema.ResourceType { return probeDefinition().MustCompile() })
)

// UserType is the type of the users that the suite stores: the core User with
// the enterprise extension.
func UserType() *schema.ResourceType { return userType() }

// GroupType is the type of the groups that the suite stores.
func GroupType() *schema.ResourceType { return groupType() }

// ProbeType is a type with an attribute of every data type, single and
// multi-valued, exact and not. Stores that have to know the types in advance
// are given it beside UserType and GroupType.
func ProbeType() *schema.ResourceType { return probeType() }

func probeDefinition() schema.Definition {
	return schema.Definition{
		Name: "Probe", Endpoint: "/Probes",
		Schema: &schema.Schema{ID: ProbeURN, Name: "Probe", Attributes: append(probeScalars(), probeLists()...)},
		Extensions: []schema.Extension{{Schema: &schema.Schema{
			ID: "urn:ietf:params:scim:schemas:extension:storetest:2.0:Probe", Name: "ProbeExtension",
			Attributes: []schema.Attribute{{Name: "note"}, {Name: "level", Type: schema.TypeInteger}},
		}}},
	}
}

func probeScalars() []schema.Attribute {
	return []schema.Attribute{
		{Name: "label"},
		{Name: "code", CaseExact: true},
		{Name: "serial", Uniqueness: schema.UniquenessServer},
		{Name: "badge", CaseExact: true, Uniqueness: schema.UniquenessServer},
		{Name: "flag", Type: schema.TypeBoolean},
		{Name: "count", Type: schema.TypeInteger},
		{Name: "ratio", Type: schema.TypeDecimal},
		{Name: "seen", Type: schema.TypeDateTime},
		{Name: "blob", Type: schema.TypeBinary, CaseExact: true},
		{Name: "link", Type: schema.TypeReference, CaseExact: true, ReferenceTypes: []string{"external"}},
		{Name: "secret", Mutability: schema.WriteOnly, Returned: schema.ReturnedNever},
	}
}

func probeLists() []schema.Attribute {
	return []schema.Attribute{
		{Name: "tags", MultiValued: true},
		{Name: "sizes", Type: schema.TypeInteger, MultiValued: true},
		{Name: "place", Type: schema.TypeComplex, SubAttributes: []schema.Attribute{
			{Name: "city"}, {Name: "floor", Type: schema.TypeInteger},
		}},
		{Name: "contacts", Type: schema.TypeComplex, MultiValued: true, SubAttributes: []schema.Attribute{
			{Name: "value"}, {Name: "type"}, {Name: "primary", Type: schema.TypeBoolean}, {Name: "rank", Type: schema.TypeInteger},
		}},
	}
}
