package scim_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// Every preset survives being written as JSON and read back, and every handler
// takes it.
func TestPresets(t *testing.T) {
	want := []string{
		"default", "strict", "authentik", "connid", "entra", "entra-validator", "google",
		"jumpcloud", "keycloak", "midpoint", "okta", "onelogin", "ping", "sailpoint",
	}
	if got := scim.ProfileNames(); !reflect.DeepEqual(got, want) {
		t.Errorf("presets are %v", got)
	}
	h := newHandler(t, config(t))
	for _, name := range want {
		p, ok := scim.ProfileNamed(name)
		if !ok || p.Name != name {
			t.Fatalf("%s: got %+v, %v", name, p, ok)
		}
		if err := h.Check(&p); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := scim.ParseProfile(data)
		if err != nil || !reflect.DeepEqual(back, p) {
			t.Errorf("%s: %s is read as %+v, %v", name, data, back, err)
		}
	}
}

func TestParseProfile(t *testing.T) {
	p, err := scim.ParseProfile([]byte(`{
		"name": "acme", "version": "3", "base": "okta", "uniqueGroupName": true, "skipUnknownMembers": false,
		"off": ["json-in-string", "empty-text"], "unknown": "preserve", "removeValue": "reject", "primary": "reject",
		"patchBody": "always", "limits": {"patchOperations": 100}, "schemaAliases": {"urn:old": "urn:new"}
	}`))
	want := scim.Profile{
		Name: "acme", Version: "3", UniqueGroupName: true, Off: schema.SetOf(schema.JSONInString, schema.EmptyText),
		Unknown: schema.PreserveUnknown, RemoveValue: patch.RemoveReject, Primary: schema.RejectPrimary,
		PatchBody: scim.BodyAlways, Limits: scim.Limits{PatchOperations: 100}, SchemaAliases: map[string]string{"urn:old": "urn:new"},
	}
	if err != nil || !reflect.DeepEqual(p, want) {
		t.Errorf("got  %+v, %v\nwant %+v", p, err, want)
	}
}

// All mistakes of a file are reported, each with its field.
func TestParseProfileMistakes(t *testing.T) {
	for _, c := range []struct {
		text   string
		fields []string
	}{
		{``, []string{"file"}},
		{`[]`, []string{"file"}},
		{`{"strict": true} x`, []string{"file"}},
		{`{"strict": true, "strict": false}`, []string{"file"}},
		{`{"base": "nobody"}`, []string{"base"}},
		{`{"base": 1}`, []string{"base"}},
		{`{"strict": "yes", "putMerg": true, "maxPageSize": 1.5}`, []string{"strict", "putMerg", "maxPageSize"}},
		{`{"Strict": true}`, []string{"Strict"}},
		{`{"off": ["boolean-text", "telepathy"]}`, []string{"off"}},
		{`{"off": "all"}`, []string{"off"}},
		{`{"unknown": "keep", "removeValue": "some", "primary": 0}`, []string{"unknown", "removeValue", "primary"}},
		{`{"maxPageSize": -1, "patchBody": "maybe", "limits": {"body": -5}}`, []string{"patchBody", "maxPageSize", "limits.body"}},
		{`{"limits": {"memory": 1}}`, []string{"limits"}},
		{`{"schemaAliases": {"urn:a": ""}}`, []string{`schemaAliases["urn:a"]`}},
	} {
		p, err := scim.ParseProfile([]byte(c.text))
		var found *scim.ProfileError
		if !errors.As(err, &found) {
			t.Errorf("%s: got %+v, %v", c.text, p, err)
			continue
		}
		var fields []string
		for _, problem := range found.Problems {
			fields = append(fields, problem.Field)
			if problem.Detail == "" || problem.Cure == "" || !strings.Contains(err.Error(), problem.Detail) {
				t.Errorf("%s: %+v in %v", c.text, problem, err)
			}
		}
		if !reflect.DeepEqual(fields, c.fields) {
			t.Errorf("%s: mistakes in %q, want %q: %v", c.text, fields, c.fields, err)
		}
	}
	if _, err := scim.ParseProfile([]byte(strings.Repeat(" ", scim.MaxProfileBytes) + "{}")); err == nil {
		t.Error("a file of any size is read")
	}
}

