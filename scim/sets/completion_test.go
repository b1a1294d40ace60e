package sets_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scim/sets"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// later sends a request that is carried out later, carries it out, and returns
// the transaction and the answer from the URL of the result.
func (s source) later(t testing.TB, method, path, body string) (txn string, result *httptest.ResponseRecorder) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Prefer", "respond-async")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != http.StatusAccepted {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if _, err := s.handler.AsyncRequests(scim.Tenant{Store: s.Store}).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	result = httptest.NewRecorder()
	s.handler.ServeHTTP(result, httptest.NewRequest("GET", w.Header().Get("Location"), nil))
	return w.Header().Get("Set-Txn"), result
}

// TestCompletions: what became of a request is one operation of a bulk response,
// from the URL of the result and in the feed of who may know.
func TestCompletions(t *testing.T) {
	t.Log("9967-2.5.1.3-01, 9967-2.5.1.3-02, 9967-2.5.1.3-03, 9967-2.5.1.3-04, 9967-2.5.1.1-06, 9967-2.5.1.2-02, 9967-2.2-02")
	i := issuer(t)
	s := newSource(t, func(c *scim.Config) {
		c.Async = &scim.Async{Key: []byte("a key of the tests for requests"), Token: i.CompletionToken}
	})
	txn, result := s.later(t, "POST", "/Users", `{"userName":"ann"}`)
	created, _ := open(t, result.Body.String())
	p := created.Events[scim.CompletionURI]
	if created.TxID != txn || p.Method != "POST" || p.Status != "201" || p.Version == "" || p.Response != nil || p.Location != created.Subject.URI || !strings.HasPrefix(p.Location, "/Users/") {
		t.Errorf("%+v", created)
	}
	txn, result = s.later(t, "POST", "/Users", `{"userName":"ann"}`)
	refused, _ := open(t, result.Body.String())
	p = refused.Events[scim.CompletionURI]
	if refused.TxID != txn || p.Status != "409" || !strings.Contains(string(p.Response), `"scimType":"uniqueness"`) || refused.Subject.URI != "/Users" {
		t.Errorf("%+v %s", refused, p.Response)
	}
	txn, _ = s.later(t, "POST", "/Bulk", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"bob"}}]}`)
	if claims, _ := s.tokens(t, i); len(claims) != 2 {
		t.Errorf("%d tokens for who may not know of requests", len(claims))
	}
	i.Completions = func(*scim.Completion) bool { return true }
	claims, _ := s.tokens(t, i)
	last := claims[len(claims)-1]
	if len(claims) != 5 || last.TxID != txn+":0" || last.Events[scim.CompletionURI].BulkID != "b" || created.ID != claims[1].ID {
		t.Errorf("%d tokens, %+v", len(claims), last)
	}
}

// serveLater makes a service that carries requests out later, and starts the
// worker that does it. A service with several tenants needs one for each.
func serveLater(ctx context.Context, people store.Store, tokens *scim.BearerTokens) (*scim.Handler, error) {
	signer, err := sets.NewSigner(jose.HS256, key, "k1")
	if err != nil {
		return nil, err
	}
	issuer := &sets.Issuer{Issuer: "https://id.example.com", Signer: signer, Types: types}
	handler, err := scim.New(scim.Config{
		Types: types, Store: people, Authenticate: tokens.Authenticate,
		Async: &scim.Async{Key: key, Recall: tokens.Recall, Token: issuer.CompletionToken},
	})
	if err == nil {
		go handler.AsyncRequests(scim.Tenant{Store: people}).Run(ctx)
	}
	return handler, err
}

// A client asks for a request to be carried out later, and fetches the result.
func ExampleIssuer_CompletionToken() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tokens, err := scim.NewBearerTokens(scim.Token{ID: "okta", Hash: scim.HashToken("secret")})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := serveLater(ctx, memstore.New(nil), tokens)
	if err != nil {
		fmt.Println(err)
		return
	}
	ask := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer secret")
		r.Header.Set("Prefer", "respond-async")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	w := ask("POST", "/Users", `{"userName":"ann"}`)
	fmt.Println(w.Code, w.Header().Get("Preference-Applied"))
	location := w.Header().Get("Location")
	for w.Code == http.StatusAccepted { // until the worker has done it
		w = ask("GET", location, "")
	}
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	// Output:
	// 202 respond-async
	// 200 application/secevent+jwt
}
