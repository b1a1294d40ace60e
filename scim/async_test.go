package scim_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scimtest"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// TestAsyncRequests: every verb is carried out later, as it would have been at
// once, and its result can be fetched.
func TestAsyncRequests(t *testing.T) {
	t.Log("9967-2.5.1.1-01, 9967-2.5.1.1-02, 9967-2.5.1.1-04, 9967-2.5.1.1-05, 9967-2.5.1.1-06, 9967-2.5.1.1-07, 9967-2.5.1.1-08")
	t.Log("9967-2.5.1.3-01, 9967-2.5.1.3-02, 9967-3-01, 9967-3-02, 9967-2.2-02")
	s := newAsync(t)
	id := made(t, s, "/Users", `{"userName":"ann"}`)
	seen := map[string]bool{}
	for _, c := range []struct {
		method, path, body string
		status             int
		check              func(r map[string]any, status int) bool
	}{
		{"PUT", "/Users/" + id, `{"userName":"ann","title":"a"}`, 200, func(r map[string]any, _ int) bool { return r["title"] == "a" }},
		{"PATCH", "/Users/" + id, patchBody(`{"op":"add","path":"title","value":"b"}`), 200, func(r map[string]any, _ int) bool { return r["title"] == "b" }},
		{"DELETE", "/Users/" + id, "", 204, func(_ map[string]any, status int) bool { return status == 404 }},
		{"POST", "/Users", `{"userName":"bob"}`, 201, func(r map[string]any, _ int) bool { return r["userName"] == "bob" }},
	} {
		a := s.later(t, c.method, c.path, c.body, "Accept", "image/png")
		if seen[a.txn] {
			t.Errorf("the transaction %s is used twice", a.txn)
		}
		seen[a.txn] = true
		if w, r := s.get(t, "/Users/"+id); c.method != "POST" && c.check(r, w.Code) {
			t.Errorf("%s is carried out at once", c.method)
		}
		if w := do(t, s, "GET", a.location, ""); w.Code != 202 || w.Header().Get("Set-Txn") != a.txn || w.Header().Get("Retry-After") != "1" || w.Body.Len() > 0 {
			t.Errorf("before it is done: %d %v", w.Code, w.Header())
		}
		s.work(t)
		w := do(t, s, "GET", a.location, "", "Accept", "application/secevent+jwt")
		var told scim.Completion
		if err := json.Unmarshal(w.Body.Bytes(), &told); err != nil || w.Code != 200 || w.Header().Get("Content-Type") != "application/secevent+jwt" {
			t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
		}
		if told.TxID != a.txn || told.Status != c.status || told.Method != c.method || told.Response != nil || told.Actor != "writer" {
			t.Errorf("completion %+v", told)
		}
		w, r := s.get(t, told.URI)
		if !c.check(r, w.Code) || told.Location != base+told.URI || c.status != 204 && told.Version != w.Header().Get("ETag") {
			t.Errorf("%s: %+v, the resource is %d %v", c.method, told, w.Code, r)
		}
		if n := s.changes(t)[a.txn]; n != 1 {
			t.Errorf("%s: %d changes", c.method, n)
		}
	}
}

