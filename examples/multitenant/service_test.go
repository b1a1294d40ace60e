package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scimtest"
	"github.com/muster-scim/muster/store"
)

const base = "https://scim.test"

// newTenant has the token "token-" and its id.
func newTenant(id, preset string) tenant {
	return tenant{ID: store.TenantID(id), Profile: json.RawMessage(`{"base": "` + preset + `"}`), Tokens: []scim.TokenHash{scim.HashToken("token-" + id)}}
}

func start(t *testing.T, tenants ...tenant) *service {
	t.Helper()
	s, err := newService(base)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Set(tenants); err != nil {
		t.Fatal(err)
	}
	return s
}

func send(s *service, token, method, path, body string) (status int, answer string) {
	r := httptest.NewRequest(method, base+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/scim+json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

var alice = fmt.Sprintf(`{"schemas": [%q], "userName": "alice", "externalId": "1"}`, schema.UserURN)

// Equal names in two tenants are two users, and a token opens its tenant only.
func TestTenantsAreApart(t *testing.T) {
	s := start(t, newTenant("acme", "okta"), newTenant("globex", "entra"))
	for _, id := range []string{"acme", "globex"} {
		status, body := send(s, "token-"+id, "POST", "/"+id+"/scim/v2/Users", alice)
		if status != http.StatusCreated || !strings.Contains(body, `"location":"`+base+"/"+id+`/scim/v2/Users/`) {
			t.Errorf("create in %s: %d %s", id, status, body)
		}
	}
	for _, c := range []struct {
		token, path string
		want        int
	}{
		{"token-acme", "/acme/scim/v2/Users", 200},
		{"token-globex", "/acme/scim/v2/Users", 403},
		{"token-acme", "/globex/scim/v2/Users", 403},
		{"token-acme", "/initech/scim/v2/Users", 404},
		{"wrong", "/acme/scim/v2/Users", 401},
		{"token-acme", "/scim/v2/Users", 404},
	} {
		if status, body := send(s, c.token, "GET", c.path, ""); status != c.want {
			t.Errorf("%s with %s: %d %s, want %d", c.path, c.token, status, body, c.want)
		}
	}
	if _, body := send(s, "token-acme", "GET", "/acme/scim/v2/Users", ""); !strings.Contains(body, `"totalResults":1`) {
		t.Errorf("acme lists %s", body)
	}
}

// The same request means what the client of the tenant means by it: Entra wants
// a second group of one name refused, Okta does not.
func TestProfiles(t *testing.T) {
	s := start(t, newTenant("acme", "okta"), newTenant("globex", "entra"))
	group := fmt.Sprintf(`{"schemas": [%q], "displayName": "Sales"}`, schema.GroupURN)
	for id, want := range map[string]int{"acme": 201, "globex": 409} {
		send(s, "token-"+id, "POST", "/"+id+"/scim/v2/Groups", group)
		if status, body := send(s, "token-"+id, "POST", "/"+id+"/scim/v2/Groups", group); status != want {
			t.Errorf("second group in %s: %d %s, want %d", id, status, body, want)
		}
	}
}

// Tenants come, go and come back while the service runs, and a wrong list
// changes nothing.
func TestSet(t *testing.T) {
	s := start(t, newTenant("acme", "okta"))
	status := func(id string) int {
		code, _ := send(s, "token-"+id, "GET", "/"+id+"/scim/v2/Users?filter=userName+eq+%22alice%22", "")
		return code
	}
	if code, body := send(s, "token-acme", "POST", "/acme/scim/v2/Users", alice); code != 201 {
		t.Fatalf("%d %s", code, body)
	}
	if err := s.Set([]tenant{newTenant("globex", "entra")}); err != nil || status("acme") != 401 || status("globex") != 200 {
		t.Errorf("after the change: %v, acme %d, globex %d", err, status("acme"), status("globex"))
	}
	for mistake, list := range map[string][]tenant{
		"is there twice":    {newTenant("acme", "okta"), newTenant("acme", "entra")},
		"segment of a path": {newTenant("a/b", "okta")},
		"nobody":            {newTenant("acme", "nobody")},
		"token \"other-0\"": {newTenant("acme", "okta"), {ID: "other", Tokens: newTenant("acme", "").Tokens}},
	} {
		if err := s.Set(list); err == nil || !strings.Contains(err.Error(), mistake) || status("globex") != 200 || status("acme") != 401 {
			t.Errorf("%s: error %v, acme %d, globex %d", mistake, err, status("acme"), status("globex"))
		}
	}
	if err := s.Set([]tenant{newTenant("acme", "okta")}); err != nil {
		t.Fatal(err)
	}
	if _, body := send(s, "token-acme", "GET", "/acme/scim/v2/Users", ""); !strings.Contains(body, `"userName":"alice"`) {
		t.Errorf("acme came back with %s", body)
	}
}

// TestWire replays what the client of each tenant sends, and checks the cases
// of the RFCs.
func TestWire(t *testing.T) {
	s := start(t, newTenant("acme", "okta"), newTenant("globex", "entra"))
	for id, idp := range map[string]string{"acme": "okta", "globex": "entra"} {
		t.Run(id, func(t *testing.T) {
			scimtest.Run(t, scimtest.Target{Handler: s, BaseURL: base + "/" + id + "/scim/v2", Token: "token-" + id}, &scimtest.Options{IdPs: []string{idp}})
		})
	}
}

// What the program prints without a file is a list that works.
func TestDemo(t *testing.T) {
	s := start(t)
	var out bytes.Buffer
	if err := load(s, "", &out); err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^\S+ +`+base+`(\S+)  token (\S+)$`).FindAllStringSubmatch(out.String(), -1)
	if len(lines) != 2 {
		t.Fatalf("printed:\n%s", &out)
	}
	for _, line := range lines {
		if status, body := send(s, line[2], "POST", line[1]+"/Users", alice); status != 201 {
			t.Errorf("%s: %d %s", line[0], status, body)
		}
	}
}

func TestFile(t *testing.T) {
	s := start(t)
	file := filepath.Join(t.TempDir(), "tenants.json")
	for _, c := range []struct {
		text string
		want string // of the error
	}{
		{`[{"id": "acme", "profile": {"base": "okta"}, "tokens": ["` + scim.HashToken("token-acme").String() + `"]}]`, ""},
		{`[{"id": "acme", "token": "secret"}]`, `unknown field "token"`},
		{`[{"id": "acme", "tokens": ["secret"]}]`, "64 hexadecimal digits"},
	} {
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := load(s, file, io.Discard); c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: error %v, want %q", c.text, err, c.want)
		}
		if status, body := send(s, "token-acme", "GET", "/acme/scim/v2/Users", ""); status != 200 {
			t.Errorf("%s: %d %s", c.text, status, body)
		}
	}
}