func FuzzParseProfile(f *testing.F) {
	for _, text := range []string{`{}`, `{"base":"okta","off":["empty-text"]}`, `{"limits":{"body":1}}`, `{"strict":null}`, `[`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := scim.ParseProfile(data)
		if err != nil {
			return
		}
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		if again, err := scim.ParseProfile(text); err != nil || !sameJSON(t, again, p) {
			t.Errorf("%q is written as %s and read as %+v, %v", data, text, again, err)
		}
	})
}

func sameJSON(t *testing.T, a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	if errX != nil || errY != nil {
		t.Fatal(errX, errY)
	}
	return string(x) == string(y)
}

// A mistake in a profile stops New, and a profile of a token with one is served
// to nobody.
func TestProfileMistakes(t *testing.T) {
	broken := scim.Profile{MaxPageSize: -1, PatchBody: "maybe", Primary: 9, Off: schema.Strict + 1}
	c := config(t)
	c.Profile = broken
	_, err := scim.New(c)
	var found *scim.ConfigError
	if !errors.As(err, &found) || len(found.Problems) != 4 {
		t.Errorf("New: %v", err)
	}
	c = config(t)
	c.Authenticate = bearer(t, scim.Token{ID: "x", Hash: scim.HashToken(token), Profile: &broken}).Authenticate
	h := newHandler(t, c)
	if err := h.Check(&broken); err == nil {
		t.Error("Check finds nothing")
	}
	if w := do(t, h, "GET", base+"/Users", ""); w.Code != 500 {
		t.Errorf("got %d", w.Code)
	}
}

// The profile of the actor wins over that of the tenant, and no User-Agent
// matters.
func TestProfileByToken(t *testing.T) {
	okta, _ := scim.ProfileNamed("okta")
	c := config(t)
	c.Authenticate = bearer(t,
		scim.Token{ID: "plain", Hash: scim.HashToken(token)},
		scim.Token{ID: "okta", Hash: scim.HashToken(otherToken), Profile: &okta},
	).Authenticate
	h := newHandler(t, c)
	const body = `{"displayName":"x","members":[{"value":"nobody"}]}`
	if w := do(t, h, "POST", base+"/Groups", body, "User-Agent", "Okta SCIM Client 1.0.0"); w.Code != 400 {
		t.Errorf("without a profile: %d %s", w.Code, w.Body)
	}
	if w := do(t, h, "POST", base+"/Groups", body, "Authorization", "Bearer "+otherToken); w.Code != 201 {
		t.Errorf("with the profile: %d %s", w.Code, w.Body)
	}
}

// A tenant has a profile of its own.
func TestProfileByTenant(t *testing.T) {
	merge := scim.Profile{PutMerge: true}
	c := config(t)
	twoTenants(t, &c)
	storeFor := c.StoreFor
	c.StoreFor = func(r *http.Request, actor *scim.Actor) (scim.Tenant, error) {
		tenant, err := storeFor(r, actor)
		if tenant.ID == "b" {
			tenant.Profile = &merge
		}
		return tenant, err
	}
	h := newHandler(t, c)
	for secret, want := range map[string]bool{token: false, otherToken: true} {
		auth := []string{"Authorization", "Bearer " + secret}
		id := fields(t, do(t, h, "POST", "/Users", `{"userName":"a","title":"T"}`, auth...).Body.String())["id"].(string)
		w := do(t, h, "PUT", "/Users/"+id, `{"userName":"a"}`, auth...)
		if kept := strings.Contains(w.Body.String(), `"title":"T"`); w.Code != 200 || kept != want {
			t.Errorf("%d %s, want the title kept: %v", w.Code, w.Body, want)
		}
	}
}

// A profile can lower limits and not raise them.
func TestProfileLimits(t *testing.T) {
	c := config(t)
	c.Limits.PatchOperations = 2
	c.Profile.Limits = scim.Limits{PatchOperations: 1000, FilterTerms: 1}
	h := newHandler(t, c)
	op := `{"op":"add","path":"title","value":"x"}`
	body := `{"Operations":[` + op + "," + op + "," + op + `]}`
	if w := do(t, h, "PATCH", base+"/Users/1", body); w.Code != 413 {
		t.Errorf("three operations: %d %s", w.Code, w.Body)
	}
	if w := do(t, h, "GET", base+`/Users?filter=active+eq+true+and+title+pr`, ""); w.Code != 400 {
		t.Errorf("two terms: %d %s", w.Code, w.Body)
	}
}

// The example in the documentation of profiles is a profile.
func TestProfileFile(t *testing.T) {
	data, err := os.ReadFile("testdata/profile.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scim.ParseProfile(data); err != nil {
		t.Error(err)
	}
}
