package sqltest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scim"
)

// requests are one of each kind on the fixture.
var requests = []struct{ method, target, body string }{
	{"GET", "/Users/ann", ""},
	{"GET", "/Groups/group", ""},
	{"GET", "/Users?filter=userName+eq+%22ann@example.com%22", ""},
	{"GET", "/Users?count=1&cursor=", ""},
	{"POST", "/Users", `{"userName":"new@example.com"}`},
	{"PUT", "/Users/ann", `{"userName":"ann2@example.com"}`},
	{"PATCH", "/Groups/group", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"ann\"]"}]}`},
	{"DELETE", "/Users/bob", ""},
	{"POST", "/Bulk", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"POST","path":"/Users","bulkId":"1","data":{"userName":"new@example.com"}}]}`},
}

// A fault of the database is never a 500: what can be tried again is a 503 that
// says when, alone and as the result of a bulk operation.
func TestFaultsOverHTTP(t *testing.T) {
	e := engines(t)[0]
	l := newLab(t, e, layouts[0])
	for _, f := range l.faults() {
		if f.cancel {
			continue
		}
		for _, r := range requests {
			_, _, statements := l.request(t, r.method, r.target, r.body, 0, fault{})
			for at := 1; at <= len(statements); at++ {
				if f.stays && f.cut && at != 1 && at != len(statements) {
					continue
				}
				w, again, _ := l.request(t, r.method, r.target, r.body, at, f)
				if w.Code >= 500 && (w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "") || f.stays && at == 1 && w.Code < 500 && !again {
					t.Errorf("%s at statement %d of %s %s: %d %s", f.name, at, r.method, r.target, w.Code, w.Body)
				}
			}
		}
	}
}

// request sends a request about a new tenant, and reports whether an operation
// in it is to be tried again.
func (l *lab) request(t *testing.T, method, target, body string, at int, f fault) (w *httptest.ResponseRecorder, again bool, statements []string) {
	t.Helper()
	s := l.store(t, l.faulty, l.tenant(t))
	h, err := scim.New(scim.Config{
		Types: types, AllowAnonymous: true, BaseURL: "https://example.com", Journal: true,
		StoreFor: func(*http.Request, *scim.Actor) (scim.Tenant, error) { return scim.Tenant{ID: "acme", Store: s}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/scim+json")
	w = httptest.NewRecorder()
	l.injector.arm(at, f, cancel)
	h.ServeHTTP(w, r)
	statements = l.injector.disarm()
	var bulk struct{ Operations []struct{ Status string } }
	if target == "/Bulk" && json.Unmarshal(w.Body.Bytes(), &bulk) == nil {
		for _, o := range bulk.Operations {
			if o.Status[0] == '5' && o.Status != "503" {
				t.Errorf("%s at statement %d of a bulk operation: %s", f.name, at, w.Body)
			}
			again = again || o.Status == "503"
		}
	}
	return w, again, statements
}
