package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
)

const enterprise = schema.EnterpriseUserURN + ":"

// coreRows say what RFC 7643 §3.1 and §4 demand of single attributes: type,
// then what differs from the defaults.
var coreRows = []struct{ id, typ, path, want string }{
	{"7643-3.1-01", "User", "externalId", "string caseExact"},
	{"7643-3.1-01", "Group", "meta", "complex readOnly"},
	{"7643-3.1-11", "User", "id", "string required caseExact readOnly always server"},
	{"7643-3.1-15", "User", "externalId", "string caseExact"},
	{"7643-3.1-17", "User", "meta.created", "dateTime readOnly"},
	{"7643-3.1-17", "User", "meta.lastModified", "dateTime readOnly"},
	{"7643-3.1-17", "User", "meta.location", "reference caseExact readOnly"},
	{"7643-3.1-17", "User", "meta.version", "string caseExact readOnly"},
	{"7643-3.1-19", "User", "meta.resourceType", "string caseExact readOnly"},
	{"7643-3-01", "User", "schemas", "list reference required caseExact always"},
	{"7643-4.1.1-01", "User", "userName", "string required server"},
	{"7643-4.1.1-07", "User", "displayName", "string"},
	{"7643-4.1.1-10", "User", "profileUrl", "reference caseExact"},
	{"7643-4.1.1-15", "User", "active", "boolean"},
	{"7643-4.1.2-03", "User", "emails.display", "string"},
	{"7643-4.1.2-07", "User", "phoneNumbers.display", "string"},
	{"7643-4.1.2-16", "User", "addresses.streetAddress", "string"},
	{"7643-4.1.2-20", "User", "groups.type", "string readOnly"},
	{"7643-4.1.2-25", "User", "groups.value", "string caseExact readOnly"},
	{"7643-4.1.2-26", "User", "groups", "list complex readOnly"},
	{"7643-4.1.2-27", "User", "roles.type", "string"},
	{"7643-4.1.2-28", "User", "x509Certificates.value", "binary caseExact"},
	{"7643-4.2-02", "Group", "displayName", "string required"},
	{"7643-4.2-04", "Group", "members.value", "string caseExact immutable"},
	{"7643-4.2-04", "Group", "members.type", "string immutable"},
	{"7643-4.2-04", "Group", "members.display", "string immutable"},
	{"7643-4.2-05", "Group", "members.value", "string caseExact immutable"},
	{"7643-4.2-06", "Group", "members.$ref", "reference caseExact immutable"},
	{"7643-4.3-02", "User", enterprise + "employeeNumber", "string"},
	{"7643-4.3-02", "User", enterprise + "costCenter", "string"},
	{"7643-4.3-02", "User", enterprise + "organization", "string"},
	{"7643-4.3-02", "User", enterprise + "division", "string"},
	{"7643-4.3-02", "User", enterprise + "department", "string"},
	{"7643-4.3-03", "User", enterprise + "manager.value", "string caseExact"},
	{"7643-4.3-04", "User", enterprise + "manager.$ref", "reference caseExact"},
	{"7643-4.3-05", "User", enterprise + "manager.displayName", "string readOnly"},
}

func coreTypes() map[string]*schema.ResourceType {
	return map[string]*schema.ResourceType{
		"User": schema.UserDefinition().MustCompile(), "Group": schema.GroupDefinition().MustCompile(),
	}
}

func TestCoreCharacteristics(t *testing.T) {
	types := coreTypes()
	for _, row := range coreRows {
		t.Run(row.id, func(t *testing.T) {
			if got := characteristics(types[row.typ].MustPath(row.path)); got != row.want {
				t.Errorf("%s is %s, want %s", row.path, got, row.want)
			}
		})
	}
}

func characteristics(p schema.Path) string {
	words := []string{string(p.Type()), "required", "caseExact", string(p.Mutability()), string(p.Returned()), string(p.Uniqueness())}
	kept := []bool{
		true, p.Required(), p.CaseExact(), p.Mutability() != schema.ReadWrite, p.Returned() != schema.ReturnedDefault,
		p.Uniqueness() != schema.UniquenessNone,
	}
	text := ""
	for i, word := range words {
		if kept[i] {
			text += " " + word
		}
	}
	if p.MultiValued() {
		text = " list" + text
	}
	return strings.TrimSpace(text)
}

