package sqltest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
)

// service is one instance of a SCIM service; the token of a client is its name.
type service struct {
	t       *testing.T
	handler *scim.Handler
}

func (s service) do(client, method, target, body string) (status int, answer string) {
	s.t.Helper()
	q := httptest.NewRequest(method, target, strings.NewReader(body))
	q.Header.Set("Authorization", "Bearer "+client)
	q.Header.Set("Content-Type", "application/scim+json")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, q)
	return w.Code, w.Body.String()
}

// serve makes an instance over a store.
func serve(t *testing.T, s store.Store, types []*schema.ResourceType, adjust func(*scim.Config)) service {
	t.Helper()
	tokens, err := scim.NewBearerTokens(
		scim.Token{ID: "main", Hash: scim.HashToken("main")},
		scim.Token{ID: "okta", Hash: scim.HashToken("okta"), Client: "okta"},
	)
	if err != nil {
		t.Fatal(err)
	}
	c := scim.Config{Types: types, BaseURL: "https://id.example.com/scim/v2", Store: s, Authenticate: tokens.Authenticate}
	adjust(&c)
	h, err := scim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return service{t, h}
}

// Each provisioning client has its own externalId of one user, also in SQL.
func TestExternalIDPerClient(t *testing.T) {
	users := schema.UserDefinition(schema.Extension{Schema: schema.ExternalIDs("okta")}).MustCompile()
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			pool, remove, err := e.fresh(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = remove() }()
			db, err := sqlstore.New(pool, e.dialect, &sqlstore.Config{Types: []*schema.ResourceType{users}})
			if err == nil {
				err = db.Migrate(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			s := serve(t, db.Tenant("acme"), []*schema.ResourceType{users}, func(c *scim.Config) { c.Lifecycle.UniqueExternalID = true })
			checkClients(t, s)
		})
	}
}

func checkClients(t *testing.T, s service) {
	t.Helper()
	var ann struct{ ID string }
	status, answer := s.do("main", "POST", "/Users", `{"userName":"ann","externalId":"1"}`)
	if err := json.Unmarshal([]byte(answer), &ann); err != nil || status != http.StatusCreated {
		t.Fatal(status, answer)
	}
	if status, answer := s.do("okta", "PUT", "/Users/"+ann.ID, `{"userName":"ann","externalId":"2"}`); status != http.StatusOK || !strings.Contains(answer, `"externalId":"2"`) {
		t.Fatal(status, answer)
	}
	if status, answer := s.do("okta", "POST", "/Users", `{"userName":"bob","externalId":"1"}`); status != http.StatusCreated {
		t.Errorf("the other client's externalId: %d %s", status, answer)
	}
	for client, own := range map[string]string{"main": "1", "okta": "2"} {
		if status, answer := s.do(client, "GET", "/Users/"+ann.ID, ""); status != http.StatusOK || !strings.Contains(answer, `"externalId":"`+own+`"`) {
			t.Errorf("%s: %d %s", client, status, answer)
		}
		filter := "/Users?filter=" + url.QueryEscape(`externalId eq "`+own+`"`)
		if status, answer := s.do(client, "GET", filter, ""); status != http.StatusOK || strings.Count(answer, ann.ID) == 0 {
			t.Errorf("%s: %d %s", client, status, answer)
		}
		if status, answer := s.do(client, "POST", "/Users", `{"userName":"eve","externalId":"`+own+`"}`); status != http.StatusConflict {
			t.Errorf("%s: %d %s", client, status, answer)
		}
	}
}
