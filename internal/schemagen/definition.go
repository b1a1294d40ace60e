package schemagen

import (
	"strconv"

	"github.com/muster-scim/muster/schema"
	"pgregory.net/rapid"
)

// Type generates resource types.
func Type() *rapid.Generator[*schema.ResourceType] {
	return rapid.Map(Definition(), schema.Definition.MustCompile)
}

// Definition generates definitions that compile: a base schema with one to six
// attributes, and up to two extensions.
func Definition() *rapid.Generator[schema.Definition] {
	return rapid.Custom(func(t *rapid.T) schema.Definition {
		d := schema.Definition{Name: "Thing", Endpoint: "/Things", Schema: drawSchema(t, "urn:example:scim:2.0:Thing")}
		for i := range rapid.IntRange(0, 2).Draw(t, "extensions") {
			uri := "urn:example:scim:extension:" + strconv.Itoa(i) + ":2.0:Thing"
			d.Extensions = append(d.Extensions, schema.Extension{Schema: drawSchema(t, uri)})
		}
		return d
	})
}

// Nested generates definitions whose extensions may have one inside of them.
func Nested() *rapid.Generator[schema.Definition] {
	return rapid.Custom(func(t *rapid.T) schema.Definition {
		d := Definition().Draw(t, "outer")
		for i := range d.Extensions {
			if e := &d.Extensions[i]; rapid.Bool().Draw(t, "nested") {
				e.Extensions = []schema.Extension{{Schema: drawSchema(t, e.Schema.ID+":inner")}}
			}
		}
		return d
	})
}

func drawSchema(t *rapid.T, uri string) *schema.Schema {
	s := &schema.Schema{ID: uri, Name: "Thing"}
	for i := range rapid.IntRange(1, 6).Draw(t, "attributes") {
		a := drawAttribute(t, rapid.SampledFrom(allTypes).Draw(t, "type"))
		a.Name = rapid.SampledFrom(attributeNames).Draw(t, "name") + strconv.Itoa(i)
		s.Attributes = append(s.Attributes, a)
	}
	return s
}

// The last type is complex, which needs sub-attributes.
var (
	allTypes = []schema.Type{
		schema.TypeString, schema.TypeBoolean, schema.TypeDecimal, schema.TypeInteger,
		schema.TypeDateTime, schema.TypeBinary, schema.TypeReference, schema.TypeComplex,
	}
	simpleTypes    = allTypes[:len(allTypes)-1]
	attributeNames = []string{"a", "Name", "x-", "y_", "$z", "displayName", "isActive"}
)

func drawAttribute(t *rapid.T, kind schema.Type) schema.Attribute {
	a := schema.Attribute{
		Type:        kind,
		MultiValued: rapid.Bool().Draw(t, "multiValued"),
		Mutability:  rapid.SampledFrom([]schema.Mutability{schema.ReadWrite, schema.ReadWrite, schema.ReadOnly, schema.Immutable, schema.WriteOnly}).Draw(t, "mutability"),
		Returned:    rapid.SampledFrom([]schema.Returned{schema.ReturnedDefault, schema.ReturnedDefault, schema.ReturnedAlways, schema.ReturnedRequest, schema.ReturnedNever}).Draw(t, "returned"),
	}
	if a.Mutability == schema.WriteOnly {
		a.Returned = schema.ReturnedNever
	}
	switch kind {
	case schema.TypeString:
		a.CaseExact = rapid.Bool().Draw(t, "caseExact")
		a.CanonicalValues = rapid.SampledFrom([][]string{nil, nil, {"work", "Home", "ä"}}).Draw(t, "canonicalValues")
		a.Uniqueness = rapid.SampledFrom([]schema.Uniqueness{schema.UniquenessNone, schema.UniquenessServer}).Draw(t, "uniqueness")
	case schema.TypeReference:
		a.ReferenceTypes = rapid.SampledFrom([][]string{{"external"}, {"uri"}, {"Thing"}, {"Thing", "Other"}}).Draw(t, "referenceTypes")
	case schema.TypeComplex:
		a.SubAttributes = drawSubAttributes(t)
	}
	return a
}

// predefined are the sub-attributes of RFC 7643 §2.4.
var predefined = []schema.Attribute{
	{Name: "value"},
	{Name: "value", CaseExact: true},
	{Name: "display"},
	{Name: "type", CanonicalValues: []string{"Thing", "Other"}},
	{Name: "primary", Type: schema.TypeBoolean},
	{Name: "$ref", Type: schema.TypeReference, ReferenceTypes: []string{"Thing"}},
}

func drawSubAttributes(t *rapid.T) []schema.Attribute {
	subs := rapid.SliceOfNDistinct(rapid.SampledFrom(predefined), 0, 3, func(a schema.Attribute) string { return a.Name }).Draw(t, "predefined")
	for i := range rapid.IntRange(1, 3).Draw(t, "subAttributes") {
		a := drawAttribute(t, rapid.SampledFrom(simpleTypes).Draw(t, "subType"))
		a.Name = "sub" + strconv.Itoa(i)
		subs = append(subs, a)
	}
	return subs
}

// NestedType generates resource types whose extensions may have one inside of
// them.
func NestedType() *rapid.Generator[*schema.ResourceType] {
	return rapid.Map(Nested(), schema.Definition.MustCompile)
}
