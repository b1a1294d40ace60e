package scim_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// sink is a ResponseWriter that keeps nothing.
type sink struct {
	header http.Header
	status int
	n      int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(p []byte) (int, error) { s.n += len(p); return len(p), nil }

// serve runs h b.N times with the same request.
func serve(b *testing.B, h http.Handler, r *http.Request, size int) {
	b.Helper()
	b.ReportAllocs()
	w := &sink{header: http.Header{}}
	for b.Loop() {
		clear(w.header)
		w.n, w.status = 0, 0
		h.ServeHTTP(w, r)
	}
	if w.status != 200 || size > 0 && w.n != size {
		b.Fatalf("status %d, %d bytes, want %d", w.status, w.n, size)
	}
}

func request(tb testing.TB, target string) *http.Request {
	tb.Helper()
	r, err := http.NewRequest("GET", target, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r.RequestURI = target
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/scim+json")
	r.Header.Set("X-Request-Id", "bench")
	return r
}

const fullUser = `{"schemas":["` + userURN + `"],"userName":"user-%d@corp.example","externalId":"ext-%d","name":{"givenName":"Barbara","familyName":"Jensen","formatted":"Ms. Barbara J Jensen"},
"displayName":"Babs Jensen","title":"Tour Guide","active":true,"emails":[{"value":"user-%d@corp.example","type":"work","primary":true},{"value":"babs@home.example","type":"home"}],
"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"701984","department":"Tour Operations"}}`

func users(tb testing.TB, n int) (h http.Handler, id string) {
	h = newHandler(tb, config(tb))
	for i := range n {
		id = idOf(tb, h, "/Users", fmt.Sprintf(fullUser, i, i, i))
	}
	return h, id
}

// BenchmarkGet compares GET of one resource with a bare handler that writes the
// same bytes and headers: what is on top is routing, authentication,
// negotiation, the store and encoding.
func BenchmarkGet(b *testing.B) {
	h, id := users(b, 1)
	body := do(b, h, "GET", "/Users/"+id, "").Body.Bytes()
	b.Run("muster", func(b *testing.B) { serve(b, h, request(b, "/Users/"+id), len(body)) })
	b.Run("store-and-encoding", func(b *testing.B) {
		c := config(b)
		id := idOf(b, newHandler(b, c), "/Users", fmt.Sprintf(fullUser, 0, 0, 0))
		do := direct(b, c.Store, schema.ID(id))
		b.ReportAllocs()
		for b.Loop() {
			do()
		}
	})
	b.Run("muster-304", func(b *testing.B) {
		r := request(b, "/Users/"+id)
		r.Header.Set("If-None-Match", "*")
		w := &sink{header: http.Header{}}
		b.ReportAllocs()
		for b.Loop() {
			clear(w.header)
			h.ServeHTTP(w, r)
		}
	})
	b.Run("bare", func(b *testing.B) {
		bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/scim+json")
			w.Header().Set("ETag", `W/"1"`)
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.WriteHeader(200)
			_, _ = w.Write(body)
		})
		serve(b, bare, request(b, "/Users/"+id), len(body))
	})
}

