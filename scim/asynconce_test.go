package scim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// TestAsyncOnce: several processes carry requests out, clients that wait do so
// too, and each request is carried out once and in order.
func TestAsyncOnce(t *testing.T) {
	const n = 40
	synctest.Test(t, func(t *testing.T) {
		s := newAsync(t)
		id := made(t, s, "/Users", `{"userName":"ann"}`)
		var txns []string
		for i := range n {
			a := s.later(t, "PATCH", "/Users/"+id, patchBody(fmt.Sprintf(`{"op":"add","path":"title","value":"%d"}`, i)))
			s.later(t, "POST", "/Bulk", bulkBody(fmt.Sprintf(`{"method":"POST","path":"/Users","bulkId":"1","data":{"userName":"a%d"}},{"method":"POST","path":"/Users","bulkId":"2","data":{"userName":"b%d"}}`, i, i)))
			txns = append(txns, a.txn)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 3 {
			worker := newHandlerLike(t, s) // another process
			all.Go(func() {
				if err := worker.AsyncRequests(scim.Tenant{Store: s.store}).Run(ctx); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		all.Go(func() {
			if w := do(t, s, "PATCH", "/Users/"+id, patchBody(`{"op":"add","path":"title","value":"last"}`), "Prefer", "respond-async, wait=30"); w.Code != 200 && w.Code != 202 {
				t.Errorf("who waits gets %d %s", w.Code, w.Body)
			}
			cancel()
		})
		all.Wait()
		s.work(t)
		if got := len(s.completions(t)); got != 3*n+1 {
			t.Errorf("%d completions", got)
		}
		for txn, c := range s.completions(t) {
			if c.Response != nil || s.changes(t)[txn] != 1 {
				t.Errorf("%s: %s, %d changes", txn, outcome(c), s.changes(t)[txn])
			}
		}
		at := 0
		for _, e := range s.journal(t, scim.CompletionKind) {
			if at < len(txns) && e.TxID == txns[at] {
				at++
			}
		}
		if _, r := s.get(t, "/Users/"+id); at != n || r["title"] != "last" {
			t.Errorf("%d in order, title %v", at, r["title"])
		}
	})
}

// newHandlerLike is a handler of another process for the same store.
func newHandlerLike(t testing.TB, s asyncService) *scim.Handler {
	c, _ := asyncConfig(t)
	c.Store = s.store
	return newHandler(t, c)
}

// TestAsyncInterrupted: a process that ends in the middle of a request leaves
// nothing of it, and another one carries it out.
func TestAsyncInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := newAsync(t, func(c *scim.Config) {
		c.OnCommit = func(context.Context, *scim.Event) error { cancel(); return nil }
	})
	a := s.later(t, "POST", "/Users", `{"userName":"ann"}`)
	if _, err := s.AsyncRequests(scim.Tenant{Store: s.store}).Drain(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if len(s.completions(t))+len(s.changes(t)) > 0 {
		t.Error("something is left of it")
	}
	waiting := 0
	for _, err := range s.AsyncRequests(scim.Tenant{Store: s.store}).Pending(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		waiting++
	}
	s.work(t)
	if got := outcome(s.completions(t)[a.txn]); got != "POST 201" || waiting != 1 {
		t.Errorf("%s, %d were waiting", got, waiting)
	}
}

// TestAsyncSecrets: passwords are in the journal only under seal, and in no log,
// event or completion at all.
func TestAsyncSecrets(t *testing.T) {
	const canary = "c4n4ry-p4ssw0rd"
	var logged bytes.Buffer
	s := newAsync(t, func(c *scim.Config) { c.Logger = slog.New(slog.NewJSONHandler(&logged, nil)) })
	id := made(t, s, "/Users", `{"userName":"ann"}`)
	s.later(t, "POST", "/Users", `{"userName":"bob","password":"`+canary+`"}`)
	s.later(t, "PATCH", "/Users/"+id, patchBody(`{"op":"add","path":"password","value":"`+canary+`"}`))
	s.later(t, "POST", "/Bulk", bulkBody(`{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"bob","password":"`+canary+`"}}`))
	s.work(t)
	log, err := store.Journal(s.store)
	if err != nil {
		t.Fatal(err)
	}
	entries := 0
	for e, err := range log.Read(t.Context(), 0) {
		if err != nil || bytes.Contains(e.Data, []byte(canary)) {
			t.Errorf("%v: %s", err, e.Data)
		}
		entries++
	}
	if strings.Contains(logged.String(), canary) || entries < 9 {
		t.Errorf("%d entries, log %s", entries, &logged)
	}
	for r, err := range s.store.Scan(t.Context(), "User", "") {
		if err != nil || r.Get(userType.MustPath("password")).Text() != canary {
			t.Errorf("%v: the password did not arrive", err)
		}
	}
}

// TestAsyncTampering: what was changed in the journal, sealed with another key,
// or is another tenant's, is not carried out and does not hold up the rest.
func TestAsyncTampering(t *testing.T) {
	original := newAsync(t)
	a := original.later(t, "POST", "/Users", `{"userName":"ann"}`)
	entry := original.journal(t, scim.AsyncKind)[0]
	for _, c := range []struct {
		what   string
		change func(e *store.Entry)
		config func(*scim.Config)
		tenant store.TenantID
		want   string
	}{
		{"as it was", func(*store.Entry) {}, nil, "", "POST 201"},
		{"old key", func(*store.Entry) {}, func(c *scim.Config) {
			c.Async.Key, c.Async.OldKeys = []byte("a key that came after the other"), [][]byte{asyncKey}
		}, "", "POST 201"},
		{"other key", func(*store.Entry) {}, func(c *scim.Config) { c.Async.Key = []byte("a key that has never been here") }, "", "500"},
		{"other actor", func(e *store.Entry) { e.Data = bytes.Replace(e.Data, []byte("writer"), []byte("other"), 1) }, nil, "", "500"},
		{"other transaction", func(e *store.Entry) { e.TxID = "forged" }, nil, "", "500"},
		{"other tenant", func(*store.Entry) {}, nil, "b", "500"},
		{"no data", func(e *store.Entry) { e.Data = nil }, nil, "", "500"},
		{"an empty object", func(e *store.Entry) { e.Data = []byte("{}") }, nil, "", "500"},
	} {
		cfg, _ := asyncConfig(t)
		if c.config != nil {
			c.config(&cfg)
		}
		s := asyncService{newHandler(t, cfg), cfg.Store, nil}
		log, err := store.Journal(s.store)
		if err != nil {
			t.Fatal(err)
		}
		e := entry
		c.change(&e)
		if err := log.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AsyncRequests(scim.Tenant{ID: c.tenant, Store: s.store}).Drain(t.Context()); err != nil {
			t.Errorf("%s: %v", c.what, err)
		}
		if got := outcome(s.completions(t)[e.TxID]); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: %s", c.what, got)
		}
		if n := len(s.changes(t)); (n == 1) != (c.want == "POST 201") {
			t.Errorf("%s: %d changes", c.what, n)
		}
	}
	if a.txn != entry.TxID {
		t.Errorf("Set-Txn %s, entry %s", a.txn, entry.TxID)
	}
}

// TestAsyncTenants: what one tenant accepted is in its own store and nowhere
// else, and another tenant's actor cannot see what became of it.
func TestAsyncTenants(t *testing.T) {
	c, _ := asyncConfig(t)
	stores := &memstore.Tenants{}
	twoTenants(t, &c)
	c.StoreFor = tenantsOf(stores)
	c.Async.Recall = func(_ context.Context, was scim.Actor) (*scim.Actor, error) { return &was, nil }
	h := newHandler(t, c)
	w := do(t, h, "POST", "/Users", `{"userName":"ann"}`, "Prefer", "respond-async")
	if w.Code != 202 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	location := strings.TrimPrefix(w.Header().Get("Location"), "https://a.example.com/scim/v2")
	for _, tenant := range []store.TenantID{"b", "a"} {
		n, err := h.AsyncRequests(scim.Tenant{ID: tenant, Store: stores.Tenant(tenant)}).Drain(t.Context())
		if err != nil || n != map[store.TenantID]int{"a": 1}[tenant] {
			t.Errorf("tenant %s: %d, %v", tenant, n, err)
		}
	}
	own, foreign := do(t, h, "GET", location, ""), do(t, h, "GET", location, "", "Authorization", "Bearer "+otherToken)
	var told scim.Completion
	if err := json.Unmarshal(own.Body.Bytes(), &told); err != nil || told.Tenant != "a" || !strings.HasPrefix(told.Location, "https://a.example.com/scim/v2/Users/") {
		t.Errorf("%v: %+v", err, told)
	}
	if foreign.Code != 404 {
		t.Errorf("another tenant: %d %s", foreign.Code, foreign.Body)
	}
}

// TestAsyncAtOnce: the consumer of the process that accepts a request does not
// wait until it looks again.
func TestAsyncAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAsync(t)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.AsyncRequests(scim.Tenant{Store: s.store}).Run(ctx) }()
		synctest.Wait()
		began := time.Now()
		a := s.later(t, "POST", "/Users", `{"userName":"ann"}`)
		synctest.Wait()
		if got := outcome(s.completions(t)[a.txn]); got != "POST 201" || time.Since(began) != 0 {
			t.Errorf("%s after %v", got, time.Since(began))
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// TestAsyncBrake: what the brake holds is told by the completion, and noted for
// the operator.
func TestAsyncBrake(t *testing.T) {
	s := newAsync(t, func(c *scim.Config) {
		c.Lifecycle.Brake = &scim.Brake{Limits: []scim.BrakeLimit{{Kind: scim.Removed, Window: time.Hour, Max: 1}}}
	})
	var txns []string
	for _, name := range []string{"ann", "bob", "eve"} {
		id := made(t, s, "/Users", `{"userName":"`+name+`"}`)
		txns = append(txns, s.later(t, "DELETE", "/Users/"+id, "").txn)
	}
	s.work(t)
	var got []string
	for _, txn := range txns {
		got = append(got, outcome(s.completions(t)[txn]))
	}
	held, err := s.Holds(t.Context(), scim.Tenant{Store: s.store})
	if fmt.Sprint(got) != "[DELETE 204 DELETE 409 DELETE 409]" || err != nil || len(held) != 1 || held[0].Held != 2 {
		t.Errorf("%v, %+v, %v", got, held, err)
	}
}

// TestAsyncClients: a request is carried out for the provisioning client that made
// it, with its externalIds and nobody else's.
func TestAsyncClients(t *testing.T) {
	tokens := bearer(t, scim.Token{ID: "okta", Hash: scim.HashToken(token), Client: "okta"}, scim.Token{ID: "hr", Hash: scim.HashToken(otherToken), Client: "hr"})
	s := newAsync(t, func(c *scim.Config) {
		c.Types, c.Authenticate, c.Async.Recall = []*schema.ResourceType{sharedUsers, sharedGroups}, tokens.Authenticate, tokens.Recall
	})
	s.later(t, "POST", "/Users", `{"userName":"ann","externalId":"00u1"}`)
	s.later(t, "POST", "/Users", `{"userName":"bob","externalId":"00u1"}`, "Authorization", "Bearer "+otherToken)
	moved := s.later(t, "POST", "/Users", `{"userName":"eve","externalId":"00u2"}`)
	s.work(t)
	for credentials, name := range map[string]string{token: "ann", otherToken: "bob"} {
		w := do(t, s, "GET", `/Users?filter=externalId+eq+"00u1"`, "", "Authorization", "Bearer "+credentials)
		if !strings.Contains(w.Body.String(), `"totalResults":1`) || !strings.Contains(w.Body.String(), name) {
			t.Errorf("%s: %s", name, w.Body)
		}
	}
	if got := outcome(s.completions(t)[moved.txn]); got != "POST 201" {
		t.Errorf("got %s", got)
	}
}

// TestAsyncRecallFails: a hook that gives another actor, or none, or panics, is a
// fault of the host, and nothing is done in anybody's name.
func TestAsyncRecallFails(t *testing.T) {
	for what, recall := range map[string]func(context.Context, scim.Actor) (*scim.Actor, error){
		"nobody":         func(context.Context, scim.Actor) (*scim.Actor, error) { return nil, nil },
		"another":        func(context.Context, scim.Actor) (*scim.Actor, error) { return &scim.Actor{ID: "other"}, nil },
		"another client": func(_ context.Context, was scim.Actor) (*scim.Actor, error) { was.Client = "x"; return &was, nil },
		"an error":       func(context.Context, scim.Actor) (*scim.Actor, error) { return nil, errDriver },
		"a panic":        func(context.Context, scim.Actor) (*scim.Actor, error) { panic("recall") },
	} {
		s := newAsync(t, func(c *scim.Config) { c.Async.Recall, c.Async.Attempts = recall, 1 })
		a := s.later(t, "POST", "/Users", `{"userName":"ann"}`)
		s.work(t)
		c := s.completions(t)[a.txn]
		if outcome(c) != "POST 500" || len(s.changes(t)) > 0 || strings.Contains(string(c.Response), "secret") {
			t.Errorf("%s: %s %s", what, outcome(c), c.Response)
		}
	}
}

// TestGiveUpAsync: an operator can take the request out of the way that ends every
// process.
func TestGiveUpAsync(t *testing.T) {
	s := newAsync(t)
	tenant := scim.Tenant{Store: s.store}
	a := s.later(t, "POST", "/Users", `{"userName":"ann"}`)
	b := s.later(t, "POST", "/Users", `{"userName":"bob"}`)
	for _, c := range []struct {
		txn  string
		want error
	}{{b.txn, store.ErrNotFound}, {"none", store.ErrNotFound}, {a.txn, nil}, {a.txn, store.ErrNotFound}} {
		if err := s.GiveUpAsync(t.Context(), tenant, c.txn); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.txn, err)
		}
	}
	if len(s.completions(t)) != 1 {
		t.Errorf("more than one is done: %v", s.completions(t))
	}
	s.work(t)
	if err := s.GiveUpAsync(t.Context(), tenant, b.txn); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what is done is given up: %v", err)
	}
	all := s.completions(t)
	if outcome(all[a.txn]) != "POST 500" || outcome(all[b.txn]) != "POST 201" || len(s.changes(t)) != 1 {
		t.Errorf("%s, %s, changes %v", outcome(all[a.txn]), outcome(all[b.txn]), s.changes(t))
	}
	if err := newHandler(t, config(t)).GiveUpAsync(t.Context(), tenant, a.txn); err == nil {
		t.Error("without Async there is no error")
	}
}

