package scim_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
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

// withLog makes the handler log to the returned buffer.
func withLog(c *scim.Config) *bytes.Buffer {
	var buf bytes.Buffer
	c.Logger = slog.New(slog.NewTextHandler(&buf, nil))
	return &buf
}

// A hook that panics ends its request with an opaque 500 that is logged, and
// nothing else.
func TestPanickingHooks(t *testing.T) {
	for name, breakIt := range map[string]func(*scim.Config){
		"Authenticate": func(c *scim.Config) { c.Authenticate = func(*http.Request) (*scim.Actor, error) { panic("boom") } },
		"Authorize":    func(c *scim.Config) { c.Authorize = func(context.Context, *scim.Access) error { panic("boom") } },
		"StoreFor": func(c *scim.Config) {
			c.Store, c.StoreFor = nil, func(*http.Request, *scim.Actor) (scim.Tenant, error) { panic("boom") }
		},
		"RateLimit": func(c *scim.Config) {
			c.RateLimit = func(context.Context, *scim.Actor) (time.Duration, bool) { panic("boom") }
		},
		"OnCommit": func(c *scim.Config) { c.OnCommit = func(context.Context, *scim.Event) error { panic("boom") } },
		"Check":    func(c *scim.Config) { c.Check = func(*schema.Resource) error { panic("boom") } },
	} {
		t.Run(name, func(t *testing.T) {
			c := config(t)
			log := withLog(&c)
			breakIt(&c)
			w := do(t, newHandler(t, c), "POST", "/Users", `{"userName":"a"}`)
			if w.Code != 500 || strings.Contains(w.Body.String(), "boom") || !strings.Contains(log.String(), "boom") {
				t.Errorf("got %d %s, logged %s", w.Code, w.Body, log)
			}
		})
	}
}

func TestFaultyHooks(t *testing.T) {
	for name, c := range map[string]struct {
		breakIt func(*scim.Config)
		status  int
	}{
		"no actor": {func(c *scim.Config) { c.Authenticate = func(*http.Request) (*scim.Actor, error) { return nil, nil } }, 500},
		"no id": {func(c *scim.Config) {
			c.Authenticate = func(*http.Request) (*scim.Actor, error) { return &scim.Actor{}, nil }
		}, 500},
		"unknown fault": {func(c *scim.Config) {
			c.Authenticate = func(*http.Request) (*scim.Actor, error) { return nil, errDriver }
		}, 500},
		"own answer": {func(c *scim.Config) {
			c.Authorize = func(context.Context, *scim.Access) error { return &scim.Error{Status: 418, Detail: "tea"} }
		}, 418},
		"no store": {func(c *scim.Config) {
			c.Store, c.StoreFor = nil, func(*http.Request, *scim.Actor) (scim.Tenant, error) { return scim.Tenant{ID: "x"}, nil }
		}, 500},
		"no tenant": {func(c *scim.Config) {
			c.Store, c.StoreFor = nil, func(*http.Request, *scim.Actor) (scim.Tenant, error) { return scim.Tenant{}, store.ErrNotFound }
		}, 404},
		"faulty store": {func(c *scim.Config) { c.Store = errStore{memstore.New(nil), errDriver} }, 500},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t)
			log := withLog(&cfg)
			c.breakIt(&cfg)
			w := do(t, newHandler(t, cfg), "GET", "/Users/1", "")
			if w.Code != c.status || strings.Contains(w.Body.String(), "driver text") {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
			if name == "faulty store" && !strings.Contains(log.String(), "driver text") {
				t.Errorf("the cause is not logged: %s", log)
			}
		})
	}
}

