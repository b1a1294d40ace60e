package scim_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/schema/agent"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// revoker is an OnDeactivate hook that notes what it is asked, and can fail.
type revoker struct {
	got []string
	err error
}

func (r *revoker) deactivate(_ context.Context, d scim.Deactivation) error {
	r.got = append(r.got, fmt.Sprint(d.Cause, " ", d.Subject.ID, " ", d.Retried))
	return r.err
}

const deactivate = `{"op":"replace","path":"active","value":false}`

func TestOnDeactivateCoversEveryWay(t *testing.T) {
	var r revoker
	var staff string
	h, _ := journaled(t, func(c *scim.Config) {
		c.Lifecycle.OnDeactivate = r.deactivate
		c.Lifecycle.Requires = func(_ context.Context, _ store.TenantID, g store.Ref) bool { return g.ID == schema.ID(staff) }
	})
	var ids []string
	for i := range 5 {
		ids = append(ids, made(t, h, "/Users", fmt.Sprintf(`{"userName":"u%d"}`, i)))
	}
	members := make([]string, len(ids))
	for i, id := range ids {
		members[i] = `{"value":"` + id + `"}`
	}
	list := `"members":[` + strings.Join(members, ",") + `]`
	other := made(t, h, "/Groups", `{"displayName":"Other",`+list+`}`)
	staff = made(t, h, "/Groups", `{"displayName":"Staff",`+list+`}`)
	for _, step := range []struct{ name, method, target, body, want string }{
		{"active=false by PATCH", "PATCH", "/Users/" + ids[0], patchBody(deactivate), "deactivated " + ids[0] + " false"},
		{"again", "PATCH", "/Users/" + ids[0], patchBody(deactivate), ""},
		{"active=false by PUT", "PUT", "/Users/" + ids[1], `{"userName":"u1","active":false}`, "deactivated " + ids[1] + " false"},
		{"DELETE", "DELETE", "/Users/" + ids[2], "", "removed " + ids[2] + " false"},
		{"another group", "DELETE", "/Groups/" + other, "", ""},
		{"required group", "PATCH", "/Groups/" + staff, patchBody(`{"op":"remove","path":"members[value eq \"` + ids[3] + `\"]"}`), "memberRemoved " + ids[3] + " false"},
		{"the rest of it", "DELETE", "/Groups/" + staff, "", "memberRemoved " + ids[0] + " false memberRemoved " + ids[1] + " false memberRemoved " + ids[4] + " false"},
	} {
		r.got = nil
		if w := do(t, h, step.method, step.target, step.body); w.Code >= 300 {
			t.Errorf("%s: %d %s", step.name, w.Code, w.Body)
		}
		if got := strings.Join(r.got, " "); got != step.want {
			t.Errorf("%s: %q, want %q", step.name, got, step.want)
		}
	}
}

// TestOnDeactivateFailsClosed: an account whose sessions could not be ended is
// not reported as deactivated.
func TestOnDeactivateFailsClosed(t *testing.T) {
	r := revoker{err: errors.New("sessions: dial tcp: secret address")}
	h, s := journaled(t, func(c *scim.Config) { c.Lifecycle.OnDeactivate = r.deactivate })
	id := made(t, h, "/Users", `{"userName":"ann"}`)
	for _, w := range []struct{ method, body string }{{"PATCH", patchBody(deactivate)}, {"DELETE", ""}} {
		got := do(t, h, w.method, "/Users/"+id, w.body)
		if got.Code != http.StatusInternalServerError || strings.Contains(got.Body.String(), "secret") {
			t.Errorf("%s: %d %s", w.method, got.Code, got.Body)
		}
	}
	if stored, err := s.Get(t.Context(), store.Ref{Type: "User", ID: schema.ID(id)}); err != nil || !stored.Get(userType.MustPath("active")).IsZero() {
		t.Errorf("stored %v, %v", stored, err)
	}
}

