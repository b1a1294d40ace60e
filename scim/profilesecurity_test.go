package scim_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// extremes are the furthest that a profile can go: every switch on, with each
// choice that has several, and every limit as high as it goes.
func extremes() map[string]scim.Profile {
	most := scim.Profile{
		Name: "most", Version: "1", Unknown: schema.PreserveUnknown, UniqueGroupName: true, SkipUnknownMembers: true, RetryDecodedFilter: true,
		SchemaAliases: map[string]string{"urn:old": enterpriseURN}, AcceptSCIM11GroupPatch: true, PutMerge: true, RemoveValue: patch.RemoveAll,
		PatchBody: scim.BodyAlways, ReturnExisting: true, NoEmptyGroups: true, EnforceCanonicalValues: true, Primary: schema.PassPrimary,
		MaxPageSize: 10_000, RefuseRemoveAll: true, Mapping: scim.Mapping{URNs: map[string]string{"urn:old:1.0:User": enterpriseURN}},
	}
	limits := reflect.ValueOf(&most.Limits).Elem()
	for i := range limits.NumField() {
		limits.Field(i).SetInt(math.MaxInt)
	}
	out := map[string]scim.Profile{"most": most}
	for _, name := range scim.ProfileNames() {
		out[name], _ = scim.ProfileNamed(name)
	}
	return out
}

// A new switch must be thought about here, before anybody can set it.
func TestExtremesHaveEverySwitch(t *testing.T) {
	p := reflect.ValueOf(extremes()["most"])
	strict := map[string]bool{"Strict": true, "Off": true} // can only refuse more
	for i := range p.NumField() {
		if name := p.Type().Field(i).Name; p.Field(i).IsZero() && !strict[name] {
			t.Errorf("%s is not set", name)
		}
	}
}

// What protects accounts holds with every profile (D).
func TestProfilesCannotRelaxSecurity(t *testing.T) {
	for name, p := range extremes() {
		t.Run("D "+name, func(t *testing.T) {
			c := config(t)
			c.Profile = p
			c.Limits = scim.Limits{Body: 4000, PatchOperations: 3, FilterTerms: 3, Depth: 12}
			secure(t, newHandler(t, c))
		})
	}
}

func secure(t *testing.T, h *scim.Handler) {
	user := func(name string) string {
		return `{"schemas":["` + userURN + `"],"userName":"` + name + `","active":false,"title":"old"}`
	}
	id := func(body string) string { return fields(t, body)["id"].(string) }
	expect := func(what string, got, want int) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %d, want %d", what, got, want)
		}
	}
	ann := id(do(t, h, "POST", "/Users", user("ann")).Body.String())
	holds := func(what, target string, want, absent string) {
		t.Helper()
		body := do(t, h, "GET", target, "").Body.String()
		if !strings.Contains(body, want) || absent != "" && strings.Contains(body, absent) {
			t.Errorf("%s: %s", what, body)
		}
	}

	expect("a PATCH with one bad operation", do(t, h, "PATCH", "/Users/"+ann,
		patchBody(`{"op":"replace","path":"title","value":"new"},{"op":"replace","path":"active","value":"perhaps"}`)).Code, 400)
	holds("after it nothing has changed", "/Users/"+ann, `"title":"old"`, "")

	do(t, h, "PUT", "/Users/"+ann, `{"schemas":["`+userURN+`"],"userName":"ann"}`)
	holds("a PUT without active enables nobody", "/Users/"+ann, `"active":false`, `"active":true`)
	again := do(t, h, "POST", "/Users", strings.Replace(user("ANN"), `"active":false,`, "", 1))
	if again.Code != 409 && (again.Code != 200 || id(again.Body.String()) != ann) {
		t.Errorf("the same name in other case: %d %s", again.Code, again.Body)
	}
	holds("nor does a POST of the name", "/Users/"+ann, `"active":false`, `"active":true`)

	do(t, h, "POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"g","members":[{"value":"ghost"}]}`)
	holds("a member list creates nobody", "/Users", `"totalResults":1`, "ghost")

	expect("a body over the limit", do(t, h, "POST", "/Users", `{"userName":"`+strings.Repeat("x", 5000)+`"}`).Code, 413)
	op := `{"op":"replace","path":"title","value":"x"}`
	expect("operations over the limit", do(t, h, "PATCH", "/Users/"+ann, patchBody(strings.Repeat(op+",", 3)+op)).Code, 413)
	expect("a filter over the limit", do(t, h, "GET", "/Users?filter="+queryEscape(`title pr and title pr and title pr and title pr`), "").Code, 400)
	expect("no If-Match is asked for", do(t, h, "DELETE", "/Users/"+ann, "").Code, 204)
	expect("no credentials", do(t, h, "GET", "/Users", "", "Authorization", "").Code, 401)
}

// No profile lets a reference reach into another tenant.
func TestProfilesStayInTheirTenant(t *testing.T) {
	for name, p := range extremes() {
		c := config(t)
		twoTenants(t, &c)
		c.Profile = p
		h := newHandler(t, c)
		body := do(t, h, "POST", "/Users", `{"schemas":["`+userURN+`"],"userName":"ann"}`, "Authorization", "Bearer "+otherToken).Body.String()
		ann := fields(t, body)["id"].(string)
		group := `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"g","members":[{"value":"` + ann + `"}]}`
		if w := do(t, h, "POST", "/Groups", group); strings.Contains(w.Body.String(), `"value":"`+ann) || w.Code == 201 && strings.Contains(w.Body.String(), "members") {
			t.Errorf("D %s: %d %s", name, w.Code, w.Body)
		}
		if w := do(t, h, "GET", "/Users/"+ann, ""); w.Code != 404 {
			t.Errorf("D %s: %d", name, w.Code)
		}
	}
}

// A file cannot ask for what no switch does.
func TestNoSwitchForInsecurity(t *testing.T) {
	for _, name := range []string{
		"partialPatch", "atomic", "autoCreateMembers", "crossTenant", "caseSensitiveUserName", "enableOnPut", "noLimits", "unlimited",
		"requireIfMatch", "anonymous", "returnPassword", "maxBody",
	} {
		data, err := json.Marshal(map[string]any{name: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := scim.ParseProfile(data); err == nil || !strings.Contains(fmt.Sprint(err), "not a switch") {
			t.Errorf("D %s: %v", name, err)
		}
	}
}