// TestAsyncFailures: what the store alone knows is told by the completion, and
// nothing happens.
func TestAsyncFailures(t *testing.T) {
	t.Log("9967-2.5.1.3-03, 9967-2.5.1.3-04")
	s := newAsync(t)
	id := made(t, s, "/Users", `{"userName":"ann"}`)
	tag := do(t, s, "GET", "/Users/"+id, "").Header().Get("ETag")
	want := map[string]string{}
	queue := func(outcome, method, path, body string, header ...string) {
		want[s.later(t, method, path, body, header...).txn] = outcome
	}
	queue("PATCH 200", "PATCH", "/Users/"+id, patchBody(`{"op":"add","path":"title","value":"a"}`), "If-Match", tag)
	queue("PATCH 412", "PATCH", "/Users/"+id, patchBody(`{"op":"add","path":"title","value":"b"}`), "If-Match", tag)
	queue("PUT 412", "PUT", "/Users/"+id, `{"userName":"eve"}`, "If-None-Match", "*")
	queue("DELETE 412", "DELETE", "/Users/"+id, "", "If-Match", `W/"x", "y"`)
	queue("PATCH 404", "PATCH", "/Users/none", patchBody(`{"op":"add","path":"title","value":"b"}`))
	queue("POST 409 uniqueness", "POST", "/Users", `{"userName":"ANN"}`)
	queue("POST 400 invalidValue", "POST", "/Groups", `{"displayName":"g","members":[{"value":"none"}]}`)
	s.work(t)
	got := map[string]string{}
	for txn, c := range s.completions(t) {
		got[txn] = outcome(c)
		var e struct {
			Schemas        []string
			Status, Detail string
		}
		if c.Status >= 400 && (json.Unmarshal(c.Response, &e) != nil || len(e.Schemas) != 1 || e.Detail == "" || !strings.Contains(got[txn], e.Status)) {
			t.Errorf("response %s", c.Response)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	if changes := s.changes(t); len(changes) != 2 {
		t.Errorf("changes %v", changes)
	}
	if _, r := s.get(t, "/Users/"+id); r["title"] != "a" {
		t.Errorf("the resource is %v", r)
	}
}

// TestAsyncRefusals: what can be refused without the store is refused at once,
// and not kept.
func TestAsyncRefusals(t *testing.T) {
	s := newAsync(t, func(c *scim.Config) {
		c.Authorize = func(_ context.Context, a *scim.Access) error {
			if a.ID == "forbidden" {
				return scim.ErrForbidden
			}
			return nil
		}
		c.Limits.Body, c.Limits.BulkOperations = 500, 1
	})
	for _, c := range []struct {
		method, path, body string
		header             []string
		status             int
	}{
		{"POST", "/Users", `{"userName":`, nil, 400},
		{"POST", "/Users", `{}`, nil, 400},
		{"POST", "/Users", `{"userName":"` + strings.Repeat("x", 600) + `"}`, nil, 413},
		{"POST", "/Users", `{"userName":"a"}`, []string{"Content-Type", "text/xml"}, 415},
		{"POST", "/Users", `{"userName":"a"}`, []string{"Authorization", "Bearer wrong"}, 401},
		{"PUT", "/Users/x", `{"userName":"a"}`, []string{"If-Match", `"`}, 400},
		{"PATCH", "/Users/x", patchBody(`{"op":"add","path":"nothing[","value":1}`), nil, 400},
		{"DELETE", "/Users/forbidden", "", nil, 403},
		{"DELETE", "/Users", "", nil, 405},
		{"POST", "/Nothing", "{}", nil, 404},
		{"POST", "/Me", "{}", nil, 501},
		{"POST", "/Bulk", "{}", nil, 400},
		{"POST", "/Bulk", bulkBody(`{"method":"DELETE","path":"/Users/x"},{"method":"DELETE","path":"/Users/y"}`), nil, 413},
	} {
		w := do(t, s, c.method, c.path, c.body, append([]string{"Prefer", "respond-async"}, c.header...)...)
		if w.Code != c.status || w.Header().Get("Set-Txn") != "" || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %s %.40s: %d %s", c.method, c.path, c.body, w.Code, w.Body)
		}
	}
	if kept := s.journal(t, scim.AsyncKind); len(kept) > 0 {
		t.Errorf("%d requests are kept", len(kept))
	}
}

// TestNotAsync: a preference that makes no sense, or is not one, is ignored.
func TestNotAsync(t *testing.T) {
	t.Log("9967-2.5.1.1-04")
	s := newAsync(t)
	id := made(t, s, "/Users", `{"userName":"ann"}`)
	circle := bulkBody(`{"method":"POST","path":"/Groups","bulkId":"a","data":{"displayName":"a","members":[{"value":"bulkId:b"}]}},
		{"method":"POST","path":"/Groups","bulkId":"b","data":{"displayName":"b","externalId":"bulkId:a"}}`)
	for _, c := range []struct {
		prefer, method, path, body string
		status                     int
	}{
		{"respond-async", "GET", "/Users/" + id, "", 200},
		{"respond-async", "GET", "/Users", "", 200},
		{"respond-async", "POST", "/Users/.search", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}`, 200},
		{"respond-async", "PUT", "/Users/" + id + "?dryRun=true", `{"userName":"ann","title":"a"}`, 200},
		{"respond-async", "POST", "/Bulk", circle, 200},
		{"respond-async", "POST", "/Bulk", bulkBody(""), 200},
		{"respond-async=1", "PUT", "/Users/" + id, `{"userName":"ann","title":"b"}`, 200},
		{"respond_async, \"respond-async", "PUT", "/Users/" + id, `{"userName":"ann","title":"c"}`, 200},
		{"return=minimal, wait=10", "PUT", "/Users/" + id, `{"userName":"ann","title":"d"}`, 200},
		{"", "PUT", "/Users/" + id, `{"userName":"ann","title":"e"}`, 200},
	} {
		w := do(t, s, c.method, c.path, c.body, "Prefer", c.prefer)
		if w.Code != c.status || w.Header().Get("Set-Txn") != "" || w.Header().Get("Preference-Applied") != "" {
			t.Errorf("%s %s: %d %v %s", c.method, c.path, w.Code, w.Header(), w.Body)
		}
	}
	plain := newHandler(t, config(t))
	if w := do(t, plain, "POST", "/Users", `{"userName":"ann"}`, "Prefer", "respond-async"); w.Code != 201 {
		t.Errorf("a service without Async: %d", w.Code)
	}
	if w := do(t, plain, "GET", "/.async/x", ""); w.Code != 404 {
		t.Errorf("a service without Async has results: %d", w.Code)
	}
}

// TestAsyncRights: a request is carried out with the rights that its actor has
// then.
func TestAsyncRights(t *testing.T) {
	var denied bool
	s := newAsync(t, func(c *scim.Config) {
		c.Authorize = func(context.Context, *scim.Access) error {
			if denied {
				return scim.ErrForbidden
			}
			return nil
		}
	})
	id := made(t, s, "/Users", `{"userName":"ann"}`)
	readOnly := asyncTokens[0]
	readOnly.ReadOnly = true
	foreign := asyncTokens[0]
	foreign.Tenant = "elsewhere"
	expired := asyncTokens[0]
	expired.Expires = time.Unix(1, 0)
	for _, c := range []struct {
		what   string
		tokens []scim.Token
		denied bool
		want   string
	}{
		{"revoked", asyncTokens[1:], false, "DELETE 401"},
		{"expired", []scim.Token{expired}, false, "DELETE 401"},
		{"read only", []scim.Token{readOnly}, false, "DELETE 403"},
		{"of another tenant", []scim.Token{foreign}, false, "DELETE 403"},
		{"denied", asyncTokens, true, "DELETE 403"},
		{"good", asyncTokens, false, "DELETE 204"},
	} {
		a := s.later(t, "DELETE", "/Users/"+id, "")
		if err := s.tokens.Set(c.tokens...); err != nil {
			t.Fatal(err)
		}
		denied = c.denied
		s.work(t)
		if got := outcome(s.completions(t)[a.txn]); got != c.want {
			t.Errorf("%s: %s", c.what, got)
		}
		if err := s.tokens.Set(asyncTokens...); err != nil {
			t.Fatal(err)
		}
		denied = false
	}
}

// TestAsyncMe: /Me is whose it was when the request was accepted.
func TestAsyncMe(t *testing.T) {
	s := newAsync(t, func(c *scim.Config) { withMe(t, c) })
	a := s.later(t, "POST", "/Me", `{"userName":"writer"}`)
	s.work(t)
	b := s.later(t, "PATCH", "/Me", patchBody(`{"op":"add","path":"title","value":"me"}`))
	s.work(t)
	all := s.completions(t)
	if outcome(all[a.txn]) != "POST 201" || outcome(all[b.txn]) != "PATCH 200" || all[a.txn].URI != all[b.txn].URI {
		t.Errorf("%+v, %+v", all[a.txn], all[b.txn])
	}
}

// TestAsyncWait: a client that waits gets the normal answer if it comes in time,
// after everything that was accepted before.
func TestAsyncWait(t *testing.T) {
	t.Log("9967-2.5.1.1-03")
	synctest.Test(t, func(t *testing.T) {
		slow := time.Duration(0)
		s := newAsync(t, func(c *scim.Config) {
			c.OnCommit = func(ctx context.Context, _ *scim.Event) error {
				select {
				case <-ctx.Done():
				case <-time.After(slow):
				}
				return ctx.Err()
			}
		})
		s.later(t, "POST", "/Users", `{"userName":"ann"}`)
		w := do(t, s, "POST", "/Users", `{"userName":"ann"}`, "Prefer", "respond-async, wait=10")
		if w.Code != 409 || w.Header().Get("Preference-Applied") != "" {
			t.Errorf("in order: %d %s", w.Code, w.Body)
		}
		w = do(t, s, "POST", "/Users", `{"userName":"bob"}`, "Prefer", "wait=10", "Prefer", `respond-async, wait="10"`)
		if w.Code != 201 || w.Header().Get("ETag") == "" || !strings.Contains(w.Body.String(), "bob") {
			t.Errorf("in time: %d %s", w.Code, w.Body)
		}
		slow = 3 * time.Second
		began := time.Now()
		a := s.later(t, "POST", "/Users", `{"userName":"eve"}`, "Prefer", "respond-async; x=y, wait=2")
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("waited %v", took)
		}
		if got := s.completions(t)[a.txn]; got != nil {
			t.Errorf("done in spite of the time: %+v", got)
		}
		w = do(t, s, "POST", "/Bulk", bulkBody(`{"method":"POST","path":"/Users","bulkId":"1","data":{"userName":"dan"}}`), "Prefer", "respond-async, wait=20")
		if w.Code != 200 || !strings.Contains(w.Body.String(), `"status":"201"`) {
			t.Errorf("bulk in time: %d %s", w.Code, w.Body)
		}
		if got := outcome(s.completions(t)[a.txn]); got != "POST 201" {
			t.Errorf("later: %s", got)
		}
		for txn, n := range s.changes(t) {
			if n != 1 {
				t.Errorf("transaction %s: %d changes", txn, n)
			}
		}
	})
}

// TestAsyncGivesUp: what fails because of the server is tried again, then given
// up and reported; it holds nobody up for ever.
func TestAsyncGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failures, calls int
		var givenUp []string
		s := newAsync(t, func(c *scim.Config) {
			c.Async.Attempts = 3
			c.Async.OnGiveUp = func(_ context.Context, c *scim.Completion) { givenUp = append(givenUp, c.TxID) }
			c.OnCommit = func(context.Context, *scim.Event) error {
				if calls++; calls <= failures {
					panic("the directory is down")
				}
				return nil
			}
		})
		failures = 2
		a := s.later(t, "POST", "/Users", `{"userName":"ann"}`)
		s.work(t)
		failures, calls = 3, 0
		b := s.later(t, "POST", "/Users", `{"userName":"bob"}`)
		c := s.later(t, "POST", "/Users", `{"userName":"eve"}`)
		began := time.Now()
		s.work(t)
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("the pauses are %v", took)
		}
		all := s.completions(t)
		if outcome(all[a.txn]) != "POST 201" || outcome(all[b.txn]) != "POST 500" || outcome(all[c.txn]) != "POST 201" {
			t.Errorf("%s, %s, %s", outcome(all[a.txn]), outcome(all[b.txn]), outcome(all[c.txn]))
		}
		if len(givenUp) != 1 || givenUp[0] != b.txn || strings.Contains(string(all[b.txn].Response), "directory") {
			t.Errorf("given up %v: %s", givenUp, all[b.txn].Response)
		}
	})
}

// TestAsyncResults: the URL of a result is worth something to who was given it.
func TestAsyncResults(t *testing.T) {
	t.Log("9967-5-05")
	s := newAsync(t)
	a := s.later(t, "POST", "/Users", `{"userName":"ann"}`)
	s.work(t)
	for _, c := range []struct {
		what, path, token string
		status            int
	}{
		{"the actor", a.location, token, 200},
		{"another actor", a.location, otherToken, 404},
		{"nobody", a.location, "wrong", 401},
		{"a part", a.location[:len(a.location)-3], token, 404},
		{"no base64", "/.async/%21", token, 404},
		{"nothing", "/.async/", token, 404},
		{"the transaction", "/.async/" + a.txn, token, 404},
	} {
		if w := do(t, s, "GET", c.path, "", "Authorization", "Bearer "+c.token); w.Code != c.status {
			t.Errorf("%s: %d %s", c.what, w.Code, w.Body)
		}
	}
	if w := do(t, s, "DELETE", a.location, ""); w.Code != 405 {
		t.Errorf("DELETE: %d", w.Code)
	}
	s.later(t, "DELETE", "/Users/x", "")
	s.work(t)
	log, err := store.Journal(s.store)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := log.Prune(t.Context(), 1<<40); n == 0 || err != nil {
		t.Fatal(n, err)
	}
	if w := do(t, s, "GET", a.location, ""); w.Code != 202 && w.Code != 404 {
		t.Errorf("after pruning: %d", w.Code)
	}
}

// TestAsyncBacklog: if nobody carries requests out, they are not accepted for
// ever.
func TestAsyncBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAsync(t)
		s.later(t, "POST", "/Users", `{"userName":"ann"}`)
		time.Sleep(15*time.Minute + time.Second)
		w := do(t, s, "POST", "/Users", `{"userName":"bob"}`, "Prefer", "respond-async")
		if w.Code != 503 || w.Header().Get("Retry-After") != "60" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
		s.work(t)
		s.later(t, "POST", "/Users", `{"userName":"bob"}`)
	})
}

// TestAsyncConfig: what cannot work is refused when the service starts.
func TestAsyncConfig(t *testing.T) {
	for _, c := range []struct {
		change func(*scim.Config)
		want   string
	}{
		{func(c *scim.Config) { c.Async.Key = []byte("short") }, "Async.Key: has a key of less than 16 bytes"},
		{func(c *scim.Config) { c.Async.OldKeys = [][]byte{nil} }, "Async.OldKeys: has a key of less than 16 bytes"},
		{func(c *scim.Config) { c.Async.Token = nil }, "Async.Token: is missing"},
		{func(c *scim.Config) { c.Async.Recall = nil }, "Async.Recall: is missing"},
		{func(c *scim.Config) { c.Async.Attempts = -1 }, "Async: has a negative limit"},
		{func(c *scim.Config) { c.Store, c.Journal = store.Basic(memstore.New(nil)), false }, "Async: is set, but the store has no journal or no transactions"},
		{func(c *scim.Config) { c.Async, c.EventURIs = nil, []string{scim.CompletionURI} }, "EventURIs: names completions of asynchronous requests, without Async"},
	} {
		cfg, _ := asyncConfig(t)
		c.change(&cfg)
		var found *scim.ConfigError
		if _, err := scim.New(cfg); !errors.As(err, &found) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %s, got %v", c.want, err)
		}
	}
}

// TestAsyncAdvertised: clients are told what is there, and no more.
func TestAsyncAdvertised(t *testing.T) {
	t.Log("9967-4-01, 9967-4-02, 9967-4-03")
	basic := func(c *scim.Config) {
		c.Store, c.Journal = nil, false
		c.StoreFor = func(*http.Request, *scim.Actor) (scim.Tenant, error) {
			return scim.Tenant{ID: "x", Store: store.Basic(memstore.New(nil))}, nil
		}
	}
	for _, c := range []struct {
		what   string
		change func(*scim.Config)
		want   any
	}{
		{"with it", func(*scim.Config) {}, map[string]any{"asyncRequest": "request", "eventUris": []any{scim.CompletionURI}}},
		{"with events", func(c *scim.Config) { c.EventURIs = []string{"urn:x"} }, map[string]any{"asyncRequest": "request", "eventUris": []any{"urn:x", scim.CompletionURI}}},
		{"events alone", func(c *scim.Config) { c.Async, c.EventURIs = nil, []string{"urn:x"} }, map[string]any{"asyncRequest": "none", "eventUris": []any{"urn:x"}}},
		{"neither", func(c *scim.Config) { c.Async = nil }, nil},
		{"a tenant whose store cannot", basic, nil},
	} {
		cfg, _ := asyncConfig(t)
		c.change(&cfg)
		h := newHandler(t, cfg)
		var told map[string]any
		if err := json.Unmarshal(do(t, h, "GET", "/ServiceProviderConfig", "").Body.Bytes(), &told); err != nil || !reflect.DeepEqual(told["securityEvents"], c.want) {
			t.Errorf("%s: %v, %v", c.what, err, told["securityEvents"])
		}
		if c.want == nil {
			if w := do(t, h, "POST", "/Users", `{"userName":"ann"}`, "Prefer", "respond-async"); w.Code != 201 {
				t.Errorf("%s: %d", c.what, w.Code)
			}
		}
	}
}

// TestAsyncOnTheWire: a service that runs its worker passes the cases that any
// server has to pass.
func TestAsyncOnTheWire(t *testing.T) {
	s := newAsync(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.AsyncRequests(scim.Tenant{Store: s.store}).Run(ctx) }()
	onlyAsync := func(c scimtest.Case) bool { return c.Area == "async" }
	report, err := scimtest.Check(t.Context(), scimtest.Target{BaseURL: base, Handler: s, Token: token}, &scimtest.Options{Match: onlyAsync})
	cancel()
	if err != nil || len(report.Results) < 3 || !errors.Is(<-ended, context.Canceled) {
		t.Fatalf("%v, %+v", err, report)
	}
	for _, r := range report.Results {
		if r.Outcome != scimtest.Passed {
			t.Errorf("%s %v: %s", r.Case.Name, r.Outcome, r.Reason)
		}
	}
}
