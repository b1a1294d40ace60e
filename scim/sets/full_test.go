package sets_test

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scim/sets"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// source is a service whose journal holds all that Issuer.Full can send.
type source struct {
	*memstore.Store
	handler *scim.Handler
}

func newSource(t testing.TB, change func(*scim.Config)) source {
	t.Helper()
	s := memstore.New(nil)
	cfg := scim.Config{Types: types, Store: s, AllowAnonymous: true, Journal: true, JournalState: true}
	if change != nil {
		change(&cfg)
	}
	h, err := scim.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return source{s, h}
}

// send makes a request that has to succeed and returns the id in the answer.
func (s source) send(t testing.TB, method, path, body string) string {
	t.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	if w.Code >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	var r struct{ ID string }
	_ = json.Unmarshal(w.Body.Bytes(), &r)
	return r.ID
}

// tokens returns the claims that an issuer makes of the journal, also as text.
func (s source) tokens(t testing.TB, i *sets.Issuer) (all []sets.Claims, text string) {
	t.Helper()
	log, err := store.Journal(s.Store)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range log.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		id, token, err := i.Token(e)
		if err != nil {
			t.Fatal(err)
		}
		if id == "" {
			continue
		}
		claims, raw := open(t, token)
		wire, err := json.Marshal(raw)
		if err != nil {
			t.Fatal(err)
		}
		all, text = append(all, claims), text+string(wire)+"\n"
	}
	return all, text
}

func patchBody(operations string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + operations + `]}`
}

const enterprise = `"` + schema.EnterpriseUserURN + `":{"department":"R","employeeNumber":"7"}`

// replica keeps resources by nothing but tokens.
type replica map[string][]byte

func (r replica) apply(t testing.TB, c sets.Claims) {
	t.Helper()
	at := c.Subject.URI
	for uri, payload := range c.Events {
		switch uri {
		case sets.CreateFull, sets.PutFull:
			r[at] = payload.Data
		case sets.PatchFull:
			typ := types[0]
			if strings.HasPrefix(at, "/Groups/") {
				typ = types[1]
			}
			changed, err := patch.ApplyJSON(typ, r[at], payload.Data, nil)
			if err != nil {
				t.Fatalf("%s: %v of %s", at, err, payload.Data)
			}
			r[at] = changed
		case sets.Delete:
			delete(r, at)
		}
	}
}

// TestReplica: who applies the data of the tokens has what the service has.
func TestReplica(t *testing.T) {
	t.Log("9967-2.2-06, 9967-2.4-01, 9967-2.4-04, 9967-2.4.1-01, 9967-2.4.1-02, 9967-2.4.2-01, 9967-2.4.3-01, 9967-5-04, AMB-67")
	s := newSource(t, nil)
	ann := s.send(t, "POST", "/Users", `{"userName":"ann","externalId":"x","name":{"givenName":"Ann","familyName":"Lee"},"emails":[{"value":"a@x.example","type":"work"}],`+enterprise+`}`)
	bob := s.send(t, "POST", "/Users", `{"userName":"bob"}`)
	eve := s.send(t, "POST", "/Users", `{"userName":"eve","active":true}`)
	all := s.send(t, "POST", "/Groups", `{"displayName":"all","members":[{"value":"`+ann+`"},{"value":"`+bob+`"}]}`)
	s.send(t, "PATCH", "/Users/"+ann, patchBody(`{"op":"remove","path":"name.givenName"},{"op":"remove","path":"emails"},{"op":"replace","path":"`+schema.EnterpriseUserURN+`:department","value":"S"}`))
	s.send(t, "PATCH", "/Users/"+eve, patchBody(`{"op":"add","path":"active","value":false},{"op":"add","path":"phoneNumbers","value":[{"value":"1"},{"value":"2","type":"home"}]}`))
	s.send(t, "PUT", "/Users/"+bob, `{"userName":"Robert","title":"Dr"}`)
	s.send(t, "PATCH", "/Groups/"+all, patchBody(`{"op":"remove","path":"members[value eq \"`+ann+`\"]"},{"op":"add","path":"members","value":[{"value":"`+eve+`"}]}`))
	s.send(t, "PUT", "/Groups/"+all, `{"displayName":"everybody","members":[{"value":"`+bob+`"},{"value":"`+eve+`"},{"value":"`+ann+`"}]}`)
	s.send(t, "DELETE", "/Users/"+eve, "")

	i := issuer(t)
	i.Full = true
	copies := replica{}
	claims, _ := s.tokens(t, i)
	seen := map[string]bool{}
	for _, c := range claims {
		for uri := range c.Events {
			seen[uri] = true
		}
		copies.apply(t, c)
	}
	want := []string{sets.CreateFull, sets.PatchFull, sets.PutFull, sets.Delete, sets.Deactivate}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(seen)); !slices.Equal(got, want) {
		t.Errorf("events %v", got)
	}
	// Members of a group that are gone are not told: the receiver saw them go.
	if changed, err := patch.ApplyJSON(types[1], copies["/Groups/"+all], []byte(patchBody(`{"op":"remove","path":"members[value eq \"`+eve+`\"]"}`)), nil); err == nil {
		copies["/Groups/"+all] = changed
	}
	for _, at := range []string{"/Users/" + ann, "/Users/" + bob, "/Groups/" + all} {
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, httptest.NewRequest("GET", at, nil))
		if here, there := essence(t, w.Body.Bytes()), essence(t, copies[at]); !reflect.DeepEqual(here, there) {
			t.Errorf("%s is\n%v\nand its copy\n%v", at, here, there)
		}
	}
	if len(copies) != 3 {
		t.Errorf("%d copies", len(copies))
	}
}

