package patch_test

import (
	"encoding/json"
	"strings"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

const extURN = "urn:example:ext:Thing"

// thing is a resource type with an attribute of every kind.
var thing = schema.Definition{
	Name: "Thing", Endpoint: "/Things",
	Schema: &schema.Schema{ID: "urn:example:Thing", Name: "Thing", Attributes: []schema.Attribute{
		{Name: "text"},
		{Name: "exact", CaseExact: true},
		{Name: "flag", Type: schema.TypeBoolean},
		{Name: "count", Type: schema.TypeInteger},
		{Name: "ratio", Type: schema.TypeDecimal},
		{Name: "when", Type: schema.TypeDateTime},
		{Name: "blob", Type: schema.TypeBinary},
		{Name: "link", Type: schema.TypeReference, ReferenceTypes: []string{"external"}},
		{Name: "must", Required: true},
		{Name: "fixed", Mutability: schema.Immutable},
		{Name: "calc", Mutability: schema.ReadOnly},
		{Name: "secret", Mutability: schema.WriteOnly, Returned: schema.ReturnedNever},
		{Name: "person", Type: schema.TypeComplex, SubAttributes: []schema.Attribute{
			{Name: "first"}, {Name: "last"}, {Name: "nick"}, {Name: "calc", Mutability: schema.ReadOnly}, {Name: "tags", MultiValued: true},
		}},
		{Name: "boss", Type: schema.TypeComplex, SubAttributes: []schema.Attribute{
			{Name: "value", CaseExact: true}, refAttribute(schema.ReadWrite), {Name: "displayName", Mutability: schema.ReadOnly},
		}},
		{Name: "words", MultiValued: true},
		{Name: "numbers", MultiValued: true, Type: schema.TypeInteger},
		{Name: "mails", Type: schema.TypeComplex, MultiValued: true, SubAttributes: listAttributes()},
		{Name: "places", Type: schema.TypeComplex, MultiValued: true, SubAttributes: []schema.Attribute{
			{Name: "street"}, {Name: "city"}, {Name: "type"}, {Name: "primary", Type: schema.TypeBoolean},
		}},
		{Name: "crew", Type: schema.TypeComplex, MultiValued: true, SubAttributes: crewAttributes(schema.Immutable)},
		{Name: "roster", Type: schema.TypeComplex, MultiValued: true, Mutability: schema.ReadOnly, SubAttributes: crewAttributes(schema.ReadOnly)},
		{Name: "needed", Type: schema.TypeComplex, MultiValued: true, Required: true, SubAttributes: listAttributes()},
	}},
	Extensions: []schema.Extension{{Schema: &schema.Schema{ID: extURN, Name: "Ext", Attributes: []schema.Attribute{
		{Name: "dept"},
		{Name: "level", Type: schema.TypeInteger},
		{Name: "chief", Type: schema.TypeComplex, SubAttributes: []schema.Attribute{{Name: "value", CaseExact: true}, refAttribute(schema.ReadWrite)}},
		{Name: "labels", MultiValued: true},
		{Name: "phones", Type: schema.TypeComplex, MultiValued: true, SubAttributes: listAttributes()},
	}}}},
}.MustCompile()

func listAttributes() []schema.Attribute {
	return []schema.Attribute{{Name: "value"}, {Name: "display", Mutability: schema.ReadWrite}, {Name: "type"}, {Name: "primary", Type: schema.TypeBoolean}}
}

func crewAttributes(m schema.Mutability) []schema.Attribute {
	return []schema.Attribute{{Name: "value", CaseExact: true, Mutability: m}, refAttribute(m), {Name: "type", Mutability: m}, {Name: "display", Mutability: m}}
}

func refAttribute(m schema.Mutability) schema.Attribute {
	return schema.Attribute{Name: "$ref", Type: schema.TypeReference, CaseExact: true, Mutability: m, ReferenceTypes: []string{"User"}}
}

// documents are what the cases of the table start from.
var documents = map[string]string{
	"full": `{
		"schemas": ["urn:example:Thing", "urn:example:ext:Thing"], "id": "1",
		"text": "old", "exact": "Old", "flag": false, "count": 1, "ratio": 1.5, "when": "2020-01-01T00:00:00Z", "blob": "b2xk",
		"link": "https://old.example", "must": "here", "fixed": "fixed", "calc": "calculated", "secret": "hidden",
		"person": {"first": "Ann", "last": "Lee", "nick": "al", "tags": ["a", "b"]},
		"boss": {"value": "b1", "$ref": "https://x/b1", "displayName": "Boss"},
		"words": ["alpha", "beta"], "numbers": [1, 2],
		"mails": [{"value": "w@x", "display": "w", "type": "work", "primary": true}, {"value": "h@x", "type": "home"}],
		"places": [{"city": "Cork", "type": "work"}, {"city": "Turku", "type": "home"}],
		"crew": [{"value": "u1", "$ref": "https://x/u1", "type": "User", "display": "One"}, {"value": "u2", "type": "User"}, {"value": "g1", "type": "Group"}],
		"roster": [{"value": "r1"}], "needed": [{"value": "n1"}],
		"urn:example:ext:Thing": {"dept": "Ops", "level": 3, "chief": {"value": "c1", "$ref": "https://x/c1"}, "labels": ["a"], "phones": [{"value": "1", "type": "mobile"}]}
	}`,
	"bare": `{"schemas": ["urn:example:Thing"], "id": "1", "must": "here", "needed": [{"value": "n1"}]}`,
}

// tester is what testing.T and rapid.T have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func mustJSON(t tester, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// decode reads a stored document.
func decode(t tester, typ *schema.ResourceType, document string) *schema.Resource {
	t.Helper()
	r, _, err := typ.Decode([]byte(document), &schema.DecodeOptions{KeepReadOnly: true, Unknown: schema.PreserveUnknown, Off: schema.Strict})
	if err != nil {
		t.Fatalf("document %s: %v", document, err)
	}
	return r
}

// encode writes a resource the way a store keeps it.
func encode(t tester, r *schema.Resource) string {
	t.Helper()
	text, err := r.AppendJSON(nil, &schema.Encoding{All: true})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// body makes a request body of operations in JSON.
func body(operations ...string) []byte {
	return []byte(`{"schemas":["` + patch.MessageURN + `"],"Operations":[` + strings.Join(operations, ",") + `]}`)
}