func TestDeactivationIsRetried(t *testing.T) {
	r := revoker{err: errors.New("down")}
	h, s := journaled(t, func(c *scim.Config) {
		c.Lifecycle.OnDeactivate, c.Lifecycle.RetryDeactivate = r.deactivate, true
	})
	tenant := scim.Tenant{Store: s}
	id := made(t, h, "/Users", `{"userName":"ann"}`)
	if w := do(t, h, "PATCH", "/Users/"+id, patchBody(deactivate)); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	pending := func() (n int) {
		for d, err := range h.PendingDeactivations(t.Context(), tenant) {
			if err != nil || d.Subject.ID != schema.ID(id) {
				t.Fatal(d, err)
			}
			n++
		}
		return n
	}
	if n := pending(); n != 1 {
		t.Errorf("%d pending", n)
	}
	consumer := h.Deactivations(tenant)
	consumer.Attempts = 1
	if _, err := consumer.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := pending(); n != 1 {
		t.Errorf("%d pending while it is parked", n)
	}
	r.err = nil
	if n, err := consumer.Retry(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	want := []string{"deactivated " + id + " false", "deactivated " + id + " true", "deactivated " + id + " true"}
	if n := pending(); n != 0 || !slices.Equal(r.got, want) {
		t.Errorf("%d pending, calls %v", n, r.got)
	}
}

// TestNothingReenables: no PUT, POST or PATCH without an explicit true makes an
// inactive account active.
func TestNothingReenables(t *testing.T) {
	h, s := journaled(t)
	id := made(t, h, "/Users", `{"userName":"ann","active":false}`)
	for _, step := range []struct {
		method, target, body string
		status               int
	}{
		{"PUT", "/Users/" + id, `{"userName":"ann"}`, 200},
		{"PUT", "/Users/" + id, `{"userName":"ann","active":null}`, 200},
		{"POST", "/Users", `{"userName":"ann"}`, 409},
		{"POST", "/Users", `{"userName":"ANN","active":true}`, 409},
		{"PATCH", "/Users/" + id, patchBody(`{"op":"remove","path":"active"}`), 400},
		{"PATCH", "/Users/" + id, patchBody(`{"op":"replace","value":{"title":"Dr"}}`), 200},
	} {
		if w := do(t, h, step.method, step.target, step.body); w.Code != step.status {
			t.Errorf("%s %s: %d %s", step.method, step.body, w.Code, w.Body)
		}
		stored, err := s.Get(t.Context(), store.Ref{Type: "User", ID: schema.ID(id)})
		if active := stored.Get(userType.MustPath("active")); err != nil || active.IsZero() || active.Bool() {
			t.Fatalf("after %s %s the account is active: %v", step.method, step.body, err)
		}
	}
}

// racing deactivates an account between the first read of a write and the
// write.
type racing struct {
	store.Store
	raced bool
}

func (r *racing) Get(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
	old, err := r.Store.Get(ctx, ref)
	if err == nil && !r.raced {
		r.raced = true
		_, err = store.Update(ctx, r.Store, ref, func(old *schema.Resource) (*schema.Resource, error) {
			b := old.Edit()
			err := b.Set(userType.MustPath("active"), schema.Bool(false))
			return b.Resource(), err
		}, store.Write{})
	}
	return old, err
}

// TestDeactivationWinsRaces forces the interleaving of a full PUT or PATCH that
// repeats active=true with a deactivation.
func TestDeactivationWinsRaces(t *testing.T) {
	for method, body := range map[string]string{
		"PUT":   `{"userName":"ann","active":true,"title":"Dr"}`,
		"PATCH": patchBody(`{"op":"replace","value":{"active":true,"title":"Dr"}}`),
	} {
		t.Run(method, func(t *testing.T) {
			c := config(t)
			inner := memstore.New(nil)
			s := &racing{Store: store.Basic(inner), raced: true}
			c.Store = s
			h := newHandler(t, c)
			id := made(t, h, "/Users", `{"userName":"ann","active":true}`)
			s.raced = false
			if w := do(t, h, method, "/Users/"+id, body); w.Code != http.StatusOK {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			r, err := inner.Get(t.Context(), store.Ref{Type: "User", ID: schema.ID(id)})
			if err != nil || r.Get(userType.MustPath("active")).Bool() || r.Get(userType.MustPath("title")).Text() != "Dr" {
				t.Errorf("stored %v, %v", r, err)
			}
			if w := do(t, h, method, "/Users/"+id, body); w.Code != http.StatusOK {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			if r, _ := inner.Get(t.Context(), store.Ref{Type: "User", ID: schema.ID(id)}); !r.Get(userType.MustPath("active")).Bool() {
				t.Error("an explicit true does not re-enable")
			}
		})
	}
}

func TestLastAdministrator(t *testing.T) {
	h, s := journaled(t, func(c *scim.Config) {
		c.Lifecycle.Administrators = `roles.value eq "admin" and (active eq true or not (active pr))`
	})
	ann := made(t, h, "/Users", `{"userName":"ann","roles":[{"value":"admin"}]}`)
	bob := made(t, h, "/Users", `{"userName":"bob","roles":[{"value":"admin"}],"active":true}`)
	if w := do(t, h, "PATCH", "/Users/"+bob, patchBody(deactivate)); w.Code != http.StatusOK {
		t.Fatalf("the second-last one: %d %s", w.Code, w.Body)
	}
	for _, step := range [][2]string{{"PATCH", patchBody(deactivate)}, {"PATCH", patchBody(`{"op":"remove","path":"roles"}`)}, {"PUT", `{"userName":"ann"}`}, {"DELETE", ""}} {
		w := do(t, h, step[0], "/Users/"+ann, step[1])
		if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "no administrator") {
			t.Errorf("%s: %d %s", step[0], w.Code, w.Body)
		}
	}
	if r := last(t, s); r.Refused == nil || r.Refused.Status != http.StatusConflict || r.Operation != scim.OpDelete {
		t.Errorf("record %+v", r)
	}
}

func TestBrake(t *testing.T) {
	brake := &scim.Brake{Limits: []scim.BrakeLimit{
		{Kind: scim.Deactivated, Window: time.Hour, Max: 2},
		{Kind: scim.MemberRemoved, Window: time.Hour, Max: 3},
		{Kind: scim.Removed, Window: time.Hour, Percent: 50},
	}}
	h, s := journaled(t, func(c *scim.Config) { c.Lifecycle.Brake = brake })
	var ids []string
	for i := range 24 {
		ids = append(ids, made(t, h, "/Users", fmt.Sprintf(`{"userName":"u%d"}`, i)))
	}
	status := func(i int) int { return do(t, h, "PATCH", "/Users/"+ids[i], patchBody(deactivate)).Code }
	if got := []int{status(0), status(0), status(1), status(2), status(0), status(3)}; !slices.Equal(got, []int{200, 200, 200, 409, 200, 409}) {
		t.Errorf("deactivations: %v", got)
	}
	if held := holds(t, h, s); len(held) != 1 || held[0].Kind != scim.Deactivated || held[0].Held != 2 || held[0].Type != "User" {
		t.Errorf("held: %+v", held)
	}
	release(t, h, s)
	if got := status(2); got != 200 {
		t.Errorf("after the release: %d", got)
	}

	group := made(t, h, "/Groups", `{"displayName":"g","members":[{"value":"`+strings.Join(ids[:5], `"},{"value":"`)+`"}]}`)
	w := do(t, h, "PUT", "/Groups/"+group, `{"displayName":"g","members":[{"value":"`+ids[0]+`"}]}`)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "more than 3") {
		t.Errorf("four members at once: %d %s", w.Code, w.Body)
	}

	deleted := 0
	for i := range ids {
		if do(t, h, "DELETE", "/Users/"+ids[i], "").Code == http.StatusNoContent {
			deleted++
		}
	}
	if deleted != 10 { // the 11th would be more than half of the 13 that are left
		t.Errorf("%d deleted", deleted)
	}
}

func TestSoftDelete(t *testing.T) {
	for policy, want := range map[scim.Recreate]struct {
		status int
		same   bool
	}{
		scim.RecreateNew:      {http.StatusCreated, false},
		scim.RecreateConflict: {http.StatusConflict, false},
		scim.RecreateRestore:  {http.StatusCreated, true},
	} {
		t.Run(string(policy), func(t *testing.T) {
			h, s := journaled(t, func(c *scim.Config) { c.Lifecycle.SoftDelete, c.Lifecycle.Recreate = true, policy })
			ref := store.Ref{Type: "User", ID: schema.ID(made(t, h, "/Users", `{"userName":"ann","title":"old"}`))}
			if w := do(t, h, "DELETE", "/Users/"+string(ref.ID), ""); w.Code != http.StatusNoContent {
				t.Fatal(w.Code)
			}
			if w := do(t, h, "GET", "/Users/"+string(ref.ID), ""); w.Code != http.StatusNotFound {
				t.Errorf("GET: %d", w.Code)
			}
			w := do(t, h, "POST", "/Users", `{"userName":"Ann"}`)
			var r struct {
				ID    schema.ID
				Title string
			}
			if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || w.Code != want.status || (r.ID == ref.ID) != want.same || r.Title != "" {
				t.Errorf("POST: %d %s", w.Code, w.Body)
			}
			if want.same && !last(t, s).Is(scim.Restored) {
				t.Errorf("record %+v", last(t, s))
			}
		})
	}
}

func TestRestoreAndPurge(t *testing.T) {
	h, s := journaled(t, func(c *scim.Config) { c.Lifecycle.SoftDelete = true })
	tenant := scim.Tenant{ID: "t", Store: s}
	ref := store.Ref{Type: "User", ID: schema.ID(made(t, h, "/Users", `{"userName":"ann"}`))}
	do(t, h, "DELETE", "/Users/"+string(ref.ID), "")
	if _, err := h.Restore(t.Context(), tenant, &scim.Actor{ID: "operator"}, ref); err != nil {
		t.Fatal(err)
	}
	if r := last(t, s); !r.Is(scim.Restored) || r.Operation != scim.OpRestore || r.Actor != "operator" || r.Ref() != ref {
		t.Errorf("record %+v", r)
	}
	if _, err := h.Restore(t.Context(), tenant, nil, ref); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("again: %v", err)
	}
	do(t, h, "DELETE", "/Users/"+string(ref.ID), "")
	for before, want := range map[time.Time]int{time.Now().Add(-time.Hour): 0, time.Now().Add(time.Hour): 1} {
		if n, err := h.Purge(t.Context(), tenant, &scim.Actor{ID: "operator"}, before); err != nil || n > want {
			t.Errorf("purged %d, %v", n, err)
		}
	}
	if _, err := h.Restore(t.Context(), tenant, nil, ref); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after the purge: %v", err)
	}
	if r := last(t, s); r.Operation != scim.OpPurge || !r.Is(scim.Purged) || r.Actor != "operator" || r.Ref() != ref {
		t.Errorf("record %+v", r)
	}
}

