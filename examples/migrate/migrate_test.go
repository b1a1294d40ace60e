package migrate

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scimtest"
)

const (
	baseURL = "https://id.example.com/scim/v2"
	token   = "token-of-the-tests"
)

func handlers(t *testing.T) (before, after http.Handler) {
	t.Helper()
	before, err := Before(&Directory{})
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := scim.NewBearerTokens(scim.Token{ID: "tests", Hash: scim.HashToken(token)})
	if err != nil {
		t.Fatal(err)
	}
	after, err = After(&Directory{}, tokens.Authenticate, baseURL)
	if err != nil {
		t.Fatal(err)
	}
	return before, after
}

func send(h http.Handler, method, path, body string) (status int, answer string) {
	r := httptest.NewRequest(method, baseURL+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/scim+json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

const alice = `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:scim:2.0:Badge"], "userName": "alice", "externalId": "e1",
	"name": {"givenName": "Alice", "familyName": "A"}, "active": true, "urn:example:scim:2.0:Badge": {"number": "17"}}`

func patchOp(operation string) string {
	return `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [` + operation + `]}`
}

func filter(text string) string { return "/Users?filter=" + url.QueryEscape(text) }

// TestAnswers sends requests to fresh services that hold alice, with the id 1.
// It proves the table in docs/migrate.md, row by row.
func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		method, path, body string
		before, after      string // status and a part of the body
	}{
		"read": {"GET", "/Users/1", "",
			`200 "location":"Users/1"`, `200 "location":"https://id.example.com/scim/v2/Users/1"`},
		"attributes": {"GET", "/Users/1?attributes=userName", "",
			`200 "active":true`, `200 "id":"1","userName":"alice"}`},
		"name taken": {"POST", "/Users", strings.Replace(alice, `"alice"`, `"ALICE"`, 1),
			`409 "uniqueness"`, `409 "uniqueness"`},
		"boolean": {"PATCH", "/Users/1", patchOp(`{"op": "replace", "path": "active", "value": false}`),
			`200 "active":false`, `200 "active":false`},
		"boolean as text": {"PATCH", "/Users/1", patchOp(`{"op": "Replace", "path": "active", "value": "False"}`),
			`400 "invalidValue"`, `200 "active":false`},
		"extension by path": {"PATCH", "/Users/1", patchOp(`{"op": "replace", "path": "urn:example:scim:2.0:Badge:number", "value": "18"}`),
			`200 "number":"18"`, `200 "number":"18"`},
		"extension as object": {"PATCH", "/Users/1", patchOp(`{"op": "replace", "value": {"urn:example:scim:2.0:Badge": {"number": "18"}}}`),
			`400 "invalidValue"`, `200 "number":"18"`},
		"required removed": {"PATCH", "/Users/1", patchOp(`{"op": "remove", "path": "userName"}`),
			`200 "userName":""`, `400 userName: is required and cannot be removed`},
		"filter": {"GET", filter(`userName eq "ALICE"`), "",
			`200 "totalResults":1`, `200 "totalResults":1`},
		"filter on extension": {"GET", filter(`urn:example:scim:2.0:Badge:number eq "17"`), "",
			`200 "totalResults":0`, `200 "totalResults":1`},
		"filter on both": {"GET", filter(`userName eq "alice" and urn:example:scim:2.0:Badge:number eq "17"`), "",
			`400 "invalidFilter"`, `200 "totalResults":1`},
		"filter on externalId": {"GET", filter(`externalId eq "e1"`), "",
			`400 "invalidFilter"`, `200 "totalResults":1`},
		"wrong method": {"PUT", "/Users", "",
			`404 does not exist`, `405 allows GET, HEAD, OPTIONS, POST`},
		"bulk": {"POST", "/Bulk", `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": []}`,
			`404 does not exist`, `200 BulkResponse`},
		"search": {"POST", "/Users/.search", `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "userName eq \"alice\""}`,
			`404 does not exist`, `200 "totalResults":1`},
	} {
		before, after := handlers(t)
		for _, side := range []struct {
			library string
			handler http.Handler
			want    string
		}{{"before", before, c.before}, {"after", after, c.after}} {
			if status, answer := send(side.handler, "POST", "/Users", alice); status != 201 {
				t.Fatalf("%s: %d %s", side.library, status, answer)
			}
			status, answer := send(side.handler, c.method, c.path, c.body)
			wantStatus, part, _ := strings.Cut(side.want, " ")
			if strconv.Itoa(status) != wantStatus || !strings.Contains(answer, part) {
				t.Errorf("%s, %s: %d %s, want %s", name, side.library, status, answer, side.want)
			}
		}
	}
}

// A change that somebody else has overtaken is refused, if the client asks for
// it, and whoever is not asked for a token gets in.
func TestOnlyAfter(t *testing.T) {
	before, after := handlers(t)
	for _, c := range []struct {
		library string
		handler http.Handler
		header  string
		value   string
		want    int
	}{
		{"before", before, "If-Match", `W/"7"`, 200}, {"after", after, "If-Match", `W/"7"`, 412},
		{"before", before, "Authorization", "", 200}, {"after", after, "Authorization", "", 401},
	} {
		send(c.handler, "POST", "/Users", alice)
		r := httptest.NewRequest("PUT", baseURL+"/Users/1", strings.NewReader(alice))
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/scim+json")
		r.Header.Set(c.header, c.value)
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s, %s %q: %d %s, want %d", c.library, c.header, c.value, w.Code, w.Body, c.want)
		}
	}
}

// TestWire checks the cases of the RFCs.
func TestWire(t *testing.T) {
	_, after := handlers(t)
	scimtest.Run(t, scimtest.Target{Handler: after, BaseURL: baseURL, Token: token}, &scimtest.Options{IdPs: []string{}})
}