// BenchmarkServer is BenchmarkGet over a connection.
func BenchmarkServer(b *testing.B) {
	h, id := users(b, 1)
	body := do(b, h, "GET", "/Users/"+id, "").Body.Bytes()
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/scim+json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
	for name, handler := range map[string]http.Handler{"muster": h, "bare": bare} {
		b.Run(name, func(b *testing.B) {
			server := httptest.NewServer(handler)
			defer server.Close()
			r := request(b, server.URL+"/Users/"+id)
			r.RequestURI = ""
			b.ReportAllocs()
			for b.Loop() {
				resp, err := server.Client().Do(r)
				if err != nil || resp.StatusCode != 200 {
					b.Fatal(resp, err)
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
		})
	}
}

// staticUser is what a service without SCIM would encode.
type staticUser struct {
	Schemas    []string `json:"schemas"`
	ID         string   `json:"id"`
	ExternalID string   `json:"externalId"`
	Meta       struct {
		ResourceType string `json:"resourceType"`
		Created      string `json:"created"`
		LastModified string `json:"lastModified"`
		Location     string `json:"location"`
		Version      string `json:"version"`
	} `json:"meta"`
	UserName string `json:"userName"`
	Name     struct {
		Formatted  string `json:"formatted"`
		FamilyName string `json:"familyName"`
		GivenName  string `json:"givenName"`
	} `json:"name"`
	DisplayName string        `json:"displayName"`
	Title       string        `json:"title"`
	Active      bool          `json:"active"`
	Emails      []staticEmail `json:"emails"`
	Enterprise  struct {
		EmployeeNumber string `json:"employeeNumber"`
		Department     string `json:"department"`
	} `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
}

type staticEmail struct {
	Value   string `json:"value"`
	Type    string `json:"type"`
	Primary bool   `json:"primary,omitzero"`
}

// BenchmarkList100 compares a page of 100 users with encoding 100 equal
// structs.
func BenchmarkList100(b *testing.B) {
	h, _ := users(b, 100)
	body := do(b, h, "GET", "/Users?count=100", "").Body.Bytes()
	b.Run("muster", func(b *testing.B) { serve(b, h, request(b, "/Users?count=100"), len(body)) })
	b.Run("structs", func(b *testing.B) {
		var list struct {
			Schemas                                []string
			Resources                              []staticUser
			TotalResults, ItemsPerPage, StartIndex int
		}
		if err := jsonv2.Unmarshal(body, &list, jsonv2.MatchCaseInsensitiveNames(true)); err != nil || len(list.Resources) != 100 {
			b.Fatal(err)
		}
		data, err := jsonv2.Marshal(list)
		if err != nil || len(data) < len(body)*95/100 {
			b.Fatalf("%v: %d bytes against %d", err, len(data), len(body))
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := jsonv2.Marshal(list); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkLookup is what identity providers do most.
func BenchmarkLookup(b *testing.B) {
	h, _ := users(b, 1000)
	serve(b, h, request(b, "/Users?filter=userName+eq+%22user-500%40corp.example%22"), 0)
}

// BenchmarkCursorPage reads a page at the start and one far behind it.
func BenchmarkCursorPage(b *testing.B) {
	h, _ := users(b, 5000)
	for _, depth := range []int{1, 40} {
		b.Run(strconv.Itoa(depth), func(b *testing.B) {
			target := "/Users?cursor&count=100&attributes=userName"
			for range depth {
				target = nextPage(b, h, target)
			}
			serve(b, h, request(b, target), 0)
		})
	}
}

func nextPage(tb testing.TB, h http.Handler, target string) string {
	tb.Helper()
	var page struct{ NextCursor string }
	if err := jsonv2.Unmarshal(do(tb, h, "GET", target, "").Body.Bytes(), &page, jsonv2.MatchCaseInsensitiveNames(true)); err != nil || page.NextCursor == "" {
		tb.Fatal(target, err)
	}
	return "/Users?count=100&attributes=userName&cursor=" + page.NextCursor
}

// direct does what no handler can do without: it reads the resource and
// encodes it with its location.
func direct(tb testing.TB, s store.Store, id schema.ID) func() {
	location := func(_ string, id schema.ID) string { return base + "/Users/" + string(id) }
	var buf []byte
	return func() {
		r, err := s.Get(tb.Context(), store.Ref{Type: "User", ID: id})
		if err == nil {
			buf, err = r.AppendJSON(buf[:0], &schema.Encoding{Location: location})
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// The handler adds at most 20 allocations to those of reading and encoding.
func TestGetAllocations(t *testing.T) {
	c := config(t)
	h := newHandler(t, c)
	id := idOf(t, h, "/Users", fmt.Sprintf(fullUser, 1, 1, 1))
	r, w := request(t, "/Users/"+id), &sink{header: http.Header{}}
	whole := testing.AllocsPerRun(200, func() {
		clear(w.header)
		h.ServeHTTP(w, r)
	})
	needed := testing.AllocsPerRun(200, direct(t, c.Store, schema.ID(id)))
	t.Logf("GET allocates %.0f times, reading and encoding alone %.0f times", whole, needed)
	if whole-needed > 20 {
		t.Errorf("the handler adds %.0f allocations", whole-needed)
	}
}

// BenchmarkAccept compares a PATCH that is accepted for later with one that is
// carried out, in a service with a journal.
func BenchmarkAccept(b *testing.B) {
	for _, prefer := range []string{"", "respond-async"} {
		b.Run("prefer="+prefer, func(b *testing.B) {
			s := newAsync(b)
			path := "/Users/" + made(b, s, "/Users", fmt.Sprintf(fullUser, 1, 1, 1))
			bodies := [2]string{}
			for i := range bodies {
				bodies[i] = patchBody(fmt.Sprintf(`{"op":"replace","path":"title","value":"Guide %d"}`, i))
			}
			want := map[string]int{"": 200, "respond-async": 202}[prefer]
			w := &sink{header: http.Header{}}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				r := httptest.NewRequest("PATCH", path, strings.NewReader(bodies[i%2]))
				r.Header.Set("Authorization", "Bearer "+token)
				r.Header.Set("Prefer", prefer)
				clear(w.header)
				if s.ServeHTTP(w, r); w.status != want {
					b.Fatalf("status %d", w.status)
				}
			}
		})
	}
}

// BenchmarkCarryOut carries accepted requests out.
func BenchmarkCarryOut(b *testing.B) {
	s := newAsync(b)
	path := "/Users/" + made(b, s, "/Users", fmt.Sprintf(fullUser, 1, 1, 1))
	worker := s.AsyncRequests(scim.Tenant{Store: s.store})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		s.later(b, "PATCH", path, patchBody(fmt.Sprintf(`{"op":"replace","path":"title","value":"Guide %d"}`, i)))
		b.StartTimer()
		if n, err := worker.Drain(b.Context()); n != 1 || err != nil {
			b.Fatal(n, err)
		}
	}
}
