package scimtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// tiny is a server with just enough behaviour to replay a trace against, and
// switches to make it wrong.
type tiny struct {
	mu      sync.Mutex
	fault   string
	users   map[string]object
	deleted []string
}

func newTiny(fault string) *tiny { return &tiny{fault: fault, users: map[string]object{}} }

func (s *tiny) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, id, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch r.Method {
	case "POST":
		s.create(w, r)
	case "GET":
		s.read(w, id)
	case "PATCH":
		s.patch(w, r, id)
	case "DELETE":
		s.deleted = append(s.deleted, id)
		delete(s.users, id)
		w.WriteHeader(204)
	}
}

func (s *tiny) create(w http.ResponseWriter, r *http.Request) {
	var u object
	_ = json.NewDecoder(r.Body).Decode(&u)
	id := fmt.Sprintf("id %d", len(s.users)+1)
	u["id"], u["members"] = id, []any{}
	s.users[id] = u
	w.Header().Set("Location", "/Users/"+id)
	if s.fault == "no id" {
		s.answer(w, 201, object{})
		return
	}
	s.answer(w, 201, u)
}

func (s *tiny) read(w http.ResponseWriter, id string) {
	u, ok := s.users[id]
	switch {
	case !ok:
		s.answer(w, 404, object{"detail": "no such user"})
	case s.fault == "html":
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html><title>Oops</title></html>")
	case s.fault == "leak":
		leaky := object{"password": "x"}
		for k, v := range u {
			leaky[k] = v
		}
		s.answer(w, 200, leaky)
	default:
		s.answer(w, 200, u)
	}
}

func (s *tiny) patch(w http.ResponseWriter, r *http.Request, id string) {
	u := s.users[id]
	seen := u["members"].([]any)
	if s.fault == "lost update" {
		s.mu.Unlock() // others may write between our read and our write
		r.Context().Value(overlap{}).(*sync.WaitGroup).Done()
		r.Context().Value(overlap{}).(*sync.WaitGroup).Wait()
		s.mu.Lock()
	}
	var add object
	_ = json.NewDecoder(r.Body).Decode(&add)
	u["members"] = append(slices.Clone(seen), add)
	w.WriteHeader(204)
}

func (s *tiny) answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/scim+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

type overlap struct{}

const tinyTrace = `{"idp":"okta","scenario":"okta-t","title":"Create, change twice at once, read","source":"none","steps":[
 {"name":"create","role":"setup","request":{"method":"POST","path":"/Users","headers":{"X-Run":"${run}"},"body":{"userName":"u.${run}","b":1}},
  "expect":{"status":[201],"headers":{"location":{"$prefix":"/users/"}},"body":{"/userName":"u.${run}"}},"capture":{"u":"/id"}},
 {"name":"add a","role":"wire","parallel":"p","request":{"method":"PATCH","path":"/Users/${u}","body":{"value":"a"}},"expect":{"status":[204],"body":{"/ignored":1}}},
 {"name":"add b","role":"wire","parallel":"p","request":{"method":"PATCH","path":"/Users/${u}","body":{"value":"b"}},"expect":{"status":[200,204]}},
 {"name":"read","role":"verify","request":{"method":"GET","path":"/Users/${u}"},
  "expect":{"status":[200],"body":{"/id":"${u}","/members":{"$len":2},"/members/[value=B]/value":"b"},"absent":["/password"]}}]}`

func playTiny(t *testing.T, s *tiny, o *Options) Result {
	t.Helper()
	tr, err := ParseTrace("okta-t.json", []byte(tinyTrace))
	if err != nil {
		t.Fatal(err)
	}
	if o == nil {
		o = &Options{}
	}
	o.Traces = []Trace{*tr}
	o.Match = func(c Case) bool { return c.Area == "trace" }
	r, err := Check(t.Context(), Target{Handler: withOverlap(s), Token: "t"}, o)
	if err != nil || len(r.Results) != 1 {
		t.Fatalf("report %v, error %v", r, err)
	}
	return r.Results[0]
}

