package scim_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// fuzzHandler is a handler with a user and a group, and small limits so that
// the fuzzer reaches them.
func fuzzHandler(tb testing.TB) http.Handler {
	tb.Helper()
	c := config(tb)
	c.Store = memstore.New(nil)
	c.Limits = scim.Limits{Body: 1 << 14, BulkBody: 1 << 14, BulkOperations: 20}
	withMe(tb, &c)
	h := newHandler(tb, c)
	idOf(tb, h, "/Users", `{"userName":"a"}`)
	idOf(tb, h, "/Groups", `{"displayName":"g"}`)
	return h
}

// FuzzRequest sends anything to the handler. No request is answered with a
// fault of the server, every body is JSON, and errors are error messages.
func FuzzRequest(f *testing.F) {
	for _, row := range malformed() {
		if len(row.body) < 1000 && len(row.target) < 1000 {
			f.Add(row.method, row.target, strings.Join(row.header, "\n"), row.body)
		}
	}
	h := fuzzHandler(f)
	f.Fuzz(func(t *testing.T, method, target, header, body string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || method == "" {
			t.Skip()
		}
		r := httptest.NewRequest(http.MethodGet, "/", strings.NewReader(body))
		r.Method, r.URL, r.RequestURI = method, u, target
		r.Header.Set("Authorization", "Bearer "+token)
		if name, value, ok := strings.Cut(header, "\n"); ok {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		checkAnswer(t, w)
	})
}

func checkAnswer(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code >= 500 && w.Code != http.StatusNotImplemented {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if strings.ContainsAny(w.Header().Get("Location"), "\r\n") {
		t.Fatalf("location %q", w.Header().Get("Location"))
	}
	if w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
		t.Fatalf("%d with a body that is not JSON: %q", w.Code, w.Body)
	}
	if w.Code >= 400 && !strings.Contains(w.Body.String(), errorURN) {
		t.Fatalf("%d without an error message: %q", w.Code, w.Body)
	}
}

// FuzzBulk sends any list of operations. Every operation has at most one
// result, and a user is never lost by somebody else's failure.
func FuzzBulk(f *testing.F) {
	for _, operations := range []string{
		`{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"x"}}`,
		`{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"g","members":[{"value":"bulkId:h"}]}},{"method":"POST","path":"/Groups","bulkId":"h","data":{"displayName":"h","members":[{"value":"bulkId:g"}]}}`,
		`{"method":"PATCH","path":"/Users/bulkId:a","data":{"Operations":[{"op":"add","path":"title","value":"bulkId:a"}]}}`,
		`{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"bulkId:a"}}`,
		`{"method":"DELETE","path":"/Users/bulkId:"},{"method":"PUT","path":"//bulkId:x/","data":{}}`,
	} {
		f.Add(operations, 0)
		f.Add(operations, 1)
	}
	f.Fuzz(func(t *testing.T, operations string, failOnErrors int) {
		h := fuzzHandler(t)
		members := `"Operations":[` + operations + `]`
		if failOnErrors > 0 {
			members = `"failOnErrors":` + quote(strings.Repeat("1", failOnErrors%3+1)) + "," + members
		}
		w := do(t, h, "POST", "/Bulk", message(bulkURN, members))
		checkAnswer(t, w)
		if w := do(t, h, "GET", "/Users", ""); w.Code != 200 {
			t.Fatalf("afterwards: %d %s", w.Code, w.Body)
		}
	})
}

// FuzzCursor opens any text as a cursor: nothing but a sealed one is accepted.
func FuzzCursor(f *testing.F) {
	c := config(f)
	c.Store = store.Basic(memstore.New(nil))
	h := newHandler(f, c)
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("%00")
	f.Fuzz(func(t *testing.T, cursor string) {
		w := do(t, h, "GET", "/Users?cursor="+url.QueryEscape(cursor), "")
		if cursor != "" && (w.Code != 400 || !strings.Contains(w.Body.String(), "invalidCursor")) {
			t.Fatalf("%q: %d %s", cursor, w.Code, w.Body)
		}
	})
}