func TestCoreURNs(t *testing.T) {
	for _, row := range []struct{ id, got, want string }{
		{"7643-4.1-01", schema.UserSchema().ID, "urn:ietf:params:scim:schemas:core:2.0:User"},
		{"7643-4.2-01", schema.GroupSchema().ID, "urn:ietf:params:scim:schemas:core:2.0:Group"},
		{"7643-4.3-01", schema.EnterpriseUserSchema().ID, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"},
	} {
		if row.got != row.want {
			t.Errorf("%s: %s, want %s", row.id, row.got, row.want)
		}
	}
}

func TestCoreCanonicalValues(t *testing.T) {
	types := coreTypes()
	for _, row := range []struct{ id, typ, path, want string }{
		{"7643-4.1.2-10", "User", "ims.type", "aim gtalk icq xmpp msn skype qq yahoo other"},
		{"7643-4.1.2-15", "User", "photos.type", "photo thumbnail"},
		{"7643-4.1.2-16", "User", "addresses.type", "work home other"},
		{"7643-4.1.2-20", "User", "groups.type", "direct indirect"},
		{"7643-4.1.2-27", "User", "entitlements.type", ""},
		{"7643-4.2-07", "Group", "members.type", "User Group"},
	} {
		if got := strings.Join(types[row.typ].MustPath(row.path).Attribute().CanonicalValues, " "); got != row.want {
			t.Errorf("%s: %s has %q, want %q", row.id, row.path, got, row.want)
		}
	}
}

// What the RFC leaves to clients and hosts passes through, even strictly.
func TestCoreFreedoms(t *testing.T) {
	typ := coreTypes()["User"]
	for _, row := range []struct{ id, body, path, want string }{
		{"7643-4.1.2-04", `"emails": [{"value": "a@example.com", "type": "school"}]`, "emails.type", "school"},
		{"7643-4.1.2-08", `"phoneNumbers": [{"value": "1", "type": "boat"}]`, "phoneNumbers.type", "boat"},
		{"7643-4.1.2-11", `"ims": [{"value": "a", "type": "irc"}]`, "ims.type", "irc"},
		{"7643-4.1.2-13", `"photos": [{"value": "https://example.com/1"}, {"value": "https://example.com/2"}]`, "photos.value", "https://example.com/1 https://example.com/2"},
		{"7643-4.1.2-17", `"addresses": [{"streetAddress": "a\nb"}]`, "addresses.streetAddress", "a\nb"},
		{"7643-2.4-10", `"emails": [{"value": "a@example.com", "type": "work"}, {"value": "a@example.com", "type": "home"}]`, "emails.value", "a@example.com a@example.com"},
	} {
		t.Run(row.id, func(t *testing.T) {
			r, _, err := typ.Decode([]byte(`{"schemas": ["`+schema.UserURN+`"], "userName": "u", `+row.body+`}`), strictly)
			if err != nil {
				t.Fatal(err)
			}
			r, _, err = schema.CheckCreate(r, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for v := range r.Values(typ.MustPath(row.path)) {
				got = append(got, v.Text())
			}
			if strings.Join(got, " ") != row.want {
				t.Errorf("%s = %q, want %q", row.path, got, row.want)
			}
		})
	}
}

// TestSchemasFollowFromTheData covers what "schemas" of a resource says.
func TestSchemasFollowFromTheData(t *testing.T) {
	typ := coreTypes()["User"]
	b := typ.New()
	for _, row := range []struct {
		id, path string
		want     []string
	}{
		{"7643-3.3-01", "userName", []string{schema.UserURN}},
		{"7643-3.3-02", enterprise + "division", []string{schema.UserURN, schema.EnterpriseUserURN}},
	} {
		if err := b.Set(typ.MustPath(row.path), schema.String("x")); err != nil {
			t.Fatal(err)
		}
		if got := slices.Collect(b.Resource().Schemas()); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", row.id, got, row.want)
		}
	}
}
