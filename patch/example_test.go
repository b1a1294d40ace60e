package patch_test

import (
	"errors"
	"fmt"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// A service that keeps users as JSON applies what an identity provider sends.
func ExampleApplyJSON() {
	user := schema.UserDefinition().MustCompile()
	stored := []byte(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"7","userName":"bjensen","active":true}`)
	request := []byte(`{
		"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations": [
			{"op": "Replace", "path": "active", "value": "False"},
			{"op": "Add", "path": "emails[type eq \"work\"].value", "value": "b@example.com"}
		]
	}`)

	changed, err := patch.ApplyJSON(user, stored, request, nil)
	fmt.Println(string(changed), err)
	// Output:
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"7","userName":"bjensen","active":false,"emails":[{"value":"b@example.com","type":"work"}]} <nil>
}

// A store looks at the changes and writes two rows, whatever the group's size.
func ExampleChanges_Delta() {
	group := schema.GroupDefinition().MustCompile()
	members := group.MustPath("members")
	request, err := patch.Parse([]byte(`{
		"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations": [
			{"op": "remove", "path": "members[value eq \"u1\"]"},
			{"op": "add", "path": "members", "value": [{"value": "u2"}]}
		]
	}`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	changes, err := request.Compile(group, nil)
	if err != nil {
		fmt.Println(err)
		return
	}

	steps, ok := changes.Delta(members)
	fmt.Println(changes.Only(members), ok)
	for _, s := range steps {
		fmt.Println(s.Key, s.Removes())
	}
	// Output:
	// true true
	// u1 true
	// u2 false
}

// Tolerances that a request needed are reported; strict mode refuses them.
func ExampleChanges_Report() {
	user := schema.UserDefinition().MustCompile()
	body := []byte(`{
		"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations": [{"op": "Replace", "path": "active", "value": "True"}]
	}`)

	request, _ := patch.Parse(body, nil)
	changes, _ := request.Compile(user, nil)
	for _, r := range changes.Report().Rewrites {
		fmt.Println(r.Tolerance, r.Path)
	}

	_, err := patch.Parse(body, &patch.Options{Off: schema.Strict})
	fmt.Println(err, errors.Is(err, patch.InvalidSyntax))
	// Output:
	// operation-case Operations[0].op
	// boolean-text active
	// operation 0: op must be in lower case true
}

// Diff finds the request that a client would send.
func ExampleDiff() {
	user := schema.UserDefinition().MustCompile()
	before := user.New()
	_ = before.Set(user.MustPath("userName"), schema.String("bjensen"))
	after := before.Resource().Edit()
	_ = after.Set(user.MustPath("name.givenName"), schema.String("Barbara"))

	body, err := patch.Diff(before.Resource(), after.Resource()).MarshalJSON()
	fmt.Println(string(body), err)
	// Output:
	// {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"name.givenName","value":"Barbara"}]} <nil>
}
