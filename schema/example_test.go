package schema_test

import (
	"fmt"

	"github.com/muster-scim/muster/schema"
)

// A resource type of one's own, its registry, and a resource of it.
func Example() {
	badge := schema.Definition{
		Name: "Badge", Endpoint: "/Badges",
		Schema: &schema.Schema{ID: "urn:example:scim:2.0:Badge", Name: "Badge", Attributes: []schema.Attribute{
			{Name: "serial", Required: true, CaseExact: true, Uniqueness: schema.UniquenessServer},
			{Name: "expires", Type: schema.TypeDateTime},
		}},
	}.MustCompile()
	registry, err := schema.NewRegistry(schema.UserDefinition().MustCompile(), badge)
	if err != nil {
		fmt.Println(err)
		return
	}
	t, _ := registry.ByEndpoint("/Badges")
	r, _, err := t.Decode([]byte(`{"schemas": ["urn:example:scim:2.0:Badge"], "Serial": "A-7", "expires": "2027-01-01T00:00:00Z"}`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Name(), r.Get(t.MustPath("serial")).Text())
	// Output: Badge A-7
}

// A definition can be a document, in the form of the discovery endpoints.
func ExampleParseDefinition() {
	d, err := schema.ParseDefinition([]byte(`{
		"resourceType": {"name": "Badge", "endpoint": "/Badges", "schema": "urn:example:scim:2.0:Badge"},
		"schemas": [{"id": "urn:example:scim:2.0:Badge", "name": "Badge", "attributes": [
			{"name": "serial", "type": "string", "required": true, "caseExact": true, "uniqueness": "server"},
			{"name": "expires", "type": "dateTime"}
		]}]
	}`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.MustCompile().MustPath("EXPIRES").Type())
	// Output: dateTime
}

// Mistakes are all reported, each with its place.
func ExampleParseDefinition_mistakes() {
	_, err := schema.ParseDefinition([]byte(`{"resourceType": {"name": "Badge", "endpoint": "Badges", "schema": "urn:example:badge"},
		"schemas": [{"id": "urn:example:badge", "attributes": [{"name": "serial no"}, {"name": "expires", "type": "date"}]}]}`), nil)
	for _, p := range err.(*schema.DefinitionError).Problems {
		fmt.Println(p.Offset, p.Pointer)
	}
	// Output:
	// 47 /resourceType/endpoint
	// 155 /schemas/0/attributes/0/name
	// 197 /schemas/0/attributes/1/type
}

// A definition can come from a struct, which then also carries values.
func ExampleFor() {
	type Badge struct {
		ID     string   `scim:"id"`
		Serial string   `scim:"serial,required,caseExact,uniqueness=server"`
		Doors  []string `scim:"doors"`
	}
	t := schema.Definition{
		Name: "Badge", Endpoint: "/Badges", Schema: schema.MustFor[Badge]("urn:example:scim:2.0:Badge"),
	}.MustCompile()
	r, err := schema.FromStruct(t, Badge{ID: "1", Serial: "A-7", Doors: []string{"north", "gate"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := schema.As[Badge](r)
	fmt.Println(b.Serial, b.Doors, err)
	// Output: A-7 [north gate] <nil>
}