// TestDryRun: the diff and the errors that would be, and nothing committed.
func TestDryRun(t *testing.T) {
	var r revoker
	brake := &scim.Brake{Limits: []scim.BrakeLimit{{Kind: scim.Deactivated, Window: time.Hour, Max: 1}}}
	h, s := journaled(t, func(c *scim.Config) {
		c.Lifecycle.OnDeactivate, c.Lifecycle.Brake = r.deactivate, brake
		c.OnCommit = func(context.Context, *scim.Event) error { r.got = append(r.got, "commit"); return nil }
	})
	id := made(t, h, "/Users", `{"userName":"ann"}`)
	before := len(records(t, s))
	r.got = nil
	for _, step := range []struct{ method, target, body, want string }{
		{"PATCH", "/Users/" + id, patchBody(deactivate), `200 [modify [deactivated] active:>false]`},
		{"DELETE", "/Users/" + id, "", `204 [delete [removed] userName:"ann">]`},
		{"POST", "/Users", `{"userName":"ann"}`, `409 [create [] refused 409 uniqueness]`},
		{"POST", "/Users", `{"userName":"bob"}`, `201 [create [joined] userName:>"bob"]`},
		{"POST", "/Bulk", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
			{"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"bob"}},
			{"method":"POST","path":"/Users","bulkId":"c","data":{"userName":"BOB"}},
			{"method":"PATCH","path":"/Users/` + id + `","data":` + patchBody(deactivate) + `}]}`,
			`200 [create [joined] userName:>"bob" create [] refused 409 uniqueness modify [deactivated] active:>false]`},
	} {
		w := do(t, h, step.method, step.target+"?dryRun=true", step.body)
		var answer struct {
			Schemas  []string
			Status   int
			Events   []*scim.Record
			Response json.RawMessage
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK || answer.Schemas[0] != scim.DryRunURN {
			t.Fatalf("%s: %d %s", step.method, w.Code, w.Body)
		}
		var events []string
		for _, e := range answer.Events {
			events = append(events, summary(e))
		}
		if got := fmt.Sprint(answer.Status, " ", events); got != step.want {
			t.Errorf("%s: %s, want %s", step.method, got, step.want)
		}
	}
	if w := do(t, h, "DELETE", "/Users/"+id+"?dryRun=perhaps", ""); w.Code != http.StatusBadRequest {
		t.Errorf("dryRun=perhaps: %d", w.Code)
	}
	after := records(t, s)
	if len(after) != before+1 || len(r.got) != 0 || len(holds(t, h, s)) != 0 { // the one is the refusal of "perhaps"
		t.Errorf("%d records, hooks %v, held %v", len(after)-before, r.got, holds(t, h, s))
	}
	if w := do(t, h, "GET", "/Users/"+id, ""); w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"active"`) {
		t.Errorf("GET: %d %s", w.Code, w.Body)
	}
}