// withOverlap makes the two parallel requests of a round meet.
func withOverlap(next http.Handler) http.Handler {
	var mu sync.Mutex
	meeting, arrived := new(sync.WaitGroup), 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "PATCH" {
			mu.Lock()
			if arrived%2 == 0 {
				meeting = new(sync.WaitGroup)
				meeting.Add(2)
			}
			arrived++
			r = r.WithContext(contextWith(r, meeting))
			mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}

func TestReplayPassesAndCleansUp(t *testing.T) {
	s := newTiny("")
	result := playTiny(t, s, &Options{Rounds: 3})
	if result.Outcome != Passed {
		t.Fatal(result.explain())
	}
	if len(s.deleted) != 3 || len(s.users) != 0 {
		t.Errorf("after three rounds %d users are left, %d deleted", len(s.users), len(s.deleted))
	}
	sent := result.Steps[0].Exchange
	if !strings.HasPrefix(sent.RequestBody, `{"userName":"u.`) || !strings.HasSuffix(sent.RequestBody, `","b":1}`) {
		t.Errorf("the body lost its member order: %s", sent.RequestBody)
	}
	if got := result.Steps[3].Exchange.URL; !strings.HasSuffix(got, "/Users/id%201") {
		t.Errorf("the captured id is not encoded: %s", got)
	}
	if want := []string{"status 200", `/id: "id 1"`, "/members: an array of 2", `/members/[value=B]/value: "b"`, "/password: absent"}; !slices.Equal(result.Steps[3].Expected, want) {
		t.Errorf("expectations %q", result.Steps[3].Expected)
	}
}

func TestReplayKeeps(t *testing.T) {
	s := newTiny("")
	playTiny(t, s, &Options{Rounds: 1, Keep: true})
	if len(s.users) != 1 || len(s.deleted) != 0 {
		t.Errorf("%d users, %d deleted", len(s.users), len(s.deleted))
	}
}

func TestReplayCatchesFaults(t *testing.T) {
	cases := []struct{ fault, says string }{
		{"no id", "an earlier step did not return it"},
		{"html", "HTML page (Oops)"},
		{"leak", "/password: expected nothing there"},
		{"lost update", "/members: expected an array of 2"},
	}
	for _, c := range cases {
		t.Run(c.fault, func(t *testing.T) {
			result := playTiny(t, newTiny(c.fault), nil)
			text := fmt.Sprint(result.Problems()) + result.explain()
			if result.Outcome != Failed || !strings.Contains(text, c.says) {
				t.Errorf("%s: %s", result.Outcome, text)
			}
		})
	}
}

func TestRunMakesSubTests(t *testing.T) {
	tr, err := ParseTrace("okta-t.json", []byte(tinyTrace))
	if err != nil {
		t.Fatal(err)
	}
	Run(t, Target{Handler: withOverlap(newTiny(""))}, &Options{Traces: []Trace{*tr}, Rounds: 2,
		Match: func(c Case) bool { return c.Area == "trace" }})
}

func TestOptionsChoose(t *testing.T) {
	cases, err := Cases(&Options{IdPs: []string{"okta"}, Profiles: []string{"unknown-members-skip"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Area == "trace" && (c.IdP != "okta" || c.Level != Required) {
			t.Errorf("%s: idp %s, level %s", c.Name, c.IdP, c.Level)
		}
	}
	if _, err := Cases(&Options{IdPs: []string{"nobody"}}); err == nil || !strings.Contains(err.Error(), "keycloak") {
		t.Errorf("an unknown client gives %v", err)
	}
	all, _ := Cases(nil)
	i := slices.IndexFunc(all, func(c Case) bool { return c.Name == "trace/okta-023-group-push-unknown-member" })
	if i < 0 || all[i].Level != Informational || all[i].Needs != "unknown-members-skip" {
		t.Errorf("a trace with a profile: %+v", all[max(i, 0)])
	}
}

func contextWith(r *http.Request, meeting *sync.WaitGroup) context.Context {
	return context.WithValue(r.Context(), overlap{}, meeting)
}

// TestStoppedRunCleansUp stops a run in the middle of a trace and of an RFC case.
func TestStoppedRunCleansUp(t *testing.T) {
	for _, name := range []string{"trace/okta-006-joiner", "crud/read"} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			server := newModelServer("")
			target := modelTarget("")
			var created atomic.Bool
			target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if created.Load() {
					stop() // with the request that follows the create
				}
				created.Store(r.Method == "POST")
				server.ServeHTTP(w, r)
			})
			report, err := Check(ctx, target, &Options{Match: func(c Case) bool { return c.Name == name }})
			if err != nil {
				t.Fatal(err)
			}
			if result := report.Results[0]; result.Outcome != NotRun || result.Reason != stopped {
				t.Errorf("%s: %s", result.Outcome, result.Reason)
			}
			server.mu.Lock()
			defer server.mu.Unlock()
			if len(server.all) == 0 {
				t.Fatal("nothing was created")
			}
			for _, r := range server.all {
				if !r.deleted {
					t.Errorf("%s is left over", r.id)
				}
			}
		})
	}
}
