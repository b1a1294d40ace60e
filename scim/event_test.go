package scim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// journaled is a handler whose store keeps every event.
func journaled(t testing.TB, adjust ...func(*scim.Config)) (*scim.Handler, *memstore.Store) {
	t.Helper()
	c := config(t)
	s := memstore.New(nil)
	c.Store, c.Journal = s, true
	for _, f := range adjust {
		f(&c)
	}
	return newHandler(t, c), s
}

// records reads the journal.
func records(t testing.TB, s store.Store) []*scim.Record {
	t.Helper()
	log, err := store.Journal(s)
	if err != nil {
		t.Fatal(err)
	}
	var list []*scim.Record
	for e, err := range log.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		r, err := scim.ParseRecord(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

// last is the newest record.
func last(t testing.TB, s store.Store) *scim.Record {
	t.Helper()
	list := records(t, s)
	if len(list) == 0 {
		t.Fatal("the journal is empty")
	}
	return list[len(list)-1]
}

// made sends a POST and returns the id.
func made(t testing.TB, h http.Handler, endpoint, body string) string {
	t.Helper()
	w := do(t, h, "POST", endpoint, body)
	var r struct{ ID string }
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("POST %s: %d %s", endpoint, w.Code, w.Body)
	}
	return r.ID
}

func summary(r *scim.Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %v", r.Operation, r.Kinds)
	for _, c := range r.Changes {
		fmt.Fprintf(&b, " %s:%s>%s", c.Path, c.Old, c.New)
		if c.Redacted {
			b.WriteString("(redacted)")
		}
	}
	for _, m := range r.Members {
		fmt.Fprintf(&b, " %v", m.Added)
	}
	if r.Refused != nil {
		fmt.Fprintf(&b, " refused %d %s", r.Refused.Status, r.Refused.Type)
	}
	return b.String()
}

// TestEventKinds walks one account through its life.
func TestEventKinds(t *testing.T) {
	h, s := journaled(t)
	user := "/Users/" + made(t, h, "/Users", `{"userName":"ann"}`)
	put := func(body string) func() { return func() { do(t, h, "PUT", user, body) } }
	modify := func(op string) func() { return func() { do(t, h, "PATCH", user, patchBody(op)) } }
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"joined", func() {}, `create [joined] userName:>"ann"`},
		{"changed", modify(`{"op":"add","path":"title","value":"Dr"}`), `modify [changed] title:>"Dr"`},
		{"renamed by PUT", put(`{"userName":"anna"}`), `replace [renamed changed] userName:"ann">"anna" title:"Dr">`},
		{"deactivated", modify(`{"op":"replace","path":"active","value":false}`), `modify [deactivated] active:>false`},
		{"nothing new", modify(`{"op":"replace","path":"active","value":false}`), `modify [deactivated] active:>false`},
		{"reactivated", put(`{"userName":"anna","active":true}`), `replace [reactivated] active:false>true`},
		{"refused", modify(`{"op":"replace","path":"nonsense","value":1}`), `modify [] refused 400 invalidPath`},
		{"removed", func() { do(t, h, "DELETE", user, "") }, `delete [removed] userName:"anna"> active:true>`},
		{"gone", func() { do(t, h, "DELETE", user, "") }, `delete [] refused 404 `},
	} {
		step.do()
		if got := summary(last(t, s)); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
}

// TestEventMembers expects one entry per membership, in both directions, and
// none of the list as a whole.
func TestEventMembers(t *testing.T) {
	h, s := journaled(t)
	ann := made(t, h, "/Users", `{"userName":"ann"}`)
	bob := made(t, h, "/Users", `{"userName":"bob"}`)
	group := made(t, h, "/Groups", `{"displayName":"Ops","members":[{"value":"`+ann+`"}]}`)
	expect := func(step, member string, added bool, kinds ...scim.Kind) {
		t.Helper()
		r := last(t, s)
		if len(r.Members) != 1 || r.Members[0].Member != schema.ID(member) || r.Members[0].Added != added || r.Members[0].Holder != schema.ID(group) {
			t.Errorf("%s: members %+v", step, r.Members)
		}
		if fmt.Sprint(r.Kinds) != fmt.Sprint(kinds) {
			t.Errorf("%s: kinds %v, want %v", step, r.Kinds, kinds)
		}
	}
	expect("create", ann, true, scim.Joined, scim.MemberAdded)
	do(t, h, "PATCH", "/Groups/"+group, patchBody(`{"op":"add","path":"members","value":[{"value":"`+bob+`"},{"value":"`+ann+`"}]}`))
	expect("add", bob, true, scim.MemberAdded)
	do(t, h, "PUT", "/Groups/"+group, `{"displayName":"Ops","members":[{"value":"`+bob+`"}]}`)
	expect("put", ann, false, scim.MemberRemoved)
	do(t, h, "DELETE", "/Users/"+bob, "")
	expect("delete the member", bob, false, scim.Removed, scim.MemberRemoved)
}

