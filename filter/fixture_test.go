package filter_test

import (
	"strings"
	"testing"
	"time"

	"github.com/muster-scim/muster/schema"
)

const (
	userURN       = schema.UserURN
	enterpriseURN = schema.EnterpriseUserURN
	testURN       = "urn:example:params:scim:schemas:extension:my-test.x:1.0:User"
)

// user is the core User with the enterprise extension and one more, which has
// an attribute of every type.
var user = schema.UserDefinition(schema.Extension{Schema: &schema.Schema{
	ID: testURN, Name: "Test",
	Attributes: []schema.Attribute{
		{Name: "exact", CaseExact: true},
		{Name: "tags", MultiValued: true},
		{Name: "numbers", Type: schema.TypeInteger, MultiValued: true},
		{Name: "weight", Type: schema.TypeDecimal},
		{Name: "count", Type: schema.TypeInteger},
		{Name: "seen", Type: schema.TypeDateTime},
		{Name: "blob", Type: schema.TypeBinary, CaseExact: true},
		{Name: "secret", Returned: schema.ReturnedNever},
		{Name: "pin", Mutability: schema.WriteOnly, Returned: schema.ReturnedNever},
		{Name: "vault", Type: schema.TypeComplex, Returned: schema.ReturnedNever, SubAttributes: []schema.Attribute{{Name: "value"}}},
		{Name: "keys", Type: schema.TypeComplex, MultiValued: true, SubAttributes: []schema.Attribute{
			{Name: "value"}, {Name: "secret", Returned: schema.ReturnedNever}, {Name: "labels", MultiValued: true},
		}},
		{Name: "noValue", Type: schema.TypeComplex, MultiValued: true, SubAttributes: []schema.Attribute{{Name: "a"}, {Name: "b"}}},
	},
}}).MustCompile()

var group = schema.GroupDefinition().MustCompile()

// build makes a resource of type t from values by path.
func build(t testing.TB, rt *schema.ResourceType, values map[string]schema.Value) *schema.Resource {
	t.Helper()
	b := rt.New()
	for path, v := range values {
		if path == "id" {
			b.SetID(schema.ID(v.Text()))
			continue
		}
		if err := b.Set(rt.MustPath(path), v); err != nil {
			t.Fatal(err)
		}
	}
	return b.Resource()
}

// element makes a complex value of the attribute at path.
func element(rt *schema.ResourceType, path string, values map[string]schema.Value) schema.Value {
	var fields []schema.Field
	parent := rt.MustPath(path)
	for name, v := range values {
		p, _ := parent.Sub(name)
		fields = append(fields, schema.Field{Path: p, Value: v})
	}
	return schema.Complex(fields...)
}

// longText is longer than what is folded without allocating.
var longText = strings.Repeat("Long ", 100)

func str(s string) schema.Value { return schema.String(s) }

func scalar(t testing.TB, kind schema.Kind, text string) schema.Value {
	t.Helper()
	v, ok := schema.ParseValue(kind, text)
	if !ok {
		t.Fatalf("%q is not of kind %s", text, kind)
	}
	return v
}

// barbara is a user with something in every kind of attribute.
func barbara(t testing.TB) *schema.Resource {
	t.Helper()
	email := func(value, typ string, primary bool) schema.Value {
		fields := map[string]schema.Value{"value": str(value), "primary": schema.Bool(primary)}
		if typ != "" {
			fields["type"] = str(typ)
		}
		return element(user, "emails", fields)
	}
	r := build(t, user, map[string]schema.Value{
		"id":              str("2819c223"),
		"externalId":      str("bJensen"),
		"userName":        str("BJensen@Example.com"),
		"name.familyName": str("Straße Ö'Malley"),
		"name.givenName":  str(""),
		"active":          schema.Bool(true),
		"title":           str("Tour Guide"),
		"userType":        str("Employee"),
		"displayName":     str(longText + "End"),
		"profileUrl":      schema.Reference("https://example.com/BJ"),
		"emails": schema.List(email("bjensen@example.com", "work", true), email("babs@jensen.org", "home", false),
			email("x@y.z", "", false)),
		enterpriseURN + ":department": str("Tours"),
		enterpriseURN + ":manager":    element(user, enterpriseURN+":manager", map[string]schema.Value{"value": str("26118915")}),
		testURN + ":exact":            str("CaseX"),
		testURN + ":tags":             schema.List(str("Red"), str("blue")),
		testURN + ":numbers":          schema.List(schema.Int(1), schema.Int(5)),
		testURN + ":weight":           scalar(t, schema.KindDecimal, "72.50"),
		testURN + ":count":            scalar(t, schema.KindInteger, "9007199254740993"),
		testURN + ":seen":             scalar(t, schema.KindDateTime, "2011-05-13T06:42:34+02:00"),
		testURN + ":blob":             scalar(t, schema.KindBinary, "-_8="),
		testURN + ":secret":           str("hunter2"),
		testURN + ":keys": schema.List(element(user, testURN+":keys", map[string]schema.Value{
			"value": str("k1"), "labels": schema.List(str("l1"), str("l2"))})),
	})
	b := r.Edit()
	day := time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC)
	b.SetMeta(day, day.Add(time.Hour), `W/"1"`)
	return b.Resource()
}