func TestLifecycleMistakes(t *testing.T) {
	c := config(t)
	c.Store = store.Basic(memstore.New(nil))
	c.Lifecycle = scim.Lifecycle{
		OnDeactivate: (&revoker{}).deactivate, RetryDeactivate: true, SoftDelete: true, Recreate: "perhaps", Administrators: "roles eq",
	}
	_, err := scim.New(c)
	for _, field := range []string{"Lifecycle.Administrators:", "Lifecycle.RetryDeactivate:", "Lifecycle.Recreate:", "Lifecycle:", "Lifecycle.SoftDelete:"} {
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s is missing in %v", field, err)
		}
	}
}

// TestAgentsHaveLives: accounts that are no person's are deactivated, reported
// and kept in groups like those of people.
func TestAgentsHaveLives(t *testing.T) {
	var r revoker
	relation := store.GroupMembers()
	relation.Targets = append(relation.Targets, store.Target{Type: "Agent", Inverse: "groups", Display: []string{"displayName", "name"}})
	s := memstore.New(&memstore.Config{Relations: []store.Relation{relation}})
	h := newHandler(t, scim.Config{
		Types: append(types(), agent.AgentDefinition().MustCompile()), Store: s, AllowAnonymous: true, Journal: true,
		Relations: []store.Relation{relation}, Lifecycle: scim.Lifecycle{OnDeactivate: r.deactivate},
	})
	id := made(t, h, "/Agents", `{"name":"invoice-bot"}`)
	made(t, h, "/Groups", `{"displayName":"Bots","members":[{"value":"`+id+`"}]}`)
	if w := do(t, h, "PATCH", "/Agents/"+id, patchBody(deactivate)); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"display":"Bots"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if got := summary(last(t, s)); got != "modify [deactivated] active:>false" || !slices.Equal(r.got, []string{"deactivated " + id + " false"}) {
		t.Errorf("%s, hook %v", got, r.got)
	}
	do(t, h, "PATCH", "/Agents/"+id, patchBody(`{"op":"replace","path":"name","value":"bill-bot"}`))
	if !last(t, s).Is(scim.Renamed) {
		t.Errorf("record %+v", last(t, s))
	}
}