// TestEventIdentity: 9967-2.5.1.2-02, one transaction per request, with the
// index of the operation for bulk, and ids that are never the same.
func TestEventIdentity(t *testing.T) {
	h, s := journaled(t)
	do(t, h, "POST", "/Bulk", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
		{"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"ann"}},
		{"method":"POST","path":"/Users","bulkId":"c","data":{"userName":"ann"}}]}`, "X-Request-Id", "same", "Content-Type", "application/json")
	do(t, h, "POST", "/Users", `{"userName":"bob"}`, "X-Request-Id", "same")
	list := records(t, s)
	if len(list) != 3 || list[1].Refused == nil || list[1].Refused.Type != scim.Uniqueness {
		t.Fatalf("records: %v", list)
	}
	txn, index, _ := strings.Cut(list[0].TxID, ":")
	if index != "0" || list[1].TxID != txn+":1" || list[2].TxID == txn || list[2].TxID == "same" {
		t.Errorf("transactions %q %q %q", list[0].TxID, list[1].TxID, list[2].TxID)
	}
	if list[0].ID == list[1].ID || list[0].RequestID != "same" || list[0].Actor != "writer" {
		t.Errorf("record %+v", list[0])
	}
}

// TestJournalIsAtomic: what OnCommit refuses is neither in the store nor told
// as done.
func TestJournalIsAtomic(t *testing.T) {
	h, s := journaled(t, func(c *scim.Config) {
		c.OnCommit = func(context.Context, *scim.Event) error { return errors.New("the queue is down") }
	})
	if w := do(t, h, "POST", "/Users", `{"userName":"ann"}`); w.Code != http.StatusInternalServerError {
		t.Errorf("status %d", w.Code)
	}
	for r, err := range s.Scan(t.Context(), "User", "") {
		t.Errorf("stored %v, %v", r, err)
	}
	if list := records(t, s); len(list) != 1 || list[0].Refused == nil || strings.Contains(list[0].Refused.Detail, "queue") {
		t.Errorf("records %v", list)
	}
}

// TestJournalNeedsTransactions: a contradiction fails in the constructor, or
// for a tenant's store at its first write, and nothing is written.
func TestJournalNeedsTransactions(t *testing.T) {
	c := config(t)
	c.Store, c.Journal, c.Sensitive = store.Basic(memstore.New(nil)), true, []string{"nonsense"}
	_, err := scim.New(c)
	if err == nil || !strings.Contains(err.Error(), "Journal:") || !strings.Contains(err.Error(), "Sensitive[0]:") {
		t.Errorf("New: %v", err)
	}
}

// TestCanary plants secrets in everything that a client can send and looks for
// them in everything that leaves the service.
func TestCanary(t *testing.T) {
	const canary, phone = "c4n4ry-s3cret", "+49-555-canary"
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	note := func(_ context.Context, e *scim.Event) {
		data, err := json.Marshal(e)
		if err != nil {
			t.Error(err)
		}
		out.Write(data)
		fmt.Fprintf(&out, "%v %+v", e, e.Diffs)
		for _, r := range []*schema.Resource{e.Before, e.After} {
			if r == nil {
				continue
			}
			all, _ := r.AppendJSON(nil, &schema.Encoding{All: true})
			out.Write(bytes.ReplaceAll(all, []byte(phone), nil)) // hooks get what is only sensitive
		}
		logger.Info("event", slog.Any("event", e))
	}
	h, s := journaled(t, func(c *scim.Config) {
		c.Logger, c.Sensitive = logger, []string{"phoneNumbers.value"}
		c.OnRefuse = note
		c.OnCommit = func(ctx context.Context, e *scim.Event) error { note(ctx, e); return nil }
	})
	body := func(name, extra string) string {
		return `{"userName":"` + name + `","password":"` + canary + `","phoneNumbers":[{"value":"` + phone + `","type":"work"}],` +
			`"urn:example:2.0:Badge":{"pin":"` + canary + `"}` + extra + `}`
	}
	var responses bytes.Buffer
	send := func(method, target, body string) {
		w := do(t, h, method, target, body)
		responses.Write(bytes.ReplaceAll(w.Body.Bytes(), []byte(phone), nil))
		fmt.Fprint(&responses, w.Header())
	}
	id := made(t, h, "/Users", body("ann", ""))
	user := "/Users/" + id
	send("PUT", user, strings.ReplaceAll(body("ann", ""), canary, canary+"2"))
	send("POST", "/Users", body("ann", ""))
	send("POST", "/Users", body("", `,"active":"maybe"`))
	send("POST", "/Users", `{"userName":"eve","password":{"`+canary+`":"`+canary+`"}}`)
	send("POST", "/Users", `{"userName":"eve","password":["`+canary+`"]}`)
	send("PATCH", user, patchBody(`{"op":"replace","path":"password","value":"`+canary+`3"}`))
	send("PATCH", user, patchBody(`{"op":"replace","value":{"password":"`+canary+`4","phoneNumbers":[{"value":"`+phone+`1"}]}}`))
	send("PATCH", user, patchBody(`{"op":"replace","path":"password","value":{"x":"`+canary+`"}}`))
	send("PATCH", user, patchBody(`{"op":"remove","path":"urn:example:2.0:Badge:pin"}`))
	send("GET", user+"?attributes=password,urn:example:2.0:Badge:pin", "")
	send("DELETE", user, "")
	out.Write(responses.Bytes())
	paths := 0
	for _, r := range records(t, s) {
		data, err := r.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
		for _, c := range r.Changes {
			if c.Path == "password" && c.Redacted {
				paths++
			}
		}
	}
	for _, secret := range []string{canary, phone} {
		if i := strings.Index(out.String(), secret); i >= 0 {
			t.Errorf("%q leaked: …%s…", secret, out.String()[max(0, i-200):min(out.Len(), i+80)])
		}
	}
	if paths < 3 {
		t.Errorf("%d records say that the password changed", paths)
	}
}

// TestSecurityEventsConfig: 9967-4-01, 9967-4-02, 9967-4-03.
func TestSecurityEventsConfig(t *testing.T) {
	h, _ := journaled(t, func(c *scim.Config) { c.EventURIs = []string{"urn:ietf:params:scim:event:prov:delete"} })
	w := do(t, h, "GET", "/ServiceProviderConfig", "")
	if want := `"securityEvents":{"asyncRequest":"none","eventUris":["urn:ietf:params:scim:event:prov:delete"]}`; !strings.Contains(w.Body.String(), want) {
		t.Errorf("%s", w.Body)
	}
	silent, _ := journaled(t)
	if w := do(t, silent, "GET", "/ServiceProviderConfig", ""); strings.Contains(w.Body.String(), "securityEvents") {
		t.Errorf("%s", w.Body)
	}
}

// TestJournalState: the state after a replacement has no secrets, nothing that is
// sensitive and no list of a relation.
func TestJournalState(t *testing.T) {
	h, s := journaled(t, func(c *scim.Config) { c.JournalState, c.Sensitive = true, []string{"title"} })
	id := made(t, h, "/Users", `{"userName":"ann","password":"s3cret"}`)
	if r := last(t, s); r.State != nil {
		t.Errorf("state of a creation: %s", r.State)
	}
	do(t, h, "PUT", "/Users/"+id, `{"userName":"ann","password":"s3cret2","title":"s3cret3","nickName":"a"}`)
	var state map[string]any
	if err := json.Unmarshal(last(t, s).State, &state); err != nil {
		t.Fatal(err)
	}
	if state["id"] != id || state["nickName"] != "a" || strings.Contains(fmt.Sprint(state), "s3cret") {
		t.Errorf("state %v", state)
	}
	group := made(t, h, "/Groups", `{"displayName":"g"}`)
	do(t, h, "PUT", "/Groups/"+group, `{"displayName":"h","members":[{"value":"`+id+`"}]}`)
	if r := last(t, s); r.State != nil || r.Operation != scim.OpReplace {
		t.Errorf("state of a group: %s", r.State)
	}
	_, err := scim.New(scim.Config{Types: []*schema.ResourceType{schema.UserDefinition().MustCompile()}, Store: s, AllowAnonymous: true, JournalState: true})
	if err == nil || !strings.Contains(err.Error(), "JournalState: is set without Journal") {
		t.Errorf("without a journal: %v", err)
	}
}

// A client that is refused for ever does not fill the journal, and what else
// happens is still there.
func TestRefusalsDoNotFillTheJournal(t *testing.T) {
	told := 0
	h, s := journaled(t, func(c *scim.Config) {
		c.JournalRefusals = 10
		c.OnRefuse = func(context.Context, *scim.Event) { told++ }
	})
	made(t, h, "/Users", `{"userName":"ann"}`)
	for range 50 {
		do(t, h, "POST", "/Users", `{"userName":"ann"}`)
		do(t, h, "DELETE", "/Users/nobody", "")
	}
	made(t, h, "/Users", `{"userName":"bob"}`)
	count, last := map[scim.Operation]int{}, 0
	for _, r := range records(t, s) {
		if r.Refused == nil {
			count[scim.OpRead]++
			continue
		}
		count[r.Operation]++
		if r.Refused.Last {
			last++
		}
	}
	if count[scim.OpRead] != 2 || count[scim.OpCreate] != 10 || count[scim.OpDelete] != 10 || last != 2 || told != 100 {
		t.Errorf("%v, %d say that others are left out, %d told", count, last, told)
	}
}
