package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
)

// asyncLab is a database on which processes carry requests out, one of which
// meets faults.
type asyncLab struct {
	types            []*schema.ResourceType
	healthy, faulty  *sqlstore.DB
	injector         *injector
	tenants          int
	clashes, refused []error
}

func newAsyncLab(t *testing.T, e engine) *asyncLab {
	t.Helper()
	source, remove, err := e.make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	clean, err := sql.Open(e.driver, source)
	if err != nil {
		t.Fatal(err)
	}
	pool, injector, err := e.faulty(source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(pool.Close(), clean.Close(), remove()); err != nil {
			t.Error(err)
		}
	})
	l := &asyncLab{
		types:    []*schema.ResourceType{schema.UserDefinition().MustCompile(), schema.GroupDefinition().MustCompile()},
		injector: injector, clashes: coded[e.dialect].again, refused: coded[e.dialect].refused,
	}
	if l.healthy, err = sqlstore.New(clean, e.dialect, &sqlstore.Config{Types: l.types}); err == nil {
		l.faulty, err = sqlstore.New(pool, e.dialect, &sqlstore.Config{Types: l.types})
	}
	if err == nil {
		err = l.healthy.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// process is a handler for a store, as one process of a service has it.
func (l *asyncLab) process(t *testing.T, s store.Store) *scim.Handler {
	t.Helper()
	h, err := scim.New(scim.Config{Types: l.types, Store: s, AllowAnonymous: true, Journal: true, Async: &scim.Async{
		Key: []byte("a key of the tests for requests"), Pause: time.Millisecond,
		Token: func(context.Context, *scim.Completion) (string, string, error) { return "", "", nil },
	}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends a request and returns Set-Txn, or else the id in the location.
func ask(t *testing.T, h http.Handler, prefer, method, path, body string) string {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Prefer", prefer)
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	if txn := w.Header().Get("Set-Txn"); txn != "" {
		return txn
	}
	location := w.Header().Get("Location")
	return location[strings.LastIndexByte(location, '/')+1:]
}

// queue accepts requests and returns what has to become of them, by transaction.
func (l *asyncLab) queue(t *testing.T, s store.Store) map[string]string {
	t.Helper()
	h := l.process(t, s)
	title := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"title","value":"%s"}]}`
	ann := ask(t, h, "", "POST", "/Users", `{"userName":"ann"}`)
	want := map[string]string{}
	want[ask(t, h, "respond-async", "PATCH", "/Users/"+ann, fmt.Sprintf(title, "a"))] = "PATCH 200"
	want[ask(t, h, "respond-async", "POST", "/Users", `{"userName":"ANN"}`)] = "POST 409"
	bulk := ask(t, h, "respond-async", "POST", "/Bulk", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
		{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"g","members":[{"value":"bulkId:u"}]}},
		{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"bob"}},
		{"method":"DELETE","path":"/Users/none"},
		{"method":"PATCH","path":"/Users/bulkId:u","data":`+fmt.Sprintf(title, "b")+`}]}`)
	for i, outcome := range []string{"POST 201", "POST 201", "DELETE 404", "PATCH 200"} {
		want[fmt.Sprintf("%s:%d", bulk, i)] = outcome
	}
	return want
}

// became reads what became of requests, and how many changes each made.
func became(t *testing.T, s store.Store) (outcomes map[string]string, changes map[string]int) {
	t.Helper()
	outcomes, changes = map[string]string{}, map[string]int{}
	log, err := store.Journal(s)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range log.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		switch e.Kind {
		case scim.CompletionKind:
			c, err := scim.ParseCompletion(e.Data)
			if err != nil {
				t.Fatal(err)
			}
			outcomes[c.TxID] = strings.TrimSpace(outcomes[c.TxID] + fmt.Sprintf(" %s %d", c.Method, c.Status))
		case scim.JournalKind:
			r, err := scim.ParseRecord(e.Data)
			if err != nil {
				t.Fatal(err)
			}
			if r.Refused == nil {
				changes[r.TxID]++
			}
		}
	}
	return outcomes, changes
}