// TestAsyncLog: whoever reads the log sees what became of a request, and which
// request it was; so does the Observer.
func TestAsyncLog(t *testing.T) {
	var logged bytes.Buffer
	var watched watcher
	s := newAsync(t, func(c *scim.Config) { c.Logger, c.Observer = slog.New(slog.NewJSONHandler(&logged, nil)), &watched })
	for _, body := range []string{`{"userName":"ann"}`, `{"userName":"ANN"}`} {
		a := s.later(t, "POST", "/Users", body, "X-Request-Id", "r-1")
		logged.Reset()
		s.work(t)
		status := s.completions(t)[a.txn].Status
		var record struct {
			Msg, Txn, Request string
			Status            int
		}
		if err := json.Unmarshal(logged.Bytes(), &record); err != nil || record.Txn != a.txn || record.Request != "r-1" || record.Status != status || !strings.HasPrefix(record.Msg, "scim asynchronous request") {
			t.Errorf("%v: %s", err, &logged)
		}
		if o := watched.last; o.Status != status || o.Actor != "writer" || (o.Err == nil) != (status == 201) {
			t.Errorf("outcome %+v", o)
		}
	}
}

// watcher keeps the last outcome.
type watcher struct{ last scim.Outcome }

func (w *watcher) Begin(ctx context.Context, _ scim.RequestInfo) (context.Context, func(scim.Outcome)) {
	return ctx, func(o scim.Outcome) { w.last = o }
}