// essence is a resource without what the service provider writes.
func essence(t testing.TB, data []byte) map[string]any {
	t.Helper()
	var r map[string]any
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	delete(r, "meta")
	delete(r, "groups")
	if members, ok := r["members"].([]any); ok {
		ids := []string{}
		for _, m := range members {
			ids = append(ids, m.(map[string]any)["value"].(string))
		}
		slices.Sort(ids)
		r["members"] = ids
	}
	return r
}

// TestPayloads: a payload has data or attributes, never both, and secrets in
// neither.
func TestPayloads(t *testing.T) {
	t.Log("9967-2.2-01, 9967-2.4-02, 9967-2.4-03, 9967-6-01")
	const canary = "c4n4ry"
	s := newSource(t, func(c *scim.Config) { c.Sensitive = []string{"phoneNumbers.value", "title"} })
	id := s.send(t, "POST", "/Users", `{"userName":"ann","password":"`+canary+`","title":"`+canary+`","phoneNumbers":[{"value":"`+canary+`","type":"home"}]}`)
	s.send(t, "PUT", "/Users/"+id, `{"userName":"ann","nickName":"a","password":"`+canary+`2","title":"`+canary+`2"}`)
	s.send(t, "PATCH", "/Users/"+id, patchBody(`{"op":"add","path":"title","value":"`+canary+`3"},{"op":"add","path":"password","value":"`+canary+`3"},{"op":"add","path":"nickName","value":"n"}`))
	for _, full := range []bool{true, false} {
		i := issuer(t)
		i.Full = full
		claims, text := s.tokens(t, i)
		if strings.Contains(text, canary) || len(claims) != 3 {
			t.Errorf("full %v: %s", full, text)
		}
		for _, c := range claims {
			for uri, p := range c.Events {
				if (p.Data != nil) != full || (p.Attributes != nil) == full || strings.HasSuffix(uri, ":full") != full {
					t.Errorf("%s: %+v", uri, p)
				}
			}
		}
		if want := map[bool]string{true: `"data":{`, false: `"attributes":[`}[full]; strings.Count(text, want) != 3 {
			t.Errorf("full %v: %s", full, text)
		}
	}
}

