package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scimtest"
)

const base = "http://crew.test"

// open starts the service on a new database. Before SCIM is added, sign up
// people with before.
func open(t *testing.T, before ...string) (*crew, http.Handler) {
	t.Helper()
	c, err := openCrew(t.Context(), filepath.Join(t.TempDir(), "crew.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.db.Close() })
	mux := c.handler()
	for _, email := range before {
		want(t, mux, http.StatusCreated, "POST", "/signup", fmt.Sprintf(`{"email":%q,"password":"open sesame","firstName":"Ann"}`, email))
	}
	for range 2 { // the second time does nothing
		if err := c.migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.addSCIM(t.Context(), mux, base, "secret"); err != nil {
		t.Fatal(err)
	}
	return c, mux
}

// want sends a request and returns the body of the answer.
func want(t *testing.T, h http.Handler, status int, method, path, body string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer secret")
	r.Header.Set("Content-Type", "application/scim+json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	data, _ := io.ReadAll(w.Result().Body)
	if w.Code != status {
		t.Fatalf("%s %s: %d %s, want %d", method, path, w.Code, data, status)
	}
	return string(data)
}

// The service is what it was: people sign up and log in.
func TestService(t *testing.T) {
	_, h := open(t, "ann@example.com")
	want(t, h, http.StatusNoContent, "POST", "/login", `{"email":"ANN@example.com","password":"open sesame"}`)
	want(t, h, http.StatusUnauthorized, "POST", "/login", `{"email":"ann@example.com","password":"wrong"}`)
	want(t, h, http.StatusConflict, "POST", "/signup", `{"email":"Ann@example.com","password":"x"}`)
	want(t, h, http.StatusBadRequest, "POST", "/login", `{`)
	if got := want(t, h, http.StatusOK, "GET", "/teams/1/members", ""); got != "[]\n" {
		t.Error(got)
	}
}

// People who were there before SCIM are found, deactivated and put into teams by
// the identity provider, and nothing else about them changes.
func TestProvisioning(t *testing.T) {
	c, h := open(t, "ann@example.com", "bob@example.com")
	found := want(t, h, http.StatusOK, "GET", "/scim/v2/Users?filter=userName+eq+%22ANN@example.com%22", "")
	for _, part := range []string{`"totalResults":1`, `"id":"1"`, `"userName":"ann@example.com"`, `"givenName":"Ann"`, `"active":true`} {
		if !strings.Contains(found, part) {
			t.Errorf("no %s in %s", part, found)
		}
	}
	want(t, h, http.StatusConflict, "POST", "/scim/v2/Users", `{"userName":"Bob@example.com"}`)
	want(t, h, http.StatusCreated, "POST", "/scim/v2/Groups", `{"displayName":"Deck","members":[{"value":"1"},{"value":"2"}]}`)
	if got := want(t, h, http.StatusOK, "GET", "/teams/1/members", ""); got != `["ann@example.com","bob@example.com"]`+"\n" {
		t.Error(got)
	}
	patch := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[`
	want(t, h, http.StatusNoContent, "PATCH", "/scim/v2/Groups/team-1", patch+`{"op":"remove","path":"members[value eq \"2\"]"}]}`)
	if got := want(t, h, http.StatusOK, "GET", "/teams/1/members", ""); got != `["ann@example.com"]`+"\n" {
		t.Error(got)
	}
	want(t, h, http.StatusOK, "PATCH", "/scim/v2/Users/1", patch+`{"op":"replace","path":"active","value":false},{"op":"add","path":"nickName","value":"Annie"}]}`)
	want(t, h, http.StatusUnauthorized, "POST", "/login", `{"email":"ann@example.com","password":"open sesame"}`)
	want(t, h, http.StatusNoContent, "POST", "/login", `{"email":"bob@example.com","password":"open sesame"}`)
	if got := want(t, h, http.StatusOK, "GET", "/scim/v2/Users/1", ""); !strings.Contains(got, `"nickName":"Annie"`) || !strings.Contains(got, `"groups":[{"value":"team-1"`) {
		t.Error(got)
	}
	c.seesOwnChanges(t, h)
}

// seesOwnChanges checks that a change which the service makes itself is seen,
// with another version.
func (c *crew) seesOwnChanges(t *testing.T, h http.Handler) {
	t.Helper()
	before := want(t, h, http.StatusOK, "GET", "/scim/v2/Users/2", "")
	if _, err := c.db.ExecContext(context.WithoutCancel(t.Context()), "UPDATE users SET last_name = 'Stone' WHERE id = 2"); err != nil {
		t.Fatal(err)
	}
	after := want(t, h, http.StatusOK, "GET", "/scim/v2/Users/2", "")
	version := func(body string) string { _, v, _ := strings.Cut(body, `"version":`); return v[:20] }
	if !strings.Contains(after, `"familyName":"Stone"`) || version(before) == version(after) {
		t.Errorf("before %s, after %s", before, after)
	}
}

// TestWire checks the service with everything that package scimtest knows.
func TestWire(t *testing.T) {
	_, h := open(t, "ann@example.com")
	scimtest.Run(t, scimtest.Target{Handler: h, BaseURL: base + "/scim/v2", Token: "secret"}, nil)
}
