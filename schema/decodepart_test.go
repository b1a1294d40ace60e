package schema

import (
	"errors"
	"slices"
	"testing"
)

func TestDecodeValue(t *testing.T) {
	user, group := UserDefinition().MustCompile(), GroupDefinition().MustCompile()
	for _, c := range []struct {
		name     string
		path     Path
		json     string
		want     string // as JSON; "" for an error
		problems string
		rewrites []Rewrite
	}{
		{"string", user.MustPath("title"), `"a"`, `"a"`, "", nil},
		{"A3 empty string", user.MustPath("title"), `""`, `null`, "", []Rewrite{{EmptyText, "title"}}},
		{"A3 empty string for a required attribute", user.MustPath("userName"), `""`, "", "userName: must not be empty", nil},
		{"AMB-45 null", user.MustPath("emails"), `null`, `null`, "", nil},
		{"AMB-45 empty list", user.MustPath("emails"), ` [ ] `, `null`, "", nil},
		{"list", user.MustPath("emails"), `[{"value":"a"},{"Value":"b"}]`, `[{"value":"a"},{"value":"b"}]`, "", nil},
		{"C5 object for a list", user.MustPath("emails"), `{"value":"a"}`, `[{"value":"a"}]`, "", []Rewrite{{ArrayMissing, "emails"}}},
		{"entra-052 member as a text", group.MustPath("members"), `["a"]`, `[{"value":"a"}]`, "", []Rewrite{{BareComplex, "members"}}},
		{"sub-attribute of a list", user.MustPath("emails.value"), `"a"`, `"a"`, "", nil},
		{"C2 sub-attribute", user.MustPath("emails.primary"), `"True"`, `true`, "", []Rewrite{{BooleanText, "emails.primary"}}},
		{"extension", user.MustPath(EnterpriseUserURN), `{"department":"d"}`, `{"department":"d"}`, "", nil},
		{"C4 manager", user.MustPath(EnterpriseUserURN + ":manager"), `"26"`, `{"value":"26"}`, "", []Rewrite{{BareComplex, EnterpriseUserURN + ":manager"}}},
		{"readOnly path, for the caller to refuse", user.MustPath("groups"), `[{"value":"g","display":"G"}]`, `[{"value":"g","display":"G"}]`, "", nil},
		{"wrong type", user.MustPath("active"), `{}`, "", "active: wants true or false, not an object", nil},
		{"wrong type deep inside", user.MustPath(EnterpriseUserURN + ":manager"), `{"value":[1,2]}`, "", EnterpriseUserURN + ":manager.value: wants one value, not several", nil},
		{"not JSON", user.MustPath("title"), `"a`, "", "title: the JSON text ends too early", nil},
		{"two values", user.MustPath("title"), `"a" "b"`, "", "title: something follows the end of the JSON value", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, report, err := c.path.DecodeValue([]byte(c.json), nil)
			if errorText(err) != c.problems {
				t.Fatalf("error = %v, want %q", err, c.problems)
			}
			if err != nil {
				return
			}
			out, _ := c.path.AppendJSON(nil, v)
			if string(out) != c.want || !slices.Equal(report.Rewrites, c.rewrites) {
				t.Errorf("got %s, %v; want %s", out, report.Rewrites, c.want)
			}
		})
	}
}

func TestDecodeElement(t *testing.T) {
	group := GroupDefinition().MustCompile()
	members := group.MustPath("members")
	v, _, err := members.DecodeElement([]byte(`{"value":"a","type":"User"}`), nil)
	if err != nil || v.Kind() != KindComplex || v.Get(group.MustPath("members.value")).Text() != "a" {
		t.Errorf("got %v, %v", v, err)
	}
	if _, _, err := members.DecodeElement([]byte(`[{"value":"a"}]`), nil); errorText(err) != "members: wants an object, not an array" {
		t.Errorf("a list for an element: %v", err)
	}
	for _, p := range []Path{{}, group.SchemasPath()} {
		if _, _, err := p.DecodeValue([]byte(`"a"`), nil); !errors.Is(err, ErrValue) {
			t.Errorf("%q: %v", p, err)
		}
	}
}
