package coretypes_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/schema/coretypes"
)

// plain is what a schema says, without descriptions and listed common
// attributes.
func plain(t *testing.T, s *schema.Schema) any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(s.AppendJSON(nil, ""), &v); err != nil {
		t.Fatal(err)
	}
	delete(v, "description")
	v["attributes"] = plainAttributes(v["attributes"].([]any))
	return v
}

func plainAttributes(list []any) map[string]any {
	attrs := map[string]any{}
	for _, e := range list {
		a := e.(map[string]any)
		name := a["name"].(string)
		if name == "schemas" {
			continue
		}
		delete(a, "description")
		if subs, ok := a["subAttributes"].([]any); ok {
			a["subAttributes"] = plainAttributes(subs)
		}
		attrs[name] = a
	}
	return attrs
}

func TestSchemasEqualTheDocuments(t *testing.T) {
	for _, pair := range []struct{ got, want *schema.Schema }{
		{schema.MustFor[coretypes.User](schema.UserURN), schema.UserSchema()},
		{schema.MustFor[coretypes.Group](schema.GroupURN), schema.GroupSchema()},
		{schema.MustFor[coretypes.EnterpriseUser](schema.EnterpriseUserURN), schema.EnterpriseUserSchema()},
	} {
		if got, want := plain(t, pair.got), plain(t, pair.want); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %v\nwant %v", pair.want.ID, got, want)
		}
	}
}

const full = `{
	"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
	"id": "2819c223", "externalId": "701984", "userName": "bjensen@example.com",
	"meta": {"resourceType": "User", "created": "2010-01-23T04:56:22Z", "lastModified": "2011-05-13T04:42:34.5Z", "version": "W/\"a\"", "location": "https://example.com/v2/Users/2819c223"},
	"name": {"formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen", "honorificSuffix": "III"},
	"profileUrl": "https://login.example.com/bjensen", "active": false, "password": "t1meMa$heen",
	"emails": [{"value": "bjensen@example.com", "type": "work", "primary": true}, {"value": "babs@jensen.org", "display": "B"}],
	"addresses": [{"country": "US", "type": "work"}],
	"groups": [{"value": "e9e30dba", "$ref": "../Groups/e9e30dba", "display": "Tour Guides", "type": "direct"}],
	"x509Certificates": [{"value": "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAw"}],
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "701984", "manager": {"value": "26118915", "$ref": "../Users/26118915", "displayName": "John Smith"}}
}`

// A full user passes through the struct unchanged.
func TestUserRoundTrip(t *testing.T) {
	typ := schema.UserDefinition().MustCompile()
	r, _, err := typ.Decode([]byte(full), &schema.DecodeOptions{KeepReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	u, err := schema.As[coretypes.User](r)
	if err != nil {
		t.Fatal(err)
	}
	if u.ID != "2819c223" || u.Name.FamilyName != "Jensen" || *u.Active || !u.Emails[0].Primary || u.Enterprise.Manager.Value != "26118915" || u.Meta.LastModified.Nanosecond() != 5e8 {
		t.Errorf("%+v", u)
	}
	again, err := schema.FromStruct(typ, u)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Equal(r) {
		t.Errorf("got  %s\nwant %s", encode(t, again), encode(t, r))
	}
}

func encode(t *testing.T, r *schema.Resource) []byte {
	t.Helper()
	data, err := r.AppendJSON(nil, &schema.Encoding{All: true})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func ExampleUser() {
	typ := schema.UserDefinition().MustCompile()
	r, err := schema.FromStruct(typ, coretypes.User{
		UserName: "bjensen",
		Emails:   []coretypes.Email{{Value: "bjensen@example.com", Type: "work", Primary: true}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	u, err := schema.As[coretypes.User](r)
	fmt.Println(u.UserName, u.Emails[0].Value, err)
	// Output: bjensen bjensen@example.com <nil>
}
