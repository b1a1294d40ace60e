package schema

import (
	"errors"
	"strings"
	"testing"
)

// TestRequirements covers the rules of RFC 7643 for values that no other test
// of this package is about. Each case is a body that is created; want is what
// a client then sees of it, problems why it is refused.
func TestRequirements(t *testing.T) {
	user, group := UserDefinition().MustCompile(), GroupDefinition().MustCompile()
	enterprise := func(data string) string { return `"userName":"a","` + EnterpriseUserURN + `":` + data }
	for _, c := range []struct {
		name           string
		typ            *ResourceType
		body           string // without braces
		want, problems string // want is the body where both are empty
	}{
		{"7643-1.1-01 quotation marks inside a value are part of it", user, `"userName":"\"a\""`, "", ""},
		{"7643-2.3.2-01 booleans", user, `"userName":"a","active":false,"emails":[{"value":"x","primary":true}]`, "", ""},
		{"7643-2.3.8-01 members in any order", user, `"name":{"givenName":"b","familyName":"c"},"userName":"a"`, `"userName":"a","name":{"familyName":"c","givenName":"b"}`, ""},
		{"7643-2.4-10 one value under two types", user, `"userName":"a","emails":[{"value":"x","type":"work"},{"value":"x","type":"home"}]`, "", ""},
		{"7643-2.4-09 7643-7-16 types are returned as they were sent", user, `"userName":"a","emails":[{"value":"X@y","type":"WORK"}]`, "", ""},
		{"7643-3-07 7643-3.1-12 common attributes need no URI", user, `"externalId":"e","userName":"a"`, "", ""},
		{"7643-3-09 7643-3.3-05 extension data in its container", user, enterprise(`{"department":"d"}`), "", ""},
		{"7643-3.3-05 extension data at the top is unknown", user, `"userName":"a","department":"d"`, `"userName":"a"`, ""},
		{"7643-3.3-02 AMB-21 a URI without data", user, `"schemas":["` + UserURN + `","` + EnterpriseUserURN + `"],"userName":"a"`, `"userName":"a"`, ""},
		{"7643-3-06 URIs in any order and case", user, `"schemas":["` + strings.ToUpper(EnterpriseUserURN) + `","` + UserURN + `"],` + enterprise(`{"division":"d"}`), enterprise(`{"division":"d"}`), ""},
		{"AMB-28 id and meta of the client are ignored", user, `"id":"x","meta":{"created":"nonsense"},"userName":"a"`, `"userName":"a"`, ""},
		{"7643-4.1.2-04 7643-4.1.2-08 7643-4.1.2-11 types beyond the listed ones", user,
			`"userName":"a","emails":[{"value":"x","type":"boat"}],"phoneNumbers":[{"value":"1","type":"satellite"}],"ims":[{"value":"1","type":"signal"}]`, "", ""},
		{"7643-4.1.2-16 7643-4.1.2-17 addresses", user, `"userName":"a","addresses":[{"formatted":"1 Street\nTown","streetAddress":"1\nStreet"},{"country":"US"}]`, "", ""},
		{"7643-4.1.2-13 7643-4.1.2-15 photos", user, `"userName":"a","photos":[{"value":"https://x/1","type":"photo"},{"value":"https://x/2","type":"thumbnail"}]`, "", ""},
		{"7643-4.1.2-27 roles and entitlements of any text", user, `"userName":"a","entitlements":[{"value":"e","type":"x"}],"roles":[{"value":"r"}]`, "", ""},
		{"7643-4.1.2-26 groups is readOnly", user, `"userName":"a","groups":[{"value":"g"}]`, `"userName":"a"`, ""},
		{"7643-4.3-02 7643-4.3-03 7643-4.3-05 enterprise data", user,
			enterprise(`{"employeeNumber":"1","costCenter":"2","organization":"3","division":"4","department":"5","manager":{"value":"26","displayName":"x"}}`),
			enterprise(`{"employeeNumber":"1","costCenter":"2","organization":"3","division":"4","department":"5","manager":{"value":"26"}}`), ""},
		{"7643-4.1.1-07 displayName is optional", user, `"userName":"a","displayName":"A"`, "", ""},
		{"7643-4.1.1-05 7643-4.1.1-06 name in part or whole", user, `"userName":"a","name":{"formatted":"A B"}`, "", ""},
		{"7643-4.1.1-15 active", user, `"userName":"a","active":true`, "", ""},
		{"7643-4.2-02 AMB-70 displayName of a group", group, `"members":[{"value":"1"}]`, "", "displayName: is required"},
		{"7643-4.2-05 members", group, `"displayName":"G","members":[{"value":"1","type":"User"},{"value":"2","type":"Group"}]`, "", ""},
		{"AMB-31 an object for a boolean", user, `"userName":"a","active":{}`, "", "active: wants true or false, not an object"},
		{"AMB-31 a text for a boolean", user, `"userName":"a","active":"1"`, "", "active: wants true or false, not a string"},
		{"7643-2.3.7-01 a number for a reference", user, `"userName":"a","profileUrl":1`, "", "profileUrl: wants a URI string, not a number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _, err := c.typ.Decode([]byte("{"+c.body+"}"), nil)
			if err == nil {
				r, _, err = CheckCreate(r, nil)
			}
			if errorText(err) != c.problems {
				t.Fatalf("error = %v, want %q", err, c.problems)
			}
			if err != nil {
				return
			}
			want := c.want
			if want == "" {
				want = c.body
			}
			if got := stored(t, r); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// strictCases are requests whose "schemas" break RFC 7643 §3, and what strict
// mode says.
var strictCases = map[string][2]string{
	"AMB-21 7643-3-01 no schemas":          {`{"userName":"a"}`, "schemas: must name " + UserURN},
	"7643-3-03 empty":                      {`{"schemas":[],"userName":"a"}`, "schemas: must name " + UserURN},
	"7643-3.3-01 only the extension":       {`{"schemas":["` + EnterpriseUserURN + `"],"userName":"a"}`, "schemas: must name " + UserURN},
	"7643-3-04 AMB-20 an unknown URI":      {`{"schemas":["` + UserURN + `","urn:x:y"],"userName":"a"}`, "schemas[1]: not a schema of User"},
	"7643-3-05 twice":                      {`{"schemas":["` + UserURN + `","` + UserURN + `"],"userName":"a"}`, "schemas[1]: names a schema twice"},
	"7643-3-02 not a URI":                  {`{"schemas":["` + UserURN + `",7],"userName":"a"}`, "schemas[1]: wants a URI string, not a number"},
	"7643-3-01 not a list":                 {`{"schemas":"` + UserURN + `","userName":"a"}`, "schemas: wants an array, not a string; schemas: must name " + UserURN},
	"AMB-21 extension data without a URI":  {`{"schemas":["` + UserURN + `"],"userName":"a","` + EnterpriseUserURN + `":{"department":"d"}}`, ""},
	"7643-3.3-02 extension without data":   {`{"schemas":["` + UserURN + `","` + EnterpriseUserURN + `"],"userName":"a"}`, ""},
	"7643-2.1-04 URIs in any letter case":  {`{"schemas":["URN:ietf:params:scim:schemas:CORE:2.0:User"],"userName":"a"}`, ""},
	"7643-3-06 the base schema comes last": {`{"schemas":["` + EnterpriseUserURN + `","` + UserURN + `"],"userName":"a"}`, ""},
}

func TestStrictSchemas(t *testing.T) {
	user := UserDefinition().MustCompile()
	for name, c := range strictCases {
		_, _, err := user.Decode([]byte(c[0]), &DecodeOptions{Off: Strict})
		if errorText(err) != c[1] {
			t.Errorf("%s: got %v, want %q", name, err, c[1])
		}
		if _, _, err := user.Decode([]byte(c[0]), nil); err != nil && !strings.Contains(name, "not a URI") {
			t.Errorf("C10 %s: %v", name, err)
		}
	}
}

// TestMutability covers how values of each mutability change over the life of a
// resource.
func TestMutability(t *testing.T) {
	typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
		{Name: "free"}, {Name: "fixed", Mutability: Immutable}, {Name: "given", Mutability: ReadOnly}, {Name: "secret", Mutability: WriteOnly},
	}}}.MustCompile()
	old := mustDecode(t, typ, `{"id":"1","free":"a","given":"g","secret":"s"}`)
	for _, c := range []struct{ name, old, body, want, problems string }{
		{"7643-7-18 readWrite changes", `"free":"a"`, `{"free":"b"}`, `"id":"1","free":"b","given":"g","secret":"s"`, ""},
		{"7643-7-21 writeOnly changes", `"free":"a"`, `{"secret":"t"}`, `"id":"1","given":"g","secret":"t"`, ""},
		{"7643-7-17 readOnly does not", `"free":"a"`, `{"given":"h"}`, `"id":"1","given":"g","secret":"s"`, ""},
		{"7643-7-19 immutable is set by a replacing request", `"free":"a"`, `{"fixed":"x"}`, `"id":"1","fixed":"x","given":"g","secret":"s"`, ""},
		{"7643-7-20 immutable keeps its value", `"fixed":"x"`, `{"fixed":"y"}`, "", "fixed: is immutable and has a value already"},
		{"immutable in another letter case is the same value", `"fixed":"x"`, `{"fixed":"X"}`, `"id":"1","fixed":"X","given":"g","secret":"s"`, ""},
		{"AMB-24 the id of the body is ignored", `"free":"a"`, `{"id":"2","free":"b"}`, `"id":"1","free":"b","given":"g","secret":"s"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			old := mustDecode(t, typ, `{"id":"1","given":"g","secret":"s",`+c.old+`}`)
			r, _, err := typ.Decode([]byte(c.body), nil)
			if err == nil {
				r, _, err = CheckReplace(old, Replacement(old, r, nil), nil)
			}
			if errorText(err) != c.problems {
				t.Fatalf("error = %v, want %q", err, c.problems)
			}
			if err == nil && stored(t, r) != c.want {
				t.Errorf("got  %s\nwant %s", stored(t, r), c.want)
			}
		})
	}
	if _, _, err := CheckReplace(old, Replacement(old, old, nil), nil); err != nil {
		t.Error("7643-7-18 nothing changes:", err)
	}
}

// TestPrimaryDefault covers 7643-2.4-05: a missing primary is false.
func TestPrimaryDefault(t *testing.T) {
	user := UserDefinition().MustCompile()
	emails := user.MustPath("emails")
	r := mustDecode(t, user, `{"emails":[{"value":"a","primary":false},{"value":"a"},{"value":"a","primary":true}]}`)
	list := r.Get(emails)
	if emails.Identity(list.At(0)) != emails.Identity(list.At(1)) || emails.Identity(list.At(1)) == emails.Identity(list.At(2)) {
		t.Error("7643-2.4-05: a missing primary is not the same as false")
	}
}

// TestIdentity covers AMB-35: which elements are the same value.
func TestIdentity(t *testing.T) {
	user, group := UserDefinition().MustCompile(), GroupDefinition().MustCompile()
	for _, c := range []struct {
		name, json string
		path       Path
		same       bool
	}{
		{"AMB-35 references by value", `[{"value":"1"},{"value":"1","display":"x"}]`, group.MustPath("members"), true},
		{"references are case exact", `[{"value":"a"},{"value":"A"}]`, group.MustPath("members"), false},
		{"references without a value by all", `[{"display":"a"},{"display":"b"}]`, group.MustPath("members"), false},
		{"7643-2.4-08 URIs that differ in the version", `[{"value":"1","$ref":"https://x/v1/Users/1"},{"value":"1","$ref":"https://x/v2/Users/1"}]`, group.MustPath("members"), true},
		{"AMB-35 other elements by all sub-attributes", `[{"value":"a","type":"work"},{"value":"a","type":"home"}]`, user.MustPath("emails"), false},
		{"in any letter case", `[{"value":"a","type":"work"},{"value":"A","type":"Work"}]`, user.MustPath("emails"), true},
		{"no two texts run together", `[{"value":"a","display":"bc"},{"value":"ab","display":"c"}]`, user.MustPath("emails"), false},
	} {
		v, _, err := c.path.DecodeValue([]byte(c.json), nil)
		if err != nil {
			t.Fatal(err)
		}
		if same := c.path.Identity(v.At(0)) == c.path.Identity(v.At(1)); same != c.same {
			t.Errorf("%s: same = %v", c.name, same)
		}
	}
}

// TestRequiredSubAttribute covers 7643-4.2-08.
func TestRequiredSubAttribute(t *testing.T) {
	def := GroupDefinition()
	members := &def.Schema.Attributes[1]
	members.SubAttributes[0].Required = true
	group := def.MustCompile()
	r := mustDecode(t, group, `{"displayName":"G","members":[{"value":"1"},{"type":"User"}]}`)
	_, _, err := CheckCreate(r, nil)
	if !errors.Is(err, ErrRequired) || err.Error() != "members[1].value: is required" {
		t.Errorf("7643-4.2-08: %v", err)
	}
}
