package scim_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/memstore"
)

var (
	sharedUsers  = schema.UserDefinition(schema.Extension{Schema: schema.ExternalIDs("okta", "hr")}).MustCompile()
	sharedGroups = schema.GroupDefinition(schema.Extension{Schema: schema.ExternalIDs("okta", "hr")}).MustCompile()
)

// clients are a service with three provisioning clients in one tenant, and a
// token with the name of each: "" is "main".
type clients struct {
	http.Handler
	store *memstore.Store
}

func newClients(t *testing.T, adjust func(*scim.Config)) *clients {
	t.Helper()
	s := memstore.New(nil)
	c := scim.Config{Types: []*schema.ResourceType{sharedUsers, sharedGroups}, Store: s, BaseURL: base, Journal: true}
	tokens := []scim.Token{{ID: "main", Hash: scim.HashToken("main")}}
	for _, client := range []string{"okta", "hr", "nobody"} {
		tokens = append(tokens,
			scim.Token{ID: client, Hash: scim.HashToken(client), Client: client},
			scim.Token{ID: client + "-next", Hash: scim.HashToken(client + "-next"), Client: client})
	}
	c.Authenticate = bearer(t, tokens...).Authenticate
	if adjust != nil {
		adjust(&c)
	}
	return &clients{newHandler(t, c), s}
}

func (c *clients) do(t *testing.T, token, method, target, body string) (status int, answer string) {
	t.Helper()
	q := httptest.NewRequest(method, target, strings.NewReader(body))
	q.Header.Set("Authorization", "Bearer "+token)
	q.Header.Set("Content-Type", "application/scim+json")
	w := httptest.NewRecorder()
	c.ServeHTTP(w, q)
	return w.Code, w.Body.String()
}

func (c *clients) must(t *testing.T, token, method, target, body string) string {
	t.Helper()
	status, answer := c.do(t, token, method, target, body)
	if status >= 300 {
		t.Fatalf("%s: %s %s: %d %s", token, method, target, status, answer)
	}
	return answer
}

type seen struct {
	ID         schema.ID
	ExternalID string
	Schemas    []string
	Title      string
}

func (c *clients) read(t *testing.T, token, target string) (r seen, text string) {
	t.Helper()
	text = c.must(t, token, "GET", target, "")
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r, text
}

// find returns the ids that a filter of externalIds finds.
func (c *clients) find(t *testing.T, token, endpoint, filter string) (ids []schema.ID) {
	t.Helper()
	var page struct{ Resources []seen }
	text := c.must(t, token, "GET", endpoint+"?filter="+url.QueryEscape(filter), "")
	if err := json.Unmarshal([]byte(text), &page); err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Resources {
		ids = append(ids, r.ID)
	}
	return ids
}

// Each client has its own externalId of one user.
func TestEachClientHasItsExternalID(t *testing.T) {
	t.Log("7643-3.1-14, 7643-9.3-03, AMB-63")
	c := newClients(t, nil)
	for _, endpoint := range []string{"/Users", "/Groups"} {
		body := `{"userName":"ann","externalId":"m1"}`
		if endpoint == "/Groups" {
			body = `{"displayName":"staff","externalId":"m1"}`
		}
		var ann seen
		if err := json.Unmarshal([]byte(c.must(t, "main", "POST", endpoint, body)), &ann); err != nil {
			t.Fatal(err)
		}
		at := endpoint + "/" + string(ann.ID)
		if r, text := c.read(t, "okta", at); r.ExternalID != "" || strings.Contains(text, "m1") {
			t.Fatalf("okta sees the externalId of main: %s", text)
		}
		c.must(t, "okta", "PATCH", at, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"externalId","value":"o1"}]}`)
		c.must(t, "hr", "PATCH", at, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"externalId":"h1"}}]}`)
		for token, want := range map[string]string{"main": "m1", "okta": "o1", "okta-next": "o1", "hr": "h1"} {
			r, text := c.read(t, token, at)
			if r.ExternalID != want || strings.Contains(text, "ExternalIDs") {
				t.Errorf("%s sees %s", token, text)
			}
			for _, id := range []string{"m1", "o1", "h1"} {
				for _, filter := range []string{`externalId eq "` + id + `"`, `externalId sw "` + id + `"`, `externalId co "` + id[:1] + `"`} {
					if got := c.find(t, token, endpoint, filter); (len(got) == 1) != (id == want) {
						t.Errorf("%s finds %v by %s", token, got, filter)
					}
				}
			}
			if got := c.find(t, token, endpoint, "externalId pr"); len(got) != 1 {
				t.Errorf("%s finds %v with an externalId", token, got)
			}
		}
	}
}