// check fails unless everything has become what it should, once.
func check(t *testing.T, s store.Store, want map[string]string) bool {
	t.Helper()
	outcomes, changes := became(t, s)
	right := maps.Equal(outcomes, want)
	if !right {
		t.Errorf("got %v\nwant %v", outcomes, want)
	}
	for txn, outcome := range outcomes {
		if changed := strings.HasSuffix(outcome, " 200") || strings.HasSuffix(outcome, " 201"); changed != (changes[txn] == 1) || changes[txn] > 1 {
			t.Errorf("%s %s: %d changes", txn, outcome, changes[txn])
			right = false
		}
	}
	log, err := store.Journal(s)
	if err != nil {
		t.Fatal(err)
	}
	if consumers, err := log.Consumers(t.Context()); err != nil || len(consumers) != 1 {
		t.Errorf("consumers %v, %v", consumers, err)
		right = false
	}
	return right
}

// attempt carries requests out while a statement fails, lets another process do
// what is left, and returns the statements.
func (l *asyncLab) attempt(t *testing.T, at int, f fault) (trace []string, right bool) {
	t.Helper()
	l.tenants++
	tenant := store.TenantID(fmt.Sprintf("t%d", l.tenants))
	want := l.queue(t, l.healthy.Tenant(tenant))
	work := func(ctx context.Context, db *sqlstore.DB) error {
		s := db.Tenant(tenant)
		c := l.process(t, s).AsyncRequests(scim.Tenant{Store: s})
		c.Pause = time.Millisecond
		_, err := c.Drain(ctx)
		return err
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	l.injector.arm(at, f, cancel)
	_ = work(ctx, l.faulty) // what it could not do is left
	trace = l.injector.disarm()
	if err := work(t.Context(), l.healthy); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	return trace, check(t, l.healthy.Tenant(tenant), want)
}

// TestAsyncFaults makes every statement fail with which accepted requests are
// carried out, before and after it has run. Each request happens once.
func TestAsyncFaults(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			l := newAsyncLab(t, e)
			faults := []fault{
				{name: "connection lost before", cut: true}, {name: "connection lost after", cut: true, late: true}, {name: "cancelled", cancel: true},
				{name: "clash", err: l.clashes[0]}, {name: "refused", err: l.refused[0]}, {name: "away", err: io.ErrUnexpectedEOF},
			}
			trace, right := l.attempt(t, 0, fault{})
			if !right || len(trace) < 50 {
				t.Fatalf("without faults: %d statements", len(trace))
			}
			step := 3 // each fault starts elsewhere, so that together they meet every statement
			if e.dialect != sqlstore.SQLite || testing.Short() {
				step = 11
			}
			for i, f := range faults {
				for at := 1 + i%step; at <= len(trace); at += step {
					if _, right := l.attempt(t, at, f); !right {
						t.Fatalf("%s at statement %d: %s", f.name, at, trace[at-1])
					}
				}
			}
		})
	}
}

// TestAsyncProcesses lets several processes carry requests out at once.
func TestAsyncProcesses(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			l := newAsyncLab(t, e)
			s := l.healthy.Tenant("t")
			ask(t, l.process(t, s), "", "POST", "/Users", `{"userName":"first"}`)
			want := map[string]string{}
			for i := range 20 {
				txn := ask(t, l.process(t, s), "respond-async", "POST", "/Users", fmt.Sprintf(`{"userName":"u%d"}`, i))
				want[txn] = "POST 201"
				txn = ask(t, l.process(t, s), "respond-async", "POST", "/Bulk", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
					{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"a%d"}},{"method":"POST","path":"/Users","bulkId":"v","data":{"userName":"b%d"}}]}`, i, i))
				want[txn+":0"], want[txn+":1"] = "POST 201", "POST 201"
			}
			ended := make(chan error)
			for range 3 {
				c := l.process(t, s).AsyncRequests(scim.Tenant{Store: s})
				c.Pause = time.Millisecond
				go func() {
					err := store.ErrVersion // of who was slower
					for errors.Is(err, store.ErrVersion) {
						_, err = c.Drain(t.Context())
					}
					ended <- err
				}()
			}
			for range 3 {
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}
			check(t, s, want)
			var names []string
			for r, err := range s.Scan(t.Context(), "User", "") {
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, r.Get(l.types[0].MustPath("userName")).Text())
			}
			slices.Sort(names)
			if len(names) != 61 || len(slices.Compact(names)) != 61 {
				t.Errorf("%d users", len(names))
			}
		})
	}
}
