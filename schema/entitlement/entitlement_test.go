package entitlement_test

import (
	"fmt"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/schema/entitlement"
)

// TestReadOnly: nothing of a role can be written by a client.
func TestReadOnly(t *testing.T) {
	for _, d := range []schema.Definition{entitlement.RoleDefinition(), entitlement.EntitlementDefinition()} {
		typ, err := d.Compile()
		if err != nil {
			t.Fatal(err)
		}
		for p := range typ.AllPaths() {
			if !p.IsCommon() && p.Mutability() != schema.ReadOnly {
				t.Errorf("%s of %s is %s", p, d.Name, p.Mutability())
			}
		}
		r, report, err := typ.Decode([]byte(`{"value":"admin","display":"Administrator"}`), nil)
		if err != nil || !r.Get(typ.MustPath("value")).IsZero() || len(report.Ignored) != 2 {
			t.Errorf("a client has set %v, %+v, %v", r.Get(typ.MustPath("value")), report, err)
		}
	}
}

// A service fills its store with the roles that it knows.
func Example() {
	typ := entitlement.RoleDefinition().MustCompile()
	b := typ.New()
	if err := b.Set(typ.MustPath("value"), schema.String("admin")); err != nil {
		fmt.Println(err)
		return
	}
	data, err := b.Resource().AppendJSON(nil, nil)
	fmt.Println(string(data), err)
	// Output:
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Role"],"value":"admin"} <nil>
}