// A PUT clears the client's own externalId at most, and another client's filter,
// attribute or body does not reach it.
func TestNoClientTouchesTheExternalIDOfAnother(t *testing.T) {
	c := newClients(t, nil)
	var ann seen
	if err := json.Unmarshal([]byte(c.must(t, "okta", "POST", "/Users", `{"userName":"ann","externalId":"o1"}`)), &ann); err != nil {
		t.Fatal(err)
	}
	if ann.ExternalID != "o1" {
		t.Fatalf("the answer to okta has %q", ann.ExternalID)
	}
	at := "/Users/" + string(ann.ID)
	c.must(t, "hr", "PUT", at, `{"userName":"ann","externalId":"h1"}`)
	c.must(t, "main", "PUT", at, `{"userName":"ann","externalId":"m1"}`)
	c.must(t, "hr", "PUT", at, `{"userName":"ann"}`)
	for token, want := range map[string]string{"main": "m1", "okta": "o1", "hr": ""} {
		if r, text := c.read(t, token, at); r.ExternalID != want {
			t.Errorf("%s: %s", token, text)
		}
	}
	slot := schema.ExternalIDsURN + ":okta"
	for _, token := range []string{"main", "hr"} {
		for _, q := range []struct{ method, target, body string }{
			{"GET", "/Users?filter=" + url.QueryEscape(slot+` eq "o1"`), ""},
			{"GET", "/Users?sortBy=" + url.QueryEscape(slot), ""},
			{"PATCH", at, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"` + slot + `","value":"x"}]}`},
			{"PUT", at, `{"userName":"ann","` + schema.ExternalIDsURN + `":{"okta":"x"}}`},
			{"POST", "/Users", `{"userName":"eve","` + schema.ExternalIDsURN + `":{"okta":"x"}}`},
		} {
			if status, answer := c.do(t, token, q.method, q.target, q.body); status != http.StatusForbidden {
				t.Errorf("%s: %s %s: %d %s", token, q.method, q.target, status, answer)
			}
		}
		if _, text := c.read(t, token, at+"?attributes="+url.QueryEscape(slot)+",userName"); strings.Contains(text, "o1") {
			t.Errorf("%s asks for %s and gets %s", token, slot, text)
		}
	}
	if r, text := c.read(t, "okta", at); r.ExternalID != "o1" {
		t.Errorf("okta: %s", text)
	}
}

// An externalId is unique for one client, and means nothing to another one.
func TestExternalIDIsUniquePerClient(t *testing.T) {
	c := newClients(t, func(c *scim.Config) { c.Lifecycle.UniqueExternalID = true })
	for _, token := range []string{"main", "okta", "hr"} {
		c.must(t, token, "POST", "/Users", `{"userName":"`+token+`-1","externalId":"1"}`)
		status, answer := c.do(t, token, "POST", "/Users", `{"userName":"`+token+`-2","externalId":"1"}`)
		if status != http.StatusConflict || !strings.Contains(answer, `"externalId is taken by another resource"`) || !strings.Contains(answer, "uniqueness") {
			t.Errorf("%s: %d %s", token, status, answer)
		}
		c.must(t, token, "POST", "/Users", `{"userName":"`+token+`-2","externalId":"2"}`)
		at := "/Users/" + string(c.find(t, token, "/Users", `externalId eq "2"`)[0])
		status, answer = c.do(t, token, "PATCH", at, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"externalId","value":"1"}]}`)
		if status != http.StatusConflict || !strings.Contains(answer, `"externalId is taken by another resource"`) {
			t.Errorf("%s: %d %s", token, status, answer)
		}
	}
}

// An externalId is no id: not even the one that looks like it.
func TestExternalIDIsNoID(t *testing.T) {
	c := newClients(t, nil)
	var ann, bob seen
	for name, to := range map[string]*seen{"ann": &ann, "bob": &bob} {
		if err := json.Unmarshal([]byte(c.must(t, "okta", "POST", "/Users", `{"userName":"`+name+`"}`)), to); err != nil {
			t.Fatal(err)
		}
	}
	c.must(t, "okta", "PUT", "/Users/"+string(ann.ID), `{"userName":"ann","externalId":"`+string(bob.ID)+`"}`)
	c.must(t, "okta", "DELETE", "/Users/"+string(bob.ID), "")
	if status, answer := c.do(t, "okta", "GET", "/Users/"+string(bob.ID), ""); status != http.StatusNotFound {
		t.Errorf("%d %s", status, answer)
	}
	if status, answer := c.do(t, "okta", "POST", "/Groups", `{"displayName":"g","members":[{"value":"`+string(bob.ID)+`"}]}`); status != http.StatusBadRequest {
		t.Errorf("%d %s", status, answer)
	}
}

