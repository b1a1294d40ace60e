package schema_test

import (
	"errors"
	"fmt"

	"github.com/muster-scim/muster/schema"
)

// Reading what a client sends: names in any case, and one of the deviations
// that identity providers are known for.
func ExampleResourceType_Decode() {
	user := schema.UserDefinition().MustCompile()
	r, report, err := user.Decode([]byte(`{
		"schemas":  ["urn:ietf:params:scim:schemas:core:2.0:User"],
		"USERNAME": "bjensen",
		"active":   "True",
		"emails":   [{"value": "bjensen@example.com", "type": "work"}],
		"shoeSize": 38
	}`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Get(user.MustPath("userName")), r.Get(user.MustPath("emails.value")), r.Get(user.MustPath("active")).Bool())
	for _, w := range report.Rewrites {
		fmt.Println("tolerated:", w.Tolerance, "at", w.Path)
	}
	fmt.Println("ignored:", report.Ignored)
	// Output:
	// bjensen [bjensen@example.com] true
	// tolerated: boolean-text at active
	// ignored: [shoeSize]
}

// Every problem of a body is reported at once.
func ExampleValidationError() {
	user := schema.UserDefinition().MustCompile()
	_, _, err := user.Decode([]byte(`{"userName": 7, "active": "perhaps", "emails": [{"value": []}, {"value": {}}]}`),
		&schema.DecodeOptions{Off: schema.SetOf(schema.NumberText)})
	var invalid *schema.ValidationError
	if errors.As(err, &invalid) {
		for _, p := range invalid.Problems {
			fmt.Printf("byte %d: %v\n", p.Offset, p)
		}
	}
	// Output:
	// byte 13: userName: wants a string, not a number
	// byte 26: active: wants true or false, not a string
	// byte 73: emails[1].value: wants a string, not an object
}

// Writing what a client sees: the attributes it asked for, with the URLs of the
// resource itself and of what it refers to.
func ExampleResource_AppendJSON() {
	group := schema.GroupDefinition().MustCompile()
	r, err := group.DecodeStored([]byte(`{"id": "7", "displayName": "Tour Guides", "members": [{"value": "26", "type": "User"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	projection, err := group.NewProjection([]string{"members"}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := r.AppendJSON(nil, &schema.Encoding{
		Projection: projection,
		Location: func(resourceType string, id schema.ID) string {
			return "https://example.com/" + resourceType + "s/" + string(id)
		},
	})
	fmt.Println(string(out), err)
	// Output:
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"7","members":[{"value":"26","$ref":"https://example.com/Users/26","type":"User"}]} <nil>
}

// What a client may write is checked next to what is there.
func ExampleCheckReplace() {
	group := schema.GroupDefinition().MustCompile()
	old, _, _ := group.Decode([]byte(`{"displayName": "Tour Guides", "members": [{"value": "1", "type": "User"}]}`), nil)
	put, _, _ := group.Decode([]byte(`{"members": [{"value": "1", "type": "Group"}]}`), nil)
	_, _, err := schema.CheckReplace(old, schema.Replacement(old, put, nil), nil)
	fmt.Println(err)
	// Output: displayName: is required; members[0].type: is immutable and has a value already
}

// Keys are what a store keeps unique, in the form in which they are compared.
func ExampleResource_Keys() {
	user := schema.UserDefinition().MustCompile()
	r, _, _ := user.Decode([]byte(`{"userName": "BJensen"}`), nil)
	for _, k := range r.Keys() {
		fmt.Println(k.Path, k.Text)
	}
	// Output: userName bjensen
}

// Long lists share what they have in common, so adding to one is cheap.
func ExampleValue_Append() {
	group := schema.GroupDefinition().MustCompile()
	members, value := group.MustPath("members"), group.MustPath("members.value")
	before := schema.List(schema.Complex(schema.Field{Path: value, Value: schema.String("1")}))
	after := before.Append(schema.Complex(schema.Field{Path: value, Value: schema.String("2")}))
	fmt.Println(before.Len(), after.Len(), after.IndexOfElement(members, "2"))
	after = after.Without(func(_ int, e schema.Value) bool { return e.Get(value).Text() == "1" })
	fmt.Println(after.Len(), after.IndexOfElement(members, "2"))
	// Output:
	// 1 2 1
	// 1 0
}

// A resource may be taken apart without knowing its schema.
func ExampleResource_Map() {
	user := schema.UserDefinition().MustCompile()
	r, _, _ := user.Decode([]byte(`{"userName": "bjensen", "name": {"givenName": "Barbara"}}`), nil)
	m := r.Map()
	fmt.Println(m["userName"], m["name"].(map[string]any)["givenName"])
	// Output: bjensen Barbara
}
