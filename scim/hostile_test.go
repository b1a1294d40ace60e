package scim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// The canaries: values that nobody sends, so that wherever one appears it was
// read from where it is kept.
const (
	secretCanary = "kept-secret-5b1f" // of returned:never attributes, in both tenants
	tenantCanary = "kept-apart-c94e-" // followed by the name of the tenant
)

// hostileRequest is the most that one request may allocate in bytes. Bodies are
// at most 16 KiB; a page holds at most 50 resources.
const hostileRequest = 32 << 20

// hostileWorld is a service with two tenants, and what a client has seen of it.
type hostileWorld struct {
	handler *scim.Handler
	stores  memstore.Tenants
	ids     map[store.TenantID][]string // by tenant; the users first
	etags   []string
	cursors []string
	leaks   bytes.Buffer // the log, and every event
	answers map[int]int  // how often each status was answered
}

var hostileTenants = []store.TenantID{"a", "b"}

func newHostileWorld(tb testing.TB, basic bool) *hostileWorld {
	tb.Helper()
	w := &hostileWorld{ids: make(map[store.TenantID][]string), answers: make(map[int]int)}
	note := func(_ context.Context, e *scim.Event) error { return json.NewEncoder(&w.leaks).Encode(e) }
	c := scim.Config{
		Types:     types(),
		Limits:    scim.Limits{Body: 1 << 14, BulkBody: 1 << 14, BulkOperations: 20, PageSize: 50, DefaultPageSize: 3},
		CursorKey: []byte("a key of the fuzz tests"),
		Timeout:   10 * time.Second, // a request that takes longer is answered with 503, which is a failure
		Logger:    slog.New(slog.NewJSONHandler(&w.leaks, nil)),
		OnCommit:  note,
		OnRefuse:  func(ctx context.Context, e *scim.Event) { _ = note(ctx, e) },
		Authenticate: bearer(tb,
			scim.Token{ID: "a", Hash: scim.HashToken("a"), Tenant: "a", Debug: true},
			scim.Token{ID: "b", Hash: scim.HashToken("b"), Tenant: "b"},
		).Authenticate,
		StoreFor: func(_ *http.Request, actor *scim.Actor) (scim.Tenant, error) {
			if actor == nil {
				return scim.Tenant{}, store.ErrNotFound
			}
			return scim.Tenant{ID: actor.Tenant, Store: w.store(actor.Tenant, basic)}, nil
		},
		Async: &scim.Async{
			Key: []byte("a key of the fuzz tests"), Attempts: 1,
			Recall: func(_ context.Context, was scim.Actor) (*scim.Actor, error) { return &was, nil },
			Token: func(_ context.Context, c *scim.Completion) (string, string, error) {
				text, err := c.MarshalJSON()
				return c.ID, string(text), err
			},
			OnGiveUp: func(_ context.Context, c *scim.Completion) { tb.Errorf("given up: %+v", c) },
		},
		Me: func(_ context.Context, actor *scim.Actor) (store.Ref, error) {
			return store.Ref{Type: "User", ID: schema.ID(w.ids[actor.Tenant][0])}, nil
		},
	}
	w.handler = newHandler(tb, c)
	for _, tenant := range hostileTenants {
		w.settle(tb, tenant)
	}
	return w
}

func (w *hostileWorld) store(tenant store.TenantID, basic bool) store.Store {
	if s := w.stores.Tenant(tenant); !basic {
		return s
	}
	return store.Basic(w.stores.Tenant(tenant))
}

// settle creates four users with secrets, and a group of two of them.
func (w *hostileWorld) settle(tb testing.TB, tenant store.TenantID) {
	create := func(typ *schema.ResourceType, body string) {
		r, _, err := typ.Decode([]byte(body), nil)
		if err == nil {
			r, err = w.stores.Tenant(tenant).Create(tb.Context(), r, store.Write{})
		}
		if err != nil {
			tb.Fatal(err)
		}
		w.ids[tenant] = append(w.ids[tenant], string(r.ID()))
	}
	for _, name := range []string{"ann", "bob", "cid", "dee"} {
		create(userType, `{"userName":"`+name+`","externalId":"`+name+`","password":"`+secretCanary+`","displayName":"`+tenantCanary+string(tenant)+
			`","emails":[{"type":"work","value":"`+name+`@example.com","primary":true}],"urn:example:2.0:Badge":{"number":"1","pin":"`+secretCanary+`"}}`)
	}
	ids := w.ids[tenant]
	create(groupType, `{"displayName":"`+tenantCanary+string(tenant)+`","members":[{"value":"`+ids[0]+`"},{"value":"`+ids[1]+`"}]}`)
}

// send sends one request of a tenant and checks everything that can be seen.
func (w *hostileWorld) send(t *testing.T, tenant store.TenantID, q hostileQuery) {
	t.Helper()
	u, err := url.ParseRequestURI(q.target)
	if err != nil || q.method == "" {
		return // no server gets to see it
	}
	r := httptest.NewRequest(http.MethodGet, "/", strings.NewReader(q.body))
	r.Method, r.URL, r.RequestURI = q.method, u, q.target
	r.Header = q.header
	r.Header.Set("Authorization", "Bearer "+string(tenant))
	before := allocated()
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	if n := allocated() - before; n > hostileRequest {
		t.Fatalf("%s %s allocated %d bytes\n%s", q.method, q.target, n, q.body)
	}
	w.answers[answer.Code]++
	w.check(t, tenant, q, answer)
	w.learn(answer)
	if answer.Code == http.StatusAccepted {
		w.carryOut(t, tenant, q, answer.Header().Get("Location"))
	}
}

