package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
)

func discoveryTypes(t *testing.T) map[string]*schema.ResourceType {
	t.Helper()
	types := map[string]*schema.ResourceType{}
	for _, d := range schema.DiscoveryDefinitions() {
		typ, err := d.Compile()
		if err != nil {
			t.Fatal(err)
		}
		types[d.Name] = typ
	}
	return types
}

var strictly = &schema.DecodeOptions{Off: schema.Strict, Unknown: schema.RejectUnknown, KeepReadOnly: true}

// What discovery serves conforms to the schemas that it serves.
func TestDiscoveryDescribesItself(t *testing.T) {
	types := discoveryTypes(t)
	check := func(name, uri string, data []byte) {
		t.Helper()
		r, _, err := types[name].Decode(data, strictly)
		if err != nil {
			t.Errorf("%s %s: %v", name, uri, err)
			return
		}
		if got := slices.Collect(r.Schemas()); !slices.Equal(got, []string{uri}) {
			t.Errorf("schemas %v", got)
		}
		if _, _, err := schema.CheckCreate(r, nil); err != nil {
			t.Errorf("%s: %v", data, err)
		}
	}
	definitions := append(schema.DiscoveryDefinitions(), schema.UserDefinition(), schema.GroupDefinition())
	for _, d := range definitions {
		typ := d.MustCompile()
		check("ResourceType", schema.ResourceTypeURN, typ.AppendJSON(nil, "https://example.com/ResourceTypes/x"))
		for s := range typ.Schemas() {
			if s.ID == schema.SchemaURN {
				continue // it nests one level deeper than it says that schemas do
			}
			check("Schema", schema.SchemaURN, s.AppendJSON(nil, "https://example.com/Schemas/x"))
		}
	}
}

// rows say what RFC 7643 §5 to §7 demand of single attributes.
var rows = []struct{ id, typ, path, want string }{
	{"7643-5-03", "ServiceProviderConfig", "documentationUri", "reference"},
	{"7643-5-04", "ServiceProviderConfig", "patch.supported", "boolean required"},
	{"7643-5-05", "ServiceProviderConfig", "bulk.supported", "boolean required"},
	{"7643-5-05", "ServiceProviderConfig", "bulk.maxOperations", "integer required"},
	{"7643-5-05", "ServiceProviderConfig", "bulk.maxPayloadSize", "integer required"},
	{"7643-5-06", "ServiceProviderConfig", "filter.supported", "boolean required"},
	{"7643-5-06", "ServiceProviderConfig", "filter.maxResults", "integer required"},
	{"7643-5-07", "ServiceProviderConfig", "changePassword.supported", "boolean required"},
	{"7643-5-08", "ServiceProviderConfig", "sort.supported", "boolean required"},
	{"7643-5-09", "ServiceProviderConfig", "etag.supported", "boolean required"},
	{"7643-5-10", "ServiceProviderConfig", "authenticationSchemes", "complex required"},
	{"7643-5-10", "ServiceProviderConfig", "authenticationSchemes.type", "string required"},
	{"7643-5-10", "ServiceProviderConfig", "authenticationSchemes.name", "string required"},
	{"7643-5-10", "ServiceProviderConfig", "authenticationSchemes.description", "string required"},
	{"7643-5-12", "ServiceProviderConfig", "authenticationSchemes.specUri", "reference"},
	{"7643-5-12", "ServiceProviderConfig", "authenticationSchemes.documentationUri", "reference"},
	{"7643-6-02", "ResourceType", "schemaExtensions.required", "boolean required"},
	{"7643-6-04", "ResourceType", "name", "string required"},
	{"7643-6-05", "ResourceType", "description", "string"},
	{"7643-6-06", "ResourceType", "endpoint", "reference required"},
	{"7643-6-07", "ResourceType", "schema", "reference required"},
	{"7643-6-08", "ResourceType", "schemaExtensions.schema", "reference required"},
	{"7643-7-03", "Schema", "attributes", "complex required"},
	{"7643-7-05", "Schema", "attributes.subAttributes.name", "string required"},
	{"7643-7-07", "Schema", "name", "string required"},
	{"7643-7-08", "Schema", "description", "string"},
	{"7643-7-12", "Schema", "attributes.description", "string"},
}

func TestDiscoverySchemas(t *testing.T) {
	types := discoveryTypes(t)
	for _, row := range rows {
		t.Run(row.id, func(t *testing.T) {
			p, err := types[row.typ].Path(row.path)
			if err != nil {
				t.Fatal(err)
			}
			got := string(p.Type())
			if p.Required() {
				got += " required"
			}
			if got != row.want || p.Mutability() != schema.ReadOnly || p.Returned() != schema.ReturnedDefault {
				t.Errorf("%s is %s %s %s, want %s", p, got, p.Mutability(), p.Returned(), row.want)
			}
		})
	}
}

// The schemas of §8.7.2 are fixed and describe what no client can change.
func TestDiscoveryIsReadOnly(t *testing.T) {
	for _, row := range []struct{ id, typ, urn string }{
		{"7643-5-01", "ServiceProviderConfig", schema.ServiceProviderConfigURN},
		{"7643-5-02", "ServiceProviderConfig", schema.ServiceProviderConfigURN},
		{"7643-6-01", "ResourceType", schema.ResourceTypeURN},
		{"7643-7-02", "Schema", schema.SchemaURN},
		{"7643-8.7-02", "Schema", schema.SchemaURN},
	} {
		t.Run(row.id, func(t *testing.T) {
			typ := discoveryTypes(t)[row.typ]
			if typ.Schema().ID != row.urn {
				t.Errorf("the schema is %s", typ.Schema().ID)
			}
			for p := range typ.AllPaths() {
				if !p.IsCommon() && p.Mutability() != schema.ReadOnly {
					t.Errorf("%s is %s", p, p.Mutability())
				}
			}
		})
	}
}

func TestAuthenticationSchemeTypes(t *testing.T) {
	const id = "7643-5-11"
	p := discoveryTypes(t)["ServiceProviderConfig"].MustPath("authenticationSchemes.type")
	want := []string{"oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"}
	if got := p.Attribute().CanonicalValues; !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", id, got, want)
	}
}

// Discovery types cannot be mounted as types of the host.
func TestDiscoveryEndpointsAreReserved(t *testing.T) {
	for _, typ := range discoveryTypes(t) {
		if _, err := schema.NewRegistry(typ); err == nil || !strings.Contains(err.Error(), "is reserved") {
			t.Errorf("%s: error %v", typ.Name(), err)
		}
	}
}
