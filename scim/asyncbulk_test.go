package scim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// bulkOutcomes lists what became of the operations of a bulk request.
func (s asyncService) bulkOutcomes(t testing.TB, a accepted, n int) (list []string) {
	t.Helper()
	all := s.completions(t)
	for i := range n {
		c := all[fmt.Sprintf("%s:%d", a.txn, i)]
		text := outcome(c)
		if c != nil && c.BulkID != "" {
			text += " " + c.BulkID
		}
		list = append(list, strings.TrimSpace(text))
	}
	return list
}

// TestAsyncBulk: every operation has a completion, numbered in the order of the
// request, whatever the order in which they are carried out.
func TestAsyncBulk(t *testing.T) {
	t.Log("9967-2.5.1.2-01, 9967-2.5.1.2-02, 9967-2.5.1.2-03, 9967-2.5.1.2-04, 9967-2.5.1.2-05")
	s := newAsync(t)
	id := made(t, s, "/Users", `{"userName":"ann"}`)
	a := s.later(t, "POST", "/Bulk", bulkBody(`
		{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"g","members":[{"value":"bulkId:u"}]}},
		{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"bob"}},
		{"method":"PATCH","path":"/Users/`+id+`","data":`+patchBody(`{"op":"add","path":"title","value":"a"}`)+`},
		{"method":"PUT","path":"/Users/none","data":{"userName":"x"}},
		{"method":"PATCH","path":"/Users/bulkId:none","data":`+patchBody(`{"op":"add","path":"title","value":"a"}`)+`},
		{"method":"FETCH","path":"/Users/`+id+`"},
		{"method":"POST","path":"/Bulk","bulkId":"b","data":{}},
		{"method":"DELETE","path":"/Users/`+id+`","version":"W/\"old\""}`))
	if w := do(t, s, "GET", a.location, ""); w.Code != 202 || w.Header().Get("Set-Txn") != a.txn {
		t.Errorf("before it is done: %d", w.Code)
	}
	s.work(t)
	want := []string{"POST 201 g", "POST 201 u", "PATCH 200", "PUT 404", "PATCH 400 invalidValue", "FETCH 400 invalidSyntax", "POST 400 invalidValue b", "DELETE 412"}
	if got := s.bulkOutcomes(t, a, len(want)); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	var order []string
	for _, e := range s.journal(t, scim.CompletionKind) {
		order = append(order, strings.TrimPrefix(e.TxID, a.txn))
	}
	if order[0] != ":1" || order[1] != ":0" {
		t.Errorf("the group was made before its member: %v", order)
	}
	var result struct{ Sets map[string]string }
	w := do(t, s, "GET", a.location, "")
	if err := json.Unmarshal(w.Body.Bytes(), &result); err != nil || len(result.Sets) != len(want) || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%v: %d %v", err, w.Code, w.Header())
	}
	for i, wanted := range want {
		c, err := scim.ParseCompletion([]byte(result.Sets[fmt.Sprintf("jti-%s:%d", a.txn, i)]))
		if err != nil || !strings.HasPrefix(wanted, outcome(c)) || c.URI == "" {
			t.Errorf("token %d: %v, %+v", i, err, c)
		}
	}
	group := s.completions(t)[a.txn+":0"]
	if _, r := s.get(t, group.URI); r["members"] == nil || group.Location != base+group.URI {
		t.Errorf("%+v is %v", group, r)
	}
}

// TestAsyncBulkStops: what failOnErrors leaves out is told too.
func TestAsyncBulkStops(t *testing.T) {
	t.Log("9967-2.5.1.2-01")
	s := newAsync(t)
	a := s.later(t, "POST", "/Bulk", `{"schemas":["`+bulkURN+`"],"failOnErrors":2,"Operations":[
		{"method":"DELETE","path":"/Users/1"},{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"ann"}},
		{"method":"DELETE","path":"/Users/2"},{"method":"DELETE","path":"/Users/3"},{"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"bob"}}]}`)
	s.work(t)
	want := []string{"DELETE 404", "POST 201 a", "DELETE 404", "DELETE 424", "POST 424 b"}
	if got := s.bulkOutcomes(t, a, len(want)); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	if w := do(t, s, "GET", a.location, ""); w.Code != 200 {
		t.Errorf("result: %d", w.Code)
	}
}