// carryOut does what was accepted, and looks at the result as both tenants.
func (w *hostileWorld) carryOut(t *testing.T, tenant store.TenantID, q hostileQuery, location string) {
	t.Helper()
	if _, err := w.handler.AsyncRequests(scim.Tenant{ID: tenant, Store: w.stores.Tenant(tenant)}).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, reader := range hostileTenants {
		r := httptest.NewRequest(http.MethodGet, location, http.NoBody)
		r.Header.Set("Authorization", "Bearer "+string(reader))
		answer := httptest.NewRecorder()
		w.handler.ServeHTTP(answer, r)
		if want := map[bool]int{true: 200, false: 404}[reader == tenant]; answer.Code != want {
			t.Fatalf("the result of %s %s of tenant %s is answered to %s with %d %s", q.method, q.target, tenant, reader, answer.Code, answer.Body)
		}
		w.check(t, reader, q, answer)
	}
}

func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func (w *hostileWorld) check(t *testing.T, tenant store.TenantID, q hostileQuery, answer *httptest.ResponseRecorder) {
	t.Helper()
	if q.method != http.MethodHead && answer.Code != http.StatusNotModified {
		checkAnswer(t, answer)
	} else if answer.Code >= 500 && answer.Code != http.StatusNotImplemented {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	var all bytes.Buffer
	_ = answer.Header().Write(&all)
	all.Write(answer.Body.Bytes())
	for _, other := range hostileTenants {
		if other != tenant && bytes.Contains(all.Bytes(), []byte(tenantCanary+other)) {
			t.Fatalf("%s %s of tenant %s shows tenant %s:\n%s", q.method, q.target, tenant, other, all.String())
		}
	}
	all.Write(w.leaks.Bytes())
	w.leaks.Reset()
	if bytes.Contains(all.Bytes(), []byte(secretCanary)) {
		t.Fatalf("%s %s shows a secret:\n%s", q.method, q.target, all.String())
	}
}

// learn keeps what later requests may use: ids, versions and cursors.
func (w *hostileWorld) learn(answer *httptest.ResponseRecorder) {
	if tag := answer.Header().Get("ETag"); tag != "" {
		w.etags = append(w.etags, tag)
	}
	var page struct {
		NextCursor string `json:"nextCursor"`
	}
	if json.Unmarshal(answer.Body.Bytes(), &page) == nil && page.NextCursor != "" {
		w.cursors = append(w.cursors, page.NextCursor)
	}
}

// audit checks that a tenant's store is consistent: keys are unique, each
// member exists, both ends of a membership agree, versions are those that the
// handler tells, and secrets were not lost to anybody's mistake.
func (w *hostileWorld) audit(t *testing.T, tenant store.TenantID) {
	t.Helper()
	s := w.stores.Tenant(tenant)
	keys := make(map[schema.Key]schema.ID)
	groups := make(map[schema.ID][]schema.ID) // by member
	known := make(map[schema.ID]bool)
	for _, typ := range types() {
		for r, err := range s.Scan(t.Context(), typ.Name(), "") {
			if err != nil {
				t.Fatal(err)
			}
			known[r.ID()] = true
			for _, key := range r.Keys() {
				if other, taken := keys[key]; taken {
					t.Fatalf("%s and %s both have %v", other, r.ID(), key)
				}
				keys[key] = r.ID()
			}
			if typ == groupType {
				for v, err := range store.ReadValues(t.Context(), s, store.RefOf(r), typ.MustPath("members")) {
					if err != nil {
						t.Fatal(err)
					}
					member := schema.ID(v.Get(typ.MustPath("members.value")).Text())
					groups[member] = append(groups[member], r.ID())
				}
			}
			w.auditVersion(t, tenant, r)
		}
	}
	w.auditMembers(t, tenant, known, groups)
}

func (w *hostileWorld) auditVersion(t *testing.T, tenant store.TenantID, r *schema.Resource) {
	t.Helper()
	q := httptest.NewRequest(http.MethodGet, r.Type().Endpoint()+"/"+string(r.ID()), http.NoBody)
	q.Header.Set("Authorization", "Bearer "+string(tenant))
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, q)
	if answer.Code != 200 || !strings.Contains(answer.Header().Get("ETag"), r.Version()) || r.Version() == "" {
		t.Fatalf("stored with version %q, read with %q: %d %s", r.Version(), answer.Header().Get("ETag"), answer.Code, answer.Body)
	}
}

func (w *hostileWorld) auditMembers(t *testing.T, tenant store.TenantID, known map[schema.ID]bool, groups map[schema.ID][]schema.ID) {
	t.Helper()
	s := w.stores.Tenant(tenant)
	for member, of := range groups {
		inverse, err := store.Inverse(t.Context(), s, store.GroupMembers(), []schema.ID{member})
		if err != nil {
			t.Fatal(err)
		}
		var direct []schema.ID
		for _, h := range inverse[member] {
			direct = append(direct, h.ID)
		}
		slices.Sort(of)
		slices.Sort(direct)
		if !known[member] || !slices.Equal(of, direct) || len(slices.Compact(slices.Clone(of))) != len(of) {
			t.Fatalf("%s (known: %t) is a member of %v, and has the groups %v", member, known[member], of, direct)
		}
	}
}