// Without the state after it, a replacement is told by what it changed.
func TestReplacementWithoutState(t *testing.T) {
	s := newSource(t, func(c *scim.Config) { c.JournalState = false })
	id := s.send(t, "POST", "/Users", `{"userName":"ann","title":"Dr"}`)
	s.send(t, "PUT", "/Users/"+id, `{"userName":"ann","nickName":"a"}`)
	i := issuer(t)
	i.Full = true
	claims, _ := s.tokens(t, i)
	var got struct{ Operations []struct{ Op, Path string } }
	if err := json.Unmarshal(claims[1].Events[sets.PatchFull].Data, &got); err != nil || len(got.Operations) != 2 {
		t.Errorf("%v, %+v", err, claims[1].Events)
	}
}

// TestFeed: a resource that joins a feed is not new, one that leaves it is not
// deleted, and one that is deleted does not also leave.
func TestFeed(t *testing.T) {
	t.Log("9967-2.3-01, 9967-2.3-02, 9967-2.4.4-01, 9967-2.4.4-03, 9967-2.1-09")
	s := newSource(t, nil)
	title := func(v string) string { return patchBody(`{"op":"add","path":"title","value":"` + v + `"}`) }
	id := s.send(t, "POST", "/Users", `{"userName":"ann","title":"in"}`)
	s.send(t, "PATCH", "/Users/"+id, title("out"))
	s.send(t, "PATCH", "/Users/"+id, title("in"))
	s.send(t, "DELETE", "/Users/"+id, "")
	i := issuer(t)
	i.Feed = func(r *scim.Record) sets.FeedChange {
		for _, c := range r.Changes {
			switch {
			case c.Path == "title" && string(c.New) == `"in"`:
				return sets.FeedJoin
			case c.Path == "title":
				return sets.FeedLeave
			}
		}
		return sets.FeedKeep
	}
	claims, _ := s.tokens(t, i)
	var got [][]string
	for _, c := range claims {
		got = append(got, slices.Sorted(maps.Keys(c.Events)))
	}
	want := [][]string{{sets.CreateNotice}, {sets.FeedRemove}, {sets.FeedAdd, sets.PatchNotice}, {sets.Delete}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	for _, c := range claims {
		for _, uri := range []string{sets.FeedAdd, sets.FeedRemove, sets.Delete} {
			if p, ok := c.Events[uri]; ok && !reflect.DeepEqual(p, sets.Payload{}) {
				t.Errorf("%s has a payload: %+v", uri, p)
			}
		}
	}
}

// TestTokenIDs: a token for somebody else is another token of the same
// transaction, and one that is sent again is the same.
func TestTokenIDs(t *testing.T) {
	t.Log("9967-2.2-02, 9967-2.2-03, 9967-2.2-04, 9967-2.2-05")
	s := newSource(t, nil)
	s.send(t, "POST", "/Users", `{"userName":"ann"}`)
	one, other := issuer(t), issuer(t)
	other.Audience = []string{"https://other.example.com"}
	a, _ := s.tokens(t, one)
	again, _ := s.tokens(t, one)
	b, _ := s.tokens(t, other)
	if a[0].ID != again[0].ID || a[0].ID == b[0].ID || a[0].TxID != b[0].TxID || a[0].TxID == "" {
		t.Errorf("ids %q, %q, %q; transactions %q, %q", a[0].ID, again[0].ID, b[0].ID, a[0].TxID, b[0].TxID)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest("GET", a[0].Subject.URI, nil))
	if tag := w.Header().Get("ETag"); tag == "" || a[0].Events[sets.CreateNotice].Version != tag {
		t.Errorf("version %q, ETag %q", a[0].Events[sets.CreateNotice].Version, tag)
	}
}

// TestEventURIs: all have the form of the registry.
func TestEventURIs(t *testing.T) {
	t.Log("9967-7.3-01, 9967-4-03")
	for _, uri := range append(append(sets.EventURIs(), sets.FullEventURIs()...), sets.FeedAdd, sets.FeedRemove, scim.CompletionURI) {
		parts := strings.Split(strings.TrimPrefix(uri, "urn:ietf:params:scim:event:"), ":")
		if len(parts) < 2 || len(parts) > 3 || !slices.Contains([]string{"feed", "prov", "misc"}, parts[0]) {
			t.Errorf("%q", uri)
		}
	}
}
