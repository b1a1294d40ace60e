package sets_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scim/sets"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/store/outbox"
)

var (
	key   = []byte("a key of the tests, with 32 bytes or more")
	types = []*schema.ResourceType{schema.UserDefinition().MustCompile(), schema.GroupDefinition().MustCompile()}
)

// service is a SCIM service with a journal.
func service(t testing.TB) (func(method, path, body string) string, *memstore.Store) {
	t.Helper()
	s := memstore.New(nil)
	h, err := scim.New(scim.Config{Types: types, Store: s, AllowAnonymous: true, Journal: true, EventURIs: sets.EventURIs()})
	if err != nil {
		t.Fatal(err)
	}
	return func(method, path, body string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
		var r struct{ ID string }
		_ = json.Unmarshal(w.Body.Bytes(), &r)
		return r.ID
	}, s
}

func issuer(t testing.TB) *sets.Issuer {
	t.Helper()
	signer, err := sets.NewSigner(jose.HS256, key, "k1")
	if err != nil {
		t.Fatal(err)
	}
	return &sets.Issuer{Issuer: "https://id.example.com", Audience: []string{"https://rp.example.com"}, Signer: signer, Types: types}
}

// open verifies a token and returns its claims, also as they are on the wire.
func open(t testing.TB, token string) (sets.Claims, map[string]any) {
	t.Helper()
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.HS256})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := signed.Verify(key)
	if err != nil {
		t.Fatal(err)
	}
	if h := signed.Signatures[0].Header; h.KeyID != "k1" || h.ExtraHeaders[jose.HeaderType] != "secevent+jwt" {
		t.Errorf("header %+v", h)
	}
	var claims sets.Claims
	var raw map[string]any
	if err := errors.Join(json.Unmarshal(payload, &claims), json.Unmarshal(payload, &raw)); err != nil {
		t.Fatal(err)
	}
	return claims, raw
}

// receiver notes what is pushed to it.
type receiver struct {
	tokens []string
	status int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	data, _ := io.ReadAll(req.Body)
	if r.status != 0 {
		w.WriteHeader(r.status)
		_, _ = io.WriteString(w, `{"err":"invalid_key","description":"who is k1?"}`)
		return
	}
	if req.Header.Get("Content-Type") != "application/secevent+jwt" || req.Header.Get("Authorization") != "Bearer t" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	r.tokens = append(r.tokens, string(data))
	w.WriteHeader(http.StatusAccepted)
}

