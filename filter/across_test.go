package filter_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

func TestParseAcross(t *testing.T) {
	types := []*schema.ResourceType{user, group}
	tests := []struct{ name, text, user, group string }{ // "-" is a type without matches
		{"7644-3.4.2.1-05 common attribute", `displayName eq "x"`, `displayName eq "x"`, `displayName eq "x"`},
		{"AMB-08 one type lacks it", `userName eq "x"`, `userName eq "x"`, `-`},
		{"AMB-08 each has one", `userName eq "x" or members.value eq "y"`, `userName eq "x"`, `members.value eq "y"`},
		{"AMB-08 and", `userName eq "x" and id pr`, `userName eq "x" and id pr`, `-`},
		{"AMB-08 not", `not (userName eq "x") and id pr`, `userName ne "x" and id pr`, `id pr`},
		{"AMB-08 ne", `userName ne "x"`, `userName ne "x"`, ``},
		{"AMB-08 null", `userName eq null or id pr`, `not (userName pr) or id pr`, ``},
		{"AMB-08 not of ne", `not (userName ne "x")`, `userName eq "x"`, `-`},
		{"value filter", `emails[type eq "w" or value pr] or displayName pr`, `emails[type eq "w" or value pr] or displayName pr`, `displayName pr`},
		{"selection", `emails[type eq "w"].value eq "x" or id pr`, `emails[type eq "w" and value eq "x"] or id pr`, `id pr`},
		{"negated selection", `emails[type eq "w"].value ne "x" and id pr`, `not (emails[type eq "w" and value eq "x"]) and id pr`, `id pr`},
		{"extension", enterpriseURN + `:department eq "x"`, enterpriseURN + `:department eq "x"`, `-`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := filter.ParseAcross(types, tt.text, &filter.Options{Off: schema.SetOf(schema.BareExtensionName)})
			if err != nil {
				t.Fatal(err)
			}
			got := map[*schema.ResourceType]string{user: "-", group: "-"}
			for rt, f := range a.Filters() {
				got[rt] = f.String()
				if f.Type() != rt || a.For(rt) != f {
					t.Errorf("filter of %s", f.Type().Name())
				}
			}
			if got[user] != tt.user || got[group] != tt.group {
				t.Errorf("got %q and %q", got[user], got[group])
			}
		})
	}
}

func TestAcrossMatch(t *testing.T) {
	types := []*schema.ResourceType{user, group}
	a, err := filter.ParseAcross(types, `userName eq "x" or displayName eq "Tour Guides" or members[type eq "Group"]`, nil)
	if err != nil {
		t.Fatal(err)
	}
	u := build(t, user, map[string]schema.Value{"userName": str("X")})
	g := build(t, group, map[string]schema.Value{"displayName": str("tour guides")})
	other := schema.GroupDefinition().MustCompile()
	if !a.Match(u) || !a.Match(g) || a.Match(group.New().Resource()) || a.Match(other.New().Resource()) || a.Match(nil) {
		t.Error("wrong matches")
	}
	for range a.Filters() {
		break // stopping early must not panic
	}
	if a.For(other) != nil {
		t.Error("a filter for a type that was not asked for")
	}
}

// What a type lacks leaves nothing behind that a translator would have to see.
func TestAcrossIsInNormalForm(t *testing.T) {
	thing := func(name, sub string) *schema.ResourceType {
		return schema.Definition{Name: name, Endpoint: "/" + name, Schema: &schema.Schema{ID: "urn:example:" + name, Name: name,
			Attributes: []schema.Attribute{{Name: "items", Type: schema.TypeComplex, MultiValued: true,
				SubAttributes: []schema.Attribute{{Name: "value"}, {Name: sub}}}}}}.MustCompile()
	}
	a, b := thing("A", "a"), thing("B", "b")
	tests := []struct{ name, text, want string }{
		{"one term of an and is left", `items.a ne "x" and id pr`, `*filter.Present id pr`},
		{"one term of an or is left", `items.a eq "x" or id pr`, `*filter.Present id pr`},
		{"no element fulfils the brackets", `items[a eq "x"]`, `*filter.Or `},
		{"every element fulfils the brackets", `items[a ne "x"]`, `*filter.Present items pr`},
		{"not true", `not (items.a ne "x")`, `*filter.Or `},
		{"not false", `not (items.a eq "x")`, `*filter.And `},
	}
	for _, tt := range tests {
		across, err := filter.ParseAcross([]*schema.ResourceType{a, b}, tt.text, nil)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		} else if e := across.For(b).Expr(); fmt.Sprintf("%T %s", e, e) != tt.want {
			t.Errorf("%s: got %T %s", tt.name, e, e)
		}
	}
}

// "members[…] ne": what is false for lack of an attribute may be negated.
func TestAcrossTrueForAType(t *testing.T) {
	a, err := filter.ParseAcross([]*schema.ResourceType{user, group}, `not (userName eq "x")`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Match(group.New().Resource()) || !a.Match(user.New().Resource()) {
		t.Error("a resource without the attribute does not match")
	}
}

func TestParseAcrossErrors(t *testing.T) {
	types := []*schema.ResourceType{user, group}
	for _, tt := range []struct{ name, text, want string }{
		{"AMB-08 unknown to all", `id pr or nope eq "x"`, `"nope"`},
		{"unknown sub-attribute of the only type", `emails[nope pr] or id pr`, `"nope"`},
		{"known here, its sub-attribute there", `members[userName pr]`, `"userName"`},
		{"wrong operand for all", `displayName gt true`, "found true"},
		{"wrong operand for the only type", `active eq 1`, "found a number"},
		{"known here, complex there", `name eq "x"`, "a complex attribute cannot be compared"},
		{"syntax", `id pr and`, "the end"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := filter.ParseAcross(types, tt.text, nil)
			if a != nil || !errors.Is(err, filter.ErrFilter) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v", a, err)
			}
			if _, reversed := filter.ParseAcross([]*schema.ResourceType{group, user}, tt.text, nil); !strings.Contains(reversed.Error(), tt.want) {
				t.Errorf("in another order of types: %v", reversed)
			}
		})
	}
	_, first := filter.ParseAcross(types, `nope pr`, nil)
	_, reversed := filter.ParseAcross([]*schema.ResourceType{group, user}, `nope pr`, nil)
	if !strings.Contains(first.Error(), "of User") || !strings.Contains(reversed.Error(), "of Group") {
		t.Errorf("the first type does not speak for all: %v; %v", first, reversed)
	}
	if _, err := filter.ParseAcross(types, ` id pr`, &filter.Options{Off: schema.Strict}); !errors.Is(err, filter.ErrFilter) {
		t.Errorf("strict: %v", err)
	}
}
