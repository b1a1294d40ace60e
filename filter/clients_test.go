package filter_test

import (
	"slices"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// What identity providers are known to send is understood, with exactly the
// tolerances listed.
func TestClientFilters(t *testing.T) {
	tests := []struct {
		name       string
		rt         *schema.ResourceType
		text, want string
		tolerances []schema.Tolerance
	}{
		{"entra-001", user, `userName eq "9b1f6d0e-6a5c-4b7e-a8f2-1d2c3b4a5f60"`, `userName eq "9b1f6d0e-6a5c-4b7e-a8f2-1d2c3b4a5f60"`, nil},
		{"entra-006", group, `externalId eq "no-such-1"`, `externalId eq "no-such-1"`, nil},
		{"entra-007", user, `emails[type eq "work"].value eq "m@corp.example"`, `emails[type eq "work" and value eq "m@corp.example"]`,
			[]schema.Tolerance{schema.FilterSelection}},
		{"entra-020", user, `id eq "X" and manager eq "Y"`, `id eq "X" and ` + enterpriseURN + `:manager.value eq "Y"`,
			[]schema.Tolerance{schema.BareExtensionName, schema.BareComplex}},
		{"entra-045", user, `userName eq "double.1%40corp.example"`, `userName eq "double.1%40corp.example"`, nil},
		{"entra-046", user, `externalId eq jyoung`, `externalId eq "jyoung"`, []schema.Tolerance{schema.UnquotedLiteral}},
		{"entra-053", user, `active eq true and (meta.lastModified ge "0001-01-03T00:00:00.0000000Z" and meta.lastModified le "9999-12-31T00:00:00.0000000Z")`,
			`active eq true and meta.lastModified ge "0001-01-03T00:00:00.0000000Z" and meta.lastModified le "9999-12-31T00:00:00.0000000Z"`, nil},
		{"authentik-003", user, `userName eq unq1`, `userName eq "unq1"`, []schema.Tolerance{schema.UnquotedLiteral}},
		{"authentik-007", group, `displayName eq "AkDup 1"`, `displayName eq "AkDup 1"`, nil},
		{"okta-003", user, `userName eq "nobody.1@corp.example"`, `userName eq "nobody.1@corp.example"`, nil},
		{"okta-028", user, `emails eq "lv.1@corp.example"`, `emails.value eq "lv.1@corp.example"`, nil},
		{"ping-001", user, `emails eq "pingm.1@corp.example"`, `emails.value eq "pingm.1@corp.example"`, nil},
		{"connid-001", user, `username eq "x"`, `userName eq "x"`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := filter.Parse(tt.rt, tt.text, nil)
			if err != nil {
				t.Fatal(err)
			}
			if f.String() != tt.want {
				t.Errorf("got  %s\nwant %s", f, tt.want)
			}
			if got := tolerancesOf(f.Rewrites()); !slices.Equal(got, tt.tolerances) {
				t.Errorf("tolerances %v, want %v", got, tt.tolerances)
			}
		})
	}
}

func TestClientPaths(t *testing.T) {
	tests := []struct {
		name       string
		rt         *schema.ResourceType
		text, want string
		tolerances []schema.Tolerance
	}{
		{"connid-002", group, `members[value eq "a" or value eq "b"]`, `members[value eq "a" or value eq "b"]`, nil},
		{"entra-013", user, `addresses[type eq "work"].streetAddress`, `addresses[type eq "work"].streetAddress`, nil},
		{"entra-016", user, enterpriseURN + `.department`, enterpriseURN + `:department`, []schema.Tolerance{schema.URNDot}},
		{"entra-018", user, enterpriseURN + `:manager`, enterpriseURN + `:manager`, nil},
		{"entra-043 primary", user, `addresses[type eq "work"].primary`, `addresses[type eq "work"].primary`, nil},
		{"entra-043 roles", user, `roles[primary eq "True"].display`, `roles[primary eq true].display`, []schema.Tolerance{schema.BooleanText}},
		{"entra-050", user, `addresses[type eq "other"].Formatted`, `addresses[type eq "other"].formatted`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := filter.ParsePath(tt.rt, tt.text, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := tolerancesOf(p.Rewrites()); p.String() != tt.want || !slices.Equal(got, tt.tolerances) {
				t.Errorf("got %s with tolerances %v", p, got)
			}
		})
	}
}

func tolerancesOf(rewrites []schema.Rewrite) (ts []schema.Tolerance) {
	for _, r := range rewrites {
		ts = append(ts, r.Tolerance)
	}
	return ts
}
