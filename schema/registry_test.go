package schema

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func newRegistry(t *testing.T, definitions ...Definition) (*Registry, error) {
	t.Helper()
	var types []*ResourceType
	for _, d := range definitions {
		types = append(types, d.MustCompile())
	}
	return NewRegistry(types...)
}

func TestRegistryFinds(t *testing.T) {
	r, err := newRegistry(t, UserDefinition(), GroupDefinition())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"User", "user", "USER"} {
		if typ, ok := r.ByName(name); !ok || typ.Name() != "User" {
			t.Errorf("ByName(%q) = %v, %v", name, typ, ok)
		}
	}
	for _, endpoint := range []string{"/Groups", "Groups", "/groups"} {
		if typ, ok := r.ByEndpoint(endpoint); !ok || typ.Name() != "Group" {
			t.Errorf("ByEndpoint(%q) = %v, %v", endpoint, typ, ok)
		}
	}
	if _, ok := r.ByName("Users"); ok {
		t.Error("found a type by a name it does not have")
	}
	if s, ok := r.Schema(strings.ToUpper(EnterpriseUserURN)); !ok || s.ID != EnterpriseUserURN {
		t.Errorf("Schema = %v, %v", s, ok)
	}
	var uris []string
	for s := range r.Schemas() {
		uris = append(uris, s.ID)
	}
	if want := []string{UserURN, EnterpriseUserURN, GroupURN}; !slices.Equal(uris, want) {
		t.Errorf("7643-7-01: Schemas() = %v, want %v", uris, want)
	}
	if n := len(slices.Collect(r.Types())); n != 2 {
		t.Errorf("%d types", n)
	}
}

func TestRegistryIsImmutable(t *testing.T) {
	types := []*ResourceType{UserDefinition().MustCompile()}
	r, err := NewRegistry(types...)
	if err != nil {
		t.Fatal(err)
	}
	types[0] = nil
	for typ := range r.Types() {
		if typ == nil {
			t.Error("a change of the argument reaches the registry")
		}
	}
}

func TestRegistrySharesEqualSchemas(t *testing.T) {
	person := GroupDefinition()
	person.Name, person.Endpoint = "Team", "/Teams"
	r, err := newRegistry(t, GroupDefinition(), person)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(slices.Collect(r.Schemas())); n != 1 {
		t.Errorf("%d schemas, want 1", n)
	}
}

func TestRegistryClashes(t *testing.T) {
	changed := GroupDefinition()
	changed.Name, changed.ID, changed.Endpoint = "GROUP", "user", "/users"
	changed.Schema.Attributes[1].Description += "!"
	reserved := GroupDefinition()
	reserved.Name, reserved.Endpoint = "Self", "/me"
	_, err := newRegistry(t, UserDefinition(), GroupDefinition(), changed, reserved)
	var de *DefinitionError
	if !errors.As(err, &de) || !errors.Is(err, ErrDefinition) {
		t.Fatalf("error %v", err)
	}
	want := []string{
		`/resourceTypes/2/name: "GROUP" is taken by the resource type Group`,
		`/resourceTypes/2/endpoint: "users" is taken by the resource type User`,
		`/resourceTypes/2/id: "user" is taken by the resource type User`,
		`/resourceTypes/2: uses another schema under the URI ` + GroupURN + ` than the types before it`,
		`/resourceTypes/3/endpoint: /me is reserved by RFC 7644 §3.2`,
	}
	var got []string
	for _, p := range de.Problems {
		got = append(got, p.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("7643-6-04 7643-6-06: got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	first, second, third := GroupDefinition(), GroupDefinition(), GroupDefinition()
	first.Name, second.Name, third.Name = "A", "B", "C"
	if _, err := newRegistry(t, first, second, third); !errors.As(err, &de) || len(de.Problems) != 2 || de.Problems[1].String() != `/resourceTypes/2/endpoint: "Groups" is taken by the resource type A` {
		t.Errorf("three at one endpoint: %v", err)
	}
	if _, err := NewRegistry(nil); err == nil {
		t.Error("a nil type is accepted")
	}
}