// TestLink: accounts that are there are linked by the policy and by nothing
// else, and linking does not re-enable them.
func TestLink(t *testing.T) {
	var asked []string
	link := func(ctx context.Context, r scim.LinkRequest) (store.Ref, error) {
		asked = append(asked, r.Resource.Get(userType.MustPath("password")).Text())
		for found, err := range r.Tx.Scan(ctx, "User", "") {
			if err != nil || found.Get(userType.MustPath("title")).Equal(r.Resource.Get(userType.MustPath("title"))) {
				return store.RefOf(found), err
			}
		}
		return store.Ref{}, nil
	}
	h, s := journaled(t, func(c *scim.Config) { c.Lifecycle.Link = link })
	id := made(t, h, "/Users", `{"userName":"old","title":"7","active":false}`)
	if got := made(t, h, "/Users", `{"userName":"ann","title":"7","externalId":"x","password":"s3cret"}`); got != id {
		t.Errorf("linked to %s, want %s", got, id)
	}
	if r := last(t, s); !r.Is(scim.Linked) || r.Is(scim.Joined) || r.ResourceID != schema.ID(id) || r.ExternalID != "x" {
		t.Errorf("record %+v", r)
	}
	stored, err := s.Get(t.Context(), store.Ref{Type: "User", ID: schema.ID(id)})
	if err != nil || stored.Get(userType.MustPath("active")).IsZero() || stored.Get(userType.MustPath("active")).Bool() {
		t.Errorf("stored %v, %v", stored, err)
	}
	if got := made(t, h, "/Users", `{"userName":"eve","title":"8"}`); got == id || len(asked) != 3 || strings.Join(asked, "") != "" {
		t.Errorf("new %s, the policy saw %q", got, asked)
	}
}

func TestUniqueExternalID(t *testing.T) {
	h, _ := journaled(t, func(c *scim.Config) { c.Lifecycle.UniqueExternalID = true })
	id := made(t, h, "/Users", `{"userName":"ann","externalId":"X"}`)
	made(t, h, "/Users", `{"userName":"bob","externalId":"x"}`) // is compared exactly
	made(t, h, "/Groups", `{"displayName":"g","externalId":"X"}`)
	for _, w := range []int{
		do(t, h, "POST", "/Users", `{"userName":"eve","externalId":"X"}`).Code,
		do(t, h, "PATCH", "/Users/"+id, patchBody(`{"op":"replace","path":"externalId","value":"x"}`)).Code,
	} {
		if w != http.StatusConflict {
			t.Errorf("status %d", w)
		}
	}
}
