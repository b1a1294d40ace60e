package scim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

var (
	asyncKey    = []byte("a key of the tests for requests")
	asyncTokens = []scim.Token{
		{ID: "writer", Hash: scim.HashToken(token)},
		{ID: "other", Hash: scim.HashToken(otherToken)},
	}
)

// asyncService is a service that carries requests out later.
type asyncService struct {
	*scim.Handler
	store  store.Store
	tokens *scim.BearerTokens
}

// asyncConfig has an Async whose tokens are plain JSON.
func asyncConfig(t testing.TB) (scim.Config, *scim.BearerTokens) {
	c, tokens := config(t), bearer(t, asyncTokens...)
	c.Authenticate = tokens.Authenticate
	c.Store, c.Journal, c.Async = memstore.New(nil), true, plainAsync(tokens)
	return c, tokens
}

func plainAsync(tokens *scim.BearerTokens) *scim.Async {
	return &scim.Async{
		Key: asyncKey, Recall: tokens.Recall,
		Token: func(_ context.Context, c *scim.Completion) (string, string, error) {
			text, err := json.Marshal(c)
			return "jti-" + c.TxID, string(text), err
		},
	}
}

// carriedOutLater is the configuration "async" of golden files. A token is what
// would be signed, without issuer and time.
func carriedOutLater(t testing.TB, c *scim.Config) {
	tokens := bearer(t, asyncTokens...)
	c.Authenticate, c.Async = tokens.Authenticate, plainAsync(tokens)
	c.Async.Token = func(_ context.Context, c *scim.Completion) (string, string, error) {
		event := map[string]any{"method": c.Method, "bulkId": c.BulkID, "version": c.Version, "location": c.Location, "status": strconv.Itoa(c.Status), "response": c.Response}
		maps.DeleteFunc(event, func(_ string, v any) bool { return reflect.ValueOf(v).IsZero() })
		claims, err := json.Marshal(map[string]any{
			"jti": c.ID, "txn": c.TxID, "sub_id": map[string]any{"format": "scim", "uri": c.URI},
			"events": map[string]any{scim.CompletionURI: event},
		})
		return c.ID, string(claims), err
	}
}

func newAsync(t testing.TB, adjust ...func(*scim.Config)) asyncService {
	t.Helper()
	c, tokens := asyncConfig(t)
	for _, f := range adjust {
		f(&c)
	}
	return asyncService{newHandler(t, c), c.Store, tokens}
}

// accepted is what a client knows of a request that is carried out later.
type accepted struct{ txn, location string }

// later sends a request that has to be accepted.
func (s asyncService) later(t testing.TB, method, target, body string, header ...string) accepted {
	t.Helper()
	w := do(t, s, method, target, body, append([]string{"Prefer", "respond-async"}, header...)...)
	h := w.Header()
	if w.Code != http.StatusAccepted || w.Body.Len() > 0 || h.Get("Set-Txn") == "" || h.Get("Preference-Applied") != "respond-async" {
		t.Fatalf("%s %s: %d %v %s", method, target, w.Code, h, w.Body)
	}
	if !strings.HasPrefix(h.Get("Location"), base+"/.async/") || h.Get("Content-Location") != "" || h.Get("Content-Type") != "" {
		t.Errorf("headers %v", h)
	}
	return accepted{h.Get("Set-Txn"), strings.TrimPrefix(h.Get("Location"), base)}
}

// work carries out what was accepted.
func (s asyncService) work(t testing.TB) {
	t.Helper()
	if _, err := s.AsyncRequests(scim.Tenant{Store: s.store}).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// journal returns the entries of a kind.
func (s asyncService) journal(t testing.TB, kind string) (list []store.Entry) {
	t.Helper()
	log, err := store.Journal(s.store)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range log.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

// completions returns what became of requests, by transaction.
func (s asyncService) completions(t testing.TB) map[string]*scim.Completion {
	t.Helper()
	all := map[string]*scim.Completion{}
	for _, e := range s.journal(t, scim.CompletionKind) {
		c, err := scim.ParseCompletion(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		if all[c.TxID] != nil || c.TxID != e.TxID || c.ID == "" {
			t.Errorf("completion %+v in entry %d of transaction %s", c, e.Seq, e.TxID)
		}
		all[c.TxID] = c
	}
	return all
}

// changes counts the changes that were committed, by transaction.
func (s asyncService) changes(t testing.TB) map[string]int {
	t.Helper()
	all := map[string]int{}
	for _, e := range s.journal(t, scim.JournalKind) {
		r, err := scim.ParseRecord(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		if r.Refused == nil {
			all[r.TxID]++
		}
	}
	return all
}

// outcome tells the important parts of a completion.
func outcome(c *scim.Completion) string {
	if c == nil {
		return "nothing"
	}
	var e struct{ Status, ScimType, Detail string }
	_ = json.Unmarshal(c.Response, &e)
	return strings.TrimSpace(fmt.Sprintf("%s %d %s", c.Method, c.Status, e.ScimType))
}

// get reads a resource.
func (s asyncService) get(t testing.TB, path string) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	w := do(t, s, "GET", path, "")
	var r map[string]any
	_ = json.Unmarshal(w.Body.Bytes(), &r)
	return w, r
}
