package schema_test

import (
	"slices"
	"testing"

	"github.com/muster-scim/muster/schema"
)

// ownType is a type as a host defines it: a base schema and an extension that
// has an attribute named like one of the base schema.
func ownType(t *testing.T, required bool) *schema.ResourceType {
	t.Helper()
	d := schema.Definition{
		Name: "Badge", ID: "badge-type", Endpoint: "/Badges",
		Schema: &schema.Schema{ID: "urn:example:scim:2.0:Badge", Attributes: []schema.Attribute{
			{Name: "serial"},
			{Name: "color", CanonicalValues: []string{"red", "green"}},
			{Name: "owner", Type: schema.TypeComplex, SubAttributes: []schema.Attribute{
				{Name: "value"}, {Name: "$ref", Type: schema.TypeReference, ReferenceTypes: []string{"User"}},
			}},
		}},
		Extensions: []schema.Extension{{Required: required, Schema: &schema.Schema{
			ID: "urn:example:scim:2.0:Photo", Attributes: []schema.Attribute{{Name: "serial", Required: true}},
		}}},
	}
	typ, err := d.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

const ownBody = `{"schemas": ["urn:example:scim:2.0:Badge", "urn:example:scim:2.0:Photo"], "serial": "1", "color": "blue",
	"owner": {"value": "7", "$ref": "../Users/7"}, "urn:example:scim:2.0:Photo": {"serial": "2"}}`

// Each case reads the same body and looks at one path.
func TestOwnSchemas(t *testing.T) {
	typ := ownType(t, true)
	r, _, err := typ.Decode([]byte(ownBody), strictly)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := schema.CheckCreate(r, nil); err != nil { // canonicalValues are recommendations
		t.Fatal(err)
	}
	for _, row := range []struct{ id, path, want string }{
		{"7643-2-02", "serial", "1"},
		{"7643-3.2-01", "urn:example:scim:2.0:Badge:serial", "1"},
		{"7643-3.3-03", "urn:example:scim:2.0:Photo:serial", "2"},
		{"7643-2.4-12", "color", "blue"},
		{"7643-7-13", "color", "blue"},
		{"7643-2.3.7-08", "owner.$ref", "../Users/7"},
	} {
		t.Run(row.id, func(t *testing.T) {
			if got := r.Get(typ.MustPath(row.path)).Text(); got != row.want {
				t.Errorf("%s = %q, want %q", row.path, got, row.want)
			}
		})
	}
}

func TestResourceTypeID(t *testing.T) {
	const id = "7643-6-03"
	if got := ownType(t, false).ID(); got != "badge-type" {
		t.Errorf("%s: id %q", id, got)
	}
	if got := schema.UserDefinition().MustCompile().ID(); got != "User" {
		t.Errorf("%s: the id of a type without one is %q", id, got)
	}
}

// Every schema and attribute that is shipped explains itself.
func TestShippedSchemasHaveDescriptions(t *testing.T) {
	for _, d := range append(schema.DiscoveryDefinitions(), schema.UserDefinition(), schema.GroupDefinition()) {
		typ := d.MustCompile()
		for s := range typ.Schemas() {
			if s.Name == "" || s.Description == "" {
				t.Errorf("7643-7-07 7643-7-08: %s has no name or description", s.ID)
			}
		}
		for p := range typ.AllPaths() {
			if !p.IsCommon() && p.Attribute().Description == "" {
				t.Errorf("7643-7-12: %s has no description", p)
			}
		}
	}
}

// Whether an extension can be left out is up to the type; its required
// attributes count as soon as it is there.
func TestRequiredExtension(t *testing.T) {
	const alone, empty = `{"serial": "1"}`, `{"serial": "1", "urn:example:scim:2.0:Photo": {}}`
	for _, row := range []struct {
		id       string
		required bool
		body     string
		ok       bool
	}{
		{"7643-6-10", true, alone, false},
		{"7643-6-10", true, empty, false},
		{"7643-6-10", true, ownBody, true},
		{"7643-6-11", false, alone, true},
	} {
		t.Run(row.id, func(t *testing.T) {
			r, _, err := ownType(t, row.required).Decode([]byte(row.body), nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err = schema.CheckCreate(r, nil); (err == nil) != row.ok {
				t.Errorf("error %v", err)
			}
		})
	}
}

// A published schema is an example: a host may change what it says.
func TestCoreSchemasCanBeChanged(t *testing.T) {
	const id = "7643-8.7-01"
	d := schema.UserDefinition()
	for i := range d.Schema.Attributes {
		if d.Schema.Attributes[i].Name == "nickName" {
			d.Schema.Attributes[i].Uniqueness = schema.UniquenessServer
		}
	}
	if got := d.MustCompile().MustPath("nickName").Uniqueness(); got != schema.UniquenessServer {
		t.Errorf("%s: uniqueness %s", id, got)
	}
	if got := schema.UserDefinition().MustCompile().MustPath("nickName").Uniqueness(); got != schema.UniquenessNone {
		t.Errorf("%s: the change reaches other definitions", id)
	}
}

// TestAttributes: the attributes of an extension stand in its place.
func TestAttributes(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	var want, got []string
	for p := range user.Paths() {
		if !p.IsExtension() {
			want = append(want, p.String())
			continue
		}
		for sub := range p.Subs() {
			want = append(want, sub.String())
		}
	}
	for p := range user.Attributes() {
		got = append(got, p.String())
	}
	if !slices.Equal(got, want) || !slices.Contains(got, schema.EnterpriseUserURN+":manager") || slices.Contains(got, schema.EnterpriseUserURN) {
		t.Errorf("got %q", got)
	}
	for range user.Attributes() {
		break
	}
}