// TestTokens: notices of everything that can happen to resources.
func TestTokens(t *testing.T) {
	t.Log("9967-2.1-01, 9967-2.1-02, 9967-2.1-03, 9967-2.1-04, 9967-2.1-05, 9967-2.1-06, 9967-2.1-07, 9967-2.1-09")
	t.Log("9967-2.2-07, 9967-2.4-01, 9967-2.4-04, 9967-2.4.1-01, 9967-2.4.1-03, 9967-2.4.2-01, 9967-2.4.3-01")
	t.Log("9967-2.4.4-01, 9967-2.4.4-02, 9967-2.4.5-01, 9967-2.4.6-01")
	send, s := service(t)
	id := send("POST", "/Users", `{"userName":"ann","externalId":"x7","password":"s3cret"}`)
	send("POST", "/Users", `{"userName":"ann"}`) // is refused: no token
	send("PATCH", "/Users/"+id, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"active","value":false}]}`)
	send("PUT", "/Users/"+id, `{"userName":"ann","externalId":"x7","active":true}`)
	group := send("POST", "/Groups", `{"displayName":"g","members":[{"value":"`+id+`"}]}`)
	send("DELETE", "/Users/"+id, "")
	var r receiver
	server := httptest.NewServer(&r)
	defer server.Close()
	p := &sets.Pusher{Issuer: issuer(t), URL: server.URL, Token: "t"}
	c := &outbox.Consumer{Store: s, Name: "push", Deliver: p.Deliver, Attempts: 1}
	if _, err := c.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"/Users/" + id + " x7 " + sets.CreateNotice + " [userName password externalId]",
		"/Users/" + id + " x7 " + sets.Deactivate + " [] " + sets.PatchNotice + " [active]",
		"/Users/" + id + " x7 " + sets.Activate + " [] " + sets.PutNotice + " [active]",
		"/Groups/" + group + "  " + sets.CreateNotice + " [displayName members]",
		"/Users/" + id + " x7 " + sets.Delete + " []",
	}
	var got []string
	seen := map[string]bool{}
	for _, token := range r.tokens {
		claims, raw := open(t, token)
		text := claims.Subject.URI + " " + string(claims.Subject.ExternalID)
		for _, uri := range slices.Sorted(mapKeys(claims.Events)) {
			attributes := claims.Events[uri].Attributes
			slices.SortStableFunc(attributes, func(a, b string) int { return order(a) - order(b) })
			text += fmt.Sprint(" ", uri, " ", attributes)
		}
		got = append(got, text)
		_, sub := raw["sub"]
		if sub || claims.Subject.Format != "scim" || claims.TxID == "" || seen[claims.ID] || strings.Contains(fmt.Sprint(raw), "s3cret") {
			t.Errorf("claims %v", raw)
		}
		seen[claims.ID] = true
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func mapKeys(m map[string]sets.Payload) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// order sorts externalId last, wherever the schema has it.
func order(path string) int {
	if path == "externalId" {
		return 1
	}
	return 0
}

func TestPushErrors(t *testing.T) {
	send, s := service(t)
	send("POST", "/Users", `{"userName":"ann"}`)
	r := receiver{status: http.StatusBadRequest}
	server := httptest.NewServer(&r)
	defer server.Close()
	p := &sets.Pusher{Issuer: issuer(t), URL: server.URL}
	var parked []outbox.Parked
	c := &outbox.Consumer{
		Store: s, Name: "push", Deliver: p.Deliver, Attempts: 1,
		OnPark: func(_ context.Context, p outbox.Parked) { parked = append(parked, p) },
	}
	if _, err := c.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	var refusal *sets.PushError
	if len(parked) != 1 || !errors.As(parked[0].Err, &refusal) || refusal.Code != "invalid_key" || refusal.Status != 400 {
		t.Errorf("parked %+v", parked)
	}
	if err := p.Deliver(t.Context(), store.Entry{Kind: scim.JournalKind, Data: []byte("{")}); err == nil {
		t.Error("a broken record is sent")
	}
}

// poller serves a journal with n users.
func poller(t testing.TB, n int) *sets.Poller {
	t.Helper()
	send, s := service(t)
	for i := range n {
		send("POST", "/Users", fmt.Sprintf(`{"userName":"u%d"}`, i))
	}
	return &sets.Poller{Store: s, Name: "rp", Issuer: issuer(t), Authenticate: func(r *http.Request) error {
		if r.Header.Get("Authorization") != "Bearer t" {
			return errors.New("who is that?")
		}
		return nil
	}}
}

type polled struct {
	Sets          map[string]string
	MoreAvailable bool
}

func poll(t testing.TB, p *sets.Poller, body string) polled {
	t.Helper()
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer t")
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	var answer polled
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return answer
}

// TestPoll: what is not acknowledged comes again, in any order of
// acknowledgement, and the journal is released as far as it can be.
func TestPoll(t *testing.T) {
	p := poller(t, 5)
	first := poll(t, p, `{"maxEvents":3,"returnImmediately":true}`)
	if len(first.Sets) != 3 || !first.MoreAvailable {
		t.Fatalf("%d tokens, %v", len(first.Sets), first.MoreAvailable)
	}
	byName := map[string]string{}
	for id, token := range first.Sets {
		claims, _ := open(t, token)
		if claims.ID != id {
			t.Errorf("jti %s under %s", claims.ID, id)
		}
		byName[id] = claims.Subject.URI
	}
	ids := slices.Sorted(keys(first.Sets))
	again := poll(t, p, fmt.Sprintf(`{"returnImmediately":true,"ack":[%q]}`, ids[2])) // UUIDv7: the last one
	if _, ok := again.Sets[ids[2]]; ok || len(again.Sets) != 4 || again.Sets[ids[0]] == "" {
		t.Errorf("after one acknowledgement: %d tokens", len(again.Sets))
	}
	var failed []string
	p.OnError = func(_ context.Context, id string, e sets.PushError) { failed = append(failed, id+" "+e.Code) }
	body, err := json.Marshal(map[string]any{"maxEvents": 0, "ack": ids[:1], "setErrs": map[string]any{ids[1]: map[string]string{"err": "x", "description": "y"}}})
	if err != nil {
		t.Fatal(err)
	}
	if left := poll(t, p, string(body)); len(left.Sets) != 0 || !left.MoreAvailable || !slices.Equal(failed, []string{ids[1] + " x"}) {
		t.Errorf("%+v, errors %v", left, failed)
	}
	log, err := store.Journal(p.Store)
	if err != nil {
		t.Fatal(err)
	}
	if at, err := log.Consumers(t.Context()); err != nil || at["rp"] != 3 {
		t.Errorf("consumers %v, %v", at, err)
	}
}

func keys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func TestPollWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := poller(t, 0)
		began := time.Now()
		if answer := poll(t, p, `{}`); len(answer.Sets) != 0 || time.Since(began) != 20*time.Second {
			t.Errorf("%+v after %v", answer, time.Since(began))
		}
	})
}

func TestPollRefuses(t *testing.T) {
	t.Log("9967-5-02")
	p := poller(t, 1)
	for _, c := range []struct {
		method, token, body string
		status              int
	}{
		{"POST", "", "{}", http.StatusUnauthorized},
		{"GET", "Bearer t", "", http.StatusMethodNotAllowed},
		{"POST", "Bearer t", "{", http.StatusBadRequest},
		{"POST", "Bearer t", `{"ack":"x"}`, http.StatusBadRequest},
		{"POST", "Bearer t", `{"ack":["` + strings.Repeat("x", 2<<20) + `"]}`, http.StatusBadRequest},
	} {
		r := httptest.NewRequest(c.method, "/", strings.NewReader(c.body))
		r.Header.Set("Authorization", c.token)
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		if w.Code != c.status || bytes.Contains(w.Body.Bytes(), []byte("eyJ")) {
			t.Errorf("%s %.20s: %d %s", c.method, c.body, w.Code, w.Body)
		}
	}
	p.Authenticate = nil
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader("{}")))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("without Authenticate: %d", w.Code)
	}
}

// A token says that an account was deactivated, and nothing about the person.
func Example() {
	signer, err := sets.NewSigner(jose.HS256, key, "k1")
	if err != nil {
		fmt.Println(err)
		return
	}
	i := &sets.Issuer{Issuer: "https://id.example.com", Signer: signer, Types: types}
	claims, ok := i.Claims(&scim.Record{
		ID: "e1", TxID: "t1", Operation: scim.OpModify, ResourceType: "User", ResourceID: "7", Kinds: []scim.Kind{scim.Deactivated},
		Changes: []scim.RecordChange{{Path: "active", New: json.RawMessage("false")}},
	})
	fmt.Println(ok, claims.Subject.URI, claims.Events[sets.PatchNotice].Attributes)
	_, deactivated := claims.Events[sets.Deactivate]
	fmt.Println("deactivated:", deactivated)
	// Output:
	// true /Users/7 [active]
	// deactivated: true
}