// TestAsyncBulkGoesOn: a process that ends in the middle of a bulk request, at
// any operation, before or after its commit, leaves the rest to another one.
func TestAsyncBulkGoesOn(t *testing.T) {
	body := bulkBody(`
		{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"g","members":[{"value":"bulkId:u"}]}},
		{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"ann"}},
		{"method":"DELETE","path":"/Users/none"},
		{"method":"PATCH","path":"/Users/bulkId:u","data":` + patchBody(`{"op":"add","path":"title","value":"a"}`) + `},
		{"method":"PATCH","path":"/Groups/bulkId:g","data":` + patchBody(`{"op":"add","path":"externalId","value":"x"}`) + `}`)
	want := []string{"POST 201 g", "POST 201 u", "DELETE 404", "PATCH 200", "PATCH 204"}
	for at := 1; at <= 4; at++ {
		for _, committed := range []bool{false, true} {
			t.Run(fmt.Sprint(at, committed), func(t *testing.T) {
				var commits int
				var stop context.CancelFunc
				s := newAsync(t, func(c *scim.Config) {
					c.OnCommit = func(ctx context.Context, _ *scim.Event) error {
						if commits++; commits == at && stop != nil {
							stop()
							if !committed {
								return ctx.Err()
							}
						}
						return nil
					}
				})
				a := s.later(t, "POST", "/Bulk", body)
				ctx, cancel := context.WithCancel(t.Context())
				stop = cancel
				if _, err := s.AsyncRequests(scim.Tenant{Store: s.store}).Drain(ctx); err == nil {
					t.Error("it was not interrupted")
				}
				stop = nil
				s.work(t)
				if got := s.bulkOutcomes(t, a, len(want)); !reflect.DeepEqual(got, want) {
					t.Errorf("got %q", got)
				}
				if changes := s.changes(t); len(changes) != 4 {
					t.Errorf("changes %v", changes)
				}
				for txn, n := range s.changes(t) {
					if n != 1 {
						t.Errorf("%s happened %d times", txn, n)
					}
				}
				log, err := store.Journal(s.store)
				if err != nil {
					t.Fatal(err)
				}
				if consumers, err := log.Consumers(t.Context()); err != nil || len(consumers) != 1 {
					t.Errorf("consumers that are left: %v, %v", consumers, err)
				}
			})
		}
	}
}

// TestAsyncBulkRights: without its actor nothing of a bulk request happens.
func TestAsyncBulkRights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAsync(t)
		a := s.later(t, "POST", "/Bulk", bulkBody(`{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"ann"}}`))
		if err := s.tokens.Set(); err != nil {
			t.Fatal(err)
		}
		s.work(t)
		if got := s.bulkOutcomes(t, a, 1); got[0] != "POST 401 u" || len(s.completions(t)) != 1 || len(s.changes(t)) > 0 {
			t.Errorf("%s, changes %v", got, s.changes(t))
		}
		if err := s.tokens.Set(asyncTokens...); err != nil {
			t.Fatal(err)
		}
		if w := do(t, s, "GET", a.location, ""); w.Code != 200 || !strings.Contains(w.Body.String(), "jti-"+a.txn+":0") {
			t.Errorf("result: %d %s", w.Code, w.Body)
		}
	})
}

// TestAsyncBulkGivenUp: an operator gives up what is left of a bulk request, and
// every operation has its completion.
func TestAsyncBulkGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	commits := 0
	s := newAsync(t, func(c *scim.Config) {
		c.OnCommit = func(context.Context, *scim.Event) error {
			if commits++; commits == 2 {
				cancel()
			}
			return nil
		}
	})
	a := s.later(t, "POST", "/Bulk", bulkBody(`{"method":"POST","path":"/Users","bulkId":"1","data":{"userName":"ann"}},{"method":"POST","path":"/Users","bulkId":"2","data":{"userName":"bob"}},{"method":"DELETE","path":"/Users/x"}`))
	if _, err := s.AsyncRequests(scim.Tenant{Store: s.store}).Drain(ctx); err == nil {
		t.Error("it was not interrupted")
	}
	if err := s.GiveUpAsync(t.Context(), scim.Tenant{Store: s.store}, a.txn); err != nil {
		t.Error(err)
	}
	if got, want := s.bulkOutcomes(t, a, 3), []string{"POST 201 1", "POST 500 2", "DELETE 500"}; !reflect.DeepEqual(got, want) || len(s.changes(t)) != 1 {
		t.Errorf("got %q, changes %v", got, s.changes(t))
	}
	if w := do(t, s, "GET", a.location, ""); w.Code != 200 {
		t.Errorf("result: %d", w.Code)
	}
	log, err := store.Journal(s.store)
	if err != nil {
		t.Fatal(err)
	}
	if consumers, err := log.Consumers(t.Context()); err != nil || len(consumers) != 1 {
		t.Errorf("consumers that are left: %v, %v", consumers, err)
	}
}