// What is committed is told, with what was tolerated; what changes nothing or
// fails is not. An error of the hook undoes the change.
func TestOnCommit(t *testing.T) {
	var events []*scim.Event
	var veto error
	c := config(t)
	c.OnCommit = func(_ context.Context, e *scim.Event) error {
		events = append(events, e)
		return veto
	}
	h := newHandler(t, c)
	id := idOf(t, h, "/Users", `{"userName":"a","active":"True","shoeSize":4}`)
	do(t, h, "PUT", "/Users/"+id, `{"userName":"a","active":true}`)
	do(t, h, "PUT", "/Users/"+id, `{"userName":"b","active":true}`)
	do(t, h, "PATCH", "/Users/"+id, patchBody(`{"op":"add","path":"title","value":"x"}`))
	do(t, h, "PATCH", "/Users/"+id, patchBody(`{"op":"add","path":"title","value":"x"}`))
	do(t, h, "POST", "/Users", `{"userName":"B"}`)
	veto = &scim.Error{Status: 409, Detail: "held back"}
	if w := do(t, h, "DELETE", "/Users/"+id, ""); w.Code != 409 {
		t.Errorf("the veto was answered with %d %s", w.Code, w.Body)
	}
	if w := do(t, h, "GET", "/Users/"+id, ""); w.Code != 200 {
		t.Errorf("the veto did not undo the deletion: %d", w.Code)
	}
	var got []string
	for _, e := range events {
		got = append(got, strings.TrimSpace(fmt.Sprintln(e.Operation, e.Ref.ID == schema.ID(id), e.Before != nil, e.After != nil, len(e.Diffs), e.Actor.ID)))
	}
	want := []string{
		"create true false true 2 writer", "replace true true true 1 writer", "modify true false true 1 writer", "delete true true false 3 writer",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("events:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r := events[0].Report; len(r.Rewrites) == 0 || r.Rewrites[0].Tolerance != schema.BooleanText || len(r.Ignored) != 1 {
		t.Errorf("report of the creation: %+v", r)
	}
}

// blockingStore waits in Get until the context ends.
type blockingStore struct {
	store.Store
	entered chan struct{}
}

func (s blockingStore) Get(ctx context.Context, _ store.Ref) (*schema.Resource, error) {
	close(s.entered)
	<-ctx.Done()
	return nil, fmt.Errorf("driver text: %w", ctx.Err())
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := config(t)
		c.Store = blockingStore{store.Basic(memstore.New(nil)), make(chan struct{})}
		w := do(t, newHandler(t, c), "GET", "/Users/1", "")
		if w.Code != 503 || w.Header().Get("Retry-After") != "10" {
			t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
		}
	})
}

// A client that goes away ends the work of the store.
func TestClientGoesAway(t *testing.T) {
	c := config(t)
	log := withLog(&c)
	s := blockingStore{store.Basic(memstore.New(nil)), make(chan struct{})}
	c.Store = s
	ctx, cancel := context.WithCancel(t.Context())
	r := httptest.NewRequest("GET", "/Users/1", nil).WithContext(ctx)
	r.Header.Set("Authorization", "Bearer "+token)
	go func() {
		<-s.entered
		cancel()
	}()
	newHandler(t, c).ServeHTTP(httptest.NewRecorder(), r)
	if !strings.Contains(log.String(), "status=499") || strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("logged %s", log)
	}
}

// The access log has what support needs and nothing that is secret.
func TestAccessLog(t *testing.T) {
	c := config(t)
	log := withLog(&c)
	h := newHandler(t, c)
	do(t, h, "POST", "/Users?attributes=id", `{"schemas":["`+userURN+`"],"userName":"secret-name","password":"secret-word","active":"True"}`, "X-Request-Id", "abc-1")
	do(t, h, "GET", "/Users?filter=userName+eq+%22secret-name%22", "")
	do(t, h, "GET", "/Users", "", "Authorization", "Bearer secret-token")
	text := log.String()
	for _, want := range []string{"method=POST path=/Users status=201", "request=abc-1", "actor=writer", "rewrites=[boolean-text]", "status=401"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %s", want, text)
		}
	}
	for _, secret := range []string{"secret", token} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in the log: %s", secret, text)
		}
	}
}

// endless yields bulk operations without end, and counts what is read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	const operation = `{"method":"DELETE","path":"/Users/1"},`
	if e.read == 0 {
		e.read = copy(p, `{"schemas":["`+bulkURN+`"],"Operations":[`)
		return e.read, nil
	}
	n := copy(p, operation)
	e.read += n
	return n, nil
}

