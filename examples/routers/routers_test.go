package routers

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scimtest"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// mounts are the ways to mount a handler that the guide shows.
var mounts = map[string]func(http.Handler) http.Handler{
	"net/http": NetHTTP, "chi": Chi, "gin": Gin, "echo": Echo,
}

const token = "token-of-the-tests"

// oddID is an id that is not itself in a path.
const oddID = "a/b c%2F?"

// newHandler returns a handler that holds one user. Without a base URL it writes
// relative references.
func newHandler(t *testing.T, baseURL string) http.Handler {
	t.Helper()
	tokens, err := scim.NewBearerTokens(scim.Token{ID: "tests", Hash: scim.HashToken(token)})
	if err != nil {
		t.Fatal(err)
	}
	user, group := schema.UserDefinition().MustCompile(), schema.GroupDefinition().MustCompile()
	s := memstore.New(nil)
	odd, err := schema.FromStruct(user, struct {
		ID       string `scim:"id"`
		UserName string `scim:"userName"`
	}{oddID, "odd@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Create(t.Context(), odd, store.Write{}); err != nil {
		t.Fatal(err)
	}
	handler, err := scim.New(scim.Config{Types: []*schema.ResourceType{user, group}, Store: s, Authenticate: tokens.Authenticate, BaseURL: baseURL})
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// overMounts runs a test with a server for each way to mount.
func overMounts(t *testing.T, test func(t *testing.T, server *httptest.Server)) {
	gin.SetMode(gin.TestMode)
	for name, mount := range mounts {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(mount(newHandler(t, "")))
			defer server.Close()
			server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			test(t, server)
		})
	}
}

// answer is what a request got.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

func send(t *testing.T, server *httptest.Server, method, path, body string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/scim+json")
	resp, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header}
	_ = json.Unmarshal(data, &a.body) // what is no JSON object stays nil
	return a
}

func (a answer) location(t *testing.T) string {
	t.Helper()
	meta, _ := a.body["meta"].(map[string]any)
	location, _ := meta["location"].(string)
	if location == "" {
		t.Fatalf("%d %v has no meta.location", a.status, a.body)
	}
	return location
}

// The prefix of the router is in every URL that the handler writes, and those
// URLs lead back to the resource.
func TestLife(t *testing.T) {
	overMounts(t, func(t *testing.T, server *httptest.Server) {
		created := send(t, server, "POST", "/scim/v2/Users", `{"schemas":["`+schema.UserURN+`"],"userName":"alice"}`)
		user := created.location(t)
		if created.status != 201 || created.header.Get("Location") != user || !strings.HasPrefix(user, "/scim/v2/Users/") {
			t.Fatalf("created: %d, Location %q, meta.location %q", created.status, created.header.Get("Location"), user)
		}
		patched := send(t, server, "PATCH", user, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
			"Operations":[{"op":"replace","path":"active","value":false}]}`)
		if patched.status != 200 || patched.body["active"] != false {
			t.Errorf("patched: %d %v", patched.status, patched.body)
		}
		id, _ := created.body["id"].(string)
		group := send(t, server, "POST", "/scim/v2/Groups", `{"schemas":["`+schema.GroupURN+`"],"displayName":"g","members":[{"value":"`+id+`"}]}`)
		if members, _ := json.Marshal(group.body["members"]); !strings.Contains(string(members), `"$ref":"`+user+`"`) {
			t.Errorf("members: %s, want a $ref to %s", members, user)
		}
		if got := send(t, server, "GET", user, ""); got.status != 200 || got.location(t) != user {
			t.Errorf("read: %d %v", got.status, got.body)
		}
		if got := send(t, server, "DELETE", user, ""); got.status != 204 {
			t.Errorf("deleted: %d %v", got.status, got.body)
		}
	})
}

// No router may decode, clean or redirect the path of a resource.
func TestEncodedID(t *testing.T) {
	const path = "/scim/v2/Users/a%2Fb%20c%252F%3F"
	overMounts(t, func(t *testing.T, server *httptest.Server) {
		got := send(t, server, "GET", path, "")
		if got.status != 200 || got.body["id"] != oddID {
			t.Fatalf("got %d %v", got.status, got.body)
		}
		if location := got.location(t); location != path {
			t.Errorf("meta.location is %s", location)
		}
	})
}

// The handler answers for everything below the prefix, and the router for
// everything else.
func TestWhoAnswers(t *testing.T) {
	overMounts(t, func(t *testing.T, server *httptest.Server) {
		for _, c := range []struct {
			method, path string
			want         int
			scim         bool   // the error is a SCIM error
			allow        string // methods that must be in Allow
		}{
			{"GET", "/scim/v2/Users/", 200, false, ""},
			{"GET", "/scim/v2/Users?filter=userName+eq+%22odd%40example.com%22", 200, false, ""},
			{"GET", "/scim/v2/Schemas/" + schema.UserURN, 200, false, ""},
			{"PUT", "/scim/v2/Users", 405, true, "GET"},
			{"PATCH", "/scim/v2/Schemas", 405, true, "GET"},
			{"GET", "/scim/v2/Users/unknown", 404, true, ""},
			{"GET", "/scim/v2/Nothing", 404, true, ""},
			{"GET", "/elsewhere", 404, false, ""},
		} {
			got := send(t, server, c.method, c.path, "")
			schemas, _ := json.Marshal(got.body["schemas"])
			isSCIM := strings.Contains(string(schemas), "urn:ietf:params:scim:api:messages:2.0:Error")
			if got.status != c.want || isSCIM != c.scim || !strings.Contains(got.header.Get("Allow"), c.allow) {
				t.Errorf("%s %s: %d %v %v", c.method, c.path, got.status, got.header, got.body)
			}
		}
	})
}

// TestWire sends everything that package scimtest knows through each router.
func TestWire(t *testing.T) {
	gin.SetMode(gin.TestMode)
	for name, mount := range mounts {
		t.Run(name, func(t *testing.T) {
			const base = "http://scim.test/scim/v2"
			scimtest.Run(t, scimtest.Target{Handler: mount(newHandler(t, base)), BaseURL: base, Token: token}, nil)
		})
	}
}