// Discovery, bulk and events do not know of the schema, but the journal does.
func TestExternalIDsAreNowhereElse(t *testing.T) {
	c := newClients(t, nil)
	for _, token := range []string{"main", "okta"} {
		for _, target := range []string{"/Schemas", "/ResourceTypes"} {
			if text := c.must(t, token, "GET", target, ""); strings.Contains(text, "ExternalIDs") {
				t.Errorf("%s: %s %s", token, target, text)
			}
		}
	}
	answer := c.must(t, "okta", "POST", "/Bulk", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"POST","path":"/Users","bulkId":"1","data":{"userName":"ann","externalId":"o1"}}]}`)
	if !strings.Contains(answer, `"201"`) || len(c.find(t, "okta", "/Users", `externalId eq "o1"`)) != 1 {
		t.Errorf("bulk: %s", answer)
	}
	r := last(t, c.store)
	if r.Actor != "okta" || r.Client != "okta" || r.ExternalID != "" || !strings.Contains(summary(r), schema.ExternalIDsURN+":okta") {
		t.Errorf("record %+v", r)
	}
}

// A dry run of what another client's values are part of does not tell them.
func TestDryRunTellsNothingHidden(t *testing.T) {
	c := newClients(t, func(c *scim.Config) {
		c.Authorize = func(_ context.Context, a *scim.Access) error {
			if a.Actor.Client != "" && a.Type == sharedUsers {
				a.Hide(sharedUsers.MustPath("title"))
			}
			return nil
		}
	})
	c.must(t, "main", "POST", "/Users", `{"userName":"ann","externalId":"m1-canary","title":"title-canary"}`)
	at := "/Users/" + string(c.find(t, "main", "/Users", `userName eq "ann"`)[0])
	c.must(t, "hr", "PUT", at, `{"userName":"ann","externalId":"h1-canary"}`)
	c.must(t, "okta", "PUT", at, `{"userName":"ann","externalId":"o1-canary"}`)
	for token, sees := range map[string][]string{"main": {"m1-canary", "title-canary"}, "okta": {"o1-canary"}, "hr": {"h1-canary"}} {
		answer := c.must(t, token, "DELETE", at+"?dryRun=true", "")
		if strings.Count(answer, "canary") < len(sees) {
			t.Errorf("%s is not told its own: %s", token, answer)
		}
		for _, canary := range []string{"m1-canary", "o1-canary", "h1-canary", "title-canary"} {
			if strings.Contains(answer, canary) != slices.Contains(sees, canary) {
				t.Errorf("%s: %s in %s", token, canary, answer)
			}
		}
	}
}

func TestClientWithoutPlace(t *testing.T) {
	c := newClients(t, nil)
	if status, answer := c.do(t, "nobody", "GET", "/Users", ""); status != http.StatusInternalServerError {
		t.Errorf("%d %s", status, answer)
	}
	plain := newClients(t, func(c *scim.Config) { c.Types = types() })
	if status, answer := plain.do(t, "okta", "GET", "/Users", ""); status != http.StatusInternalServerError {
		t.Errorf("%d %s", status, answer)
	}
	if status, answer := plain.do(t, "main", "GET", "/Users", ""); status != http.StatusOK {
		t.Errorf("%d %s", status, answer)
	}
}

// The mapping of a profile that says externalId means the client's own.
func TestClientWithMapping(t *testing.T) {
	p := scim.Profile{Mapping: scim.Mapping{Types: map[string]scim.TypeMapping{"User": {
		Attributes: map[string]string{"employeeId": "externalId"},
		Constants:  map[string]json.RawMessage{"title": json.RawMessage(`"Dr"`)},
	}, "Group": {Copies: map[string]string{"externalId": "displayName"}}}}}
	c := newClients(t, func(c *scim.Config) { c.Profile = p })
	c.must(t, "okta", "POST", "/Users", `{"userName":"ann","employeeId":"o1"}`)
	c.must(t, "okta", "POST", "/Groups", `{"displayName":"staff"}`)
	c.must(t, "main", "POST", "/Groups", `{"displayName":"all"}`)
	if got := c.find(t, "okta", "/Users", `employeeId eq "o1"`); len(got) != 1 {
		t.Errorf("okta finds %v", got)
	}
	for _, token := range []string{"main", "hr"} {
		if got := c.find(t, token, "/Users", `employeeId eq "o1"`); len(got) != 0 {
			t.Errorf("%s finds %v", token, got)
		}
	}
	if got := c.find(t, "okta", "/Groups", `externalId eq "staff"`); len(got) != 1 {
		t.Errorf("okta finds %v", got)
	}
	if got := c.find(t, "main", "/Groups", `externalId pr`); len(got) != 1 {
		t.Errorf("main finds %v", got)
	}
}