// A bulk request of millions of operations is refused as soon as the limit is
// reached, announced or not (7644-3.7.4-03).
func TestEndlessBulk(t *testing.T) {
	h := newHandler(t, config(t))
	body := &endless{}
	r := httptest.NewRequest("POST", "/Bulk", body)
	r.Header.Set("Authorization", "Bearer "+token)
	r.ContentLength = -1
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 413 || body.read > 5<<20 {
		t.Errorf("%d after %d bytes: %s", w.Code, body.read, w.Body)
	}
	announced := &endless{}
	r = httptest.NewRequest("POST", "/Bulk", announced)
	r.Header.Set("Authorization", "Bearer "+token)
	r.ContentLength = 1 << 30
	w = httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 413 || announced.read > 0 {
		t.Errorf("%d after %d bytes: %s", w.Code, announced.read, w.Body)
	}
}

func TestRequestID(t *testing.T) {
	h := newHandler(t, config(t))
	for sent, kept := range map[string]bool{"abc-123": true, "": false, "a b": false, "a\"b": false, strings.Repeat("x", 129): false, "ümlaut": false} {
		got := do(t, h, "GET", "/Users", "", "X-Request-Id", sent).Header().Get("X-Request-Id")
		if got == "" || (got == sent) != kept {
			t.Errorf("sent %q, got %q", sent, got)
		}
	}
}

// observer notes what it is told.
type observer struct {
	mu    sync.Mutex
	lines []string
}

func (o *observer) Begin(ctx context.Context, r scim.RequestInfo) (context.Context, func(scim.Outcome)) {
	return ctx, func(out scim.Outcome) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.lines = append(o.lines, fmt.Sprint(r.Method, " ", r.Route, " ", out.Status, " ", out.Actor, " ", out.Type, " ", out.Err != nil))
	}
}

// breaking is an Observer that panics, at the start or at the end.
type breaking struct{ atStart bool }

func (b breaking) Begin(ctx context.Context, _ scim.RequestInfo) (context.Context, func(scim.Outcome)) {
	if b.atStart {
		panic("boom")
	}
	return ctx, func(scim.Outcome) { panic("boom") }
}

func TestBreakingObserver(t *testing.T) {
	for _, atStart := range []bool{true, false} {
		c := config(t)
		log := withLog(&c)
		c.Observer = breaking{atStart}
		if w := do(t, newHandler(t, c), "GET", "/Users", ""); w.Code != 200 || !strings.Contains(log.String(), "boom") {
			t.Errorf("got %d %s, logged %s", w.Code, w.Body, log)
		}
	}
}

// breakingValues panics while the members of a group are read.
type breakingValues struct{ store.Forward }

func (breakingValues) ReadValues(context.Context, store.Ref, schema.Path) iter.Seq2[schema.Value, error] {
	return func(func(schema.Value, error) bool) { panic("boom") }
}

func TestBreakingStream(t *testing.T) {
	c := config(t)
	log := withLog(&c)
	c.Store = breakingValues{store.Forward{Inner: memstore.New(nil)}}
	h := newHandler(t, c)
	id := idOf(t, h, "/Groups", `{"displayName":"g"}`)
	if w := do(t, h, "GET", "/Groups/"+id, ""); w.Code != 500 || !strings.Contains(log.String(), "boom") {
		t.Errorf("got %d %s, logged %s", w.Code, w.Body, log)
	}
}

func TestObserver(t *testing.T) {
	o := &observer{}
	c := config(t)
	c.Observer = o
	h := newHandler(t, c)
	do(t, h, "GET", "/Users/1", "")
	do(t, h, "GET", "/Users?filter=x", "")
	do(t, h, "GET", "/Nothing", "")
	do(t, h, "POST", "/.search", searchBody(`"count":0`))
	do(t, h, "GET", "/Schemas/x", "", "Authorization", "")
	want := []string{"GET /Users/{id} 404 writer  true", "GET /Users 400 writer invalidFilter true", "GET  404 writer  true", "POST /.search 200 writer  false", "GET /Schemas/{urn} 401   true"}
	if got := strings.Join(o.lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got:\n%s", got)
	}
}

func TestTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tokens := bearer(t, scim.Token{ID: "short", Hash: scim.HashToken("short-lived"), Expires: time.Now().Add(time.Hour)})
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", "BEARER short-lived")
		if actor, err := tokens.Authenticate(r); err != nil || actor.ID != "short" {
			t.Errorf("got %v, %v", actor, err)
		}
		time.Sleep(time.Hour)
		if _, err := tokens.Authenticate(r); !errors.Is(err, scim.ErrUnauthenticated) {
			t.Errorf("an expired token gives %v", err)
		}
		r.Header.Add("Authorization", "Bearer other")
		if _, err := tokens.Authenticate(r); !errors.Is(err, scim.ErrUnauthenticated) {
			t.Errorf("two headers give %v", err)
		}
	})
}

func TestTokenMistakes(t *testing.T) {
	hash := scim.HashToken("x")
	for name, tokens := range map[string][]scim.Token{
		"no id": {{Hash: hash}}, "no hash": {{ID: "a"}}, "hash of nothing": {{ID: "a", Hash: scim.HashToken("")}},
		"same id": {{ID: "a", Hash: hash}, {ID: "a", Hash: scim.HashToken("y")}}, "same hash": {{ID: "a", Hash: hash}, {ID: "b", Hash: hash}},
	} {
		if _, err := scim.NewBearerTokens(tokens...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if parsed, err := scim.ParseTokenHash(hash.String()); err != nil || parsed != hash {
		t.Errorf("the hash reads back as %v, %v", parsed, err)
	}
	var read scim.TokenHash
	if text, err := hash.MarshalText(); err != nil || read.UnmarshalText(text) != nil || read != hash {
		t.Errorf("%s read as %s, %v", text, read, err)
	}
	if err := read.UnmarshalText([]byte("xyz")); err == nil {
		t.Error("three letters were read as a hash")
	}
	if _, err := scim.ParseTokenHash("xyz"); err == nil {
		t.Error("no hash is accepted as one")
	}
}

// A cursor ends with its time.
func TestExpiredCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHandler(t, config(t))
		idOf(t, h, "/Users", `{"userName":"a"}`)
		idOf(t, h, "/Users", `{"userName":"b"}`)
		page := do(t, h, "GET", "/Users?cursor&count=1", "").Body.String()
		_, after, _ := strings.Cut(page, `"nextCursor":"`)
		cursor, _, _ := strings.Cut(after, `"`)
		time.Sleep(11 * time.Minute)
		w := do(t, h, "GET", "/Users?count=1&cursor="+cursor, "")
		if w.Code != 400 || !strings.Contains(w.Body.String(), "expiredCursor") {
			t.Errorf("9865-2.1-03: got %d %s", w.Code, w.Body)
		}
	})
}

// A group whose members do not fit into the first bytes is streamed.
func TestStreamedMembers(t *testing.T) {
	h := newHandler(t, config(t))
	var members []string
	for i := range 1200 {
		id := idOf(t, h, "/Users", fmt.Sprintf(`{"userName":"user-%04d"}`, i))
		members = append(members, `{"value":"`+id+`"}`)
	}
	id := idOf(t, h, "/Groups", `{"displayName":"all","members":[`+strings.Join(members, ",")+`]}`)
	server := httptest.NewServer(h)
	defer server.Close()
	r, err := http.NewRequest("GET", server.URL+"/Groups/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.ContentLength != -1 || resp.Header.Get("ETag") == "" {
		t.Fatalf("%v, length %d, header %v", err, resp.ContentLength, resp.Header)
	}
	r2, _, err := groupType.Decode(body, nil)
	if err != nil || r2.Get(groupType.MustPath("members")).Len() != 1200 {
		t.Errorf("%v, %d members", err, r2.Get(groupType.MustPath("members")).Len())
	}
	if n := strings.Count(string(body), base+"/Users/"); n != 1200 {
		t.Errorf("%d references", n)
	}
	if w := do(t, h, "GET", "/Groups/"+id+"?excludedAttributes=members", ""); w.Body.Len() > 500 {
		t.Errorf("excluded members are there: %d bytes", w.Body.Len())
	}
}
