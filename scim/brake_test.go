package scim_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/store/outbox"
)

func holds(t testing.TB, h *scim.Handler, s store.Store) []scim.Hold {
	t.Helper()
	list, err := h.Holds(t.Context(), scim.Tenant{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func release(t testing.TB, h *scim.Handler, s store.Store) {
	t.Helper()
	if err := h.Release(t.Context(), scim.Tenant{Store: s}, &scim.Actor{ID: "operator"}); err != nil {
		t.Fatal(err)
	}
}

// instance is a process that serves a store: what it counts in memory is its
// own.
func instance(t *testing.T, s store.Store, limits ...scim.BrakeLimit) *scim.Handler {
	t.Helper()
	c := config(t)
	c.Store, c.Journal = s, store.CapabilitiesOf(s).Journal
	c.Lifecycle.Brake = &scim.Brake{Limits: limits}
	return newHandler(t, c)
}

// Instances over one store count together, a restart forgets nothing, and a
// release counts for all.
func TestBrakeOfManyInstances(t *testing.T) {
	s := memstore.New(nil)
	limit := scim.BrakeLimit{Kind: scim.Removed, Window: time.Hour, Max: 3}
	a, b := instance(t, s, limit), instance(t, s, limit)
	var ids []string
	for i := range 8 {
		ids = append(ids, made(t, a, "/Users", fmt.Sprintf(`{"userName":"u%d"}`, i)))
	}
	remove := func(h *scim.Handler, i int) int { return do(t, h, "DELETE", "/Users/"+ids[i], "").Code }
	if got := []int{remove(a, 0), remove(b, 1), remove(a, 2), remove(b, 3), remove(a, 3)}; !slices.Equal(got, []int{204, 204, 204, 409, 409}) {
		t.Fatalf("deletions: %v", got)
	}
	restarted := instance(t, s, limit)
	if got := remove(restarted, 3); got != http.StatusConflict {
		t.Errorf("after a restart: %d", got)
	}
	for _, h := range []*scim.Handler{a, b, restarted} {
		if held := holds(t, h, s); len(held) != 1 || held[0].Held != 3 || held[0].Kind != scim.Removed || held[0].Type != "User" || held[0].Reason == "" || held[0].Since.IsZero() {
			t.Errorf("holds %+v", held)
		}
	}
	release(t, b, s)
	r := last(t, s)
	if r.Operation != scim.OpRelease || r.Actor != "operator" || !r.Is(scim.Released) || r.Hold == nil || r.Hold.Held != 3 {
		t.Errorf("record %+v", r)
	}
	if got := []int{remove(a, 3), remove(b, 4), remove(restarted, 5), remove(a, 6)}; !slices.Equal(got, []int{204, 204, 204, 409}) {
		t.Errorf("after the release: %v", got)
	}
}

// What is refused for another reason, or only rehearsed, is not counted.
func TestBrakeCountsWhatWasCommitted(t *testing.T) {
	s := memstore.New(nil)
	c := config(t)
	c.Store, c.Lifecycle.Brake = s, &scim.Brake{Limits: []scim.BrakeLimit{{Kind: scim.Removed, Window: time.Hour, Max: 1}}}
	refuse := true
	c.OnCommit = func(_ context.Context, e *scim.Event) error {
		if e.Is(scim.Removed) && refuse {
			return scim.ErrForbidden
		}
		return nil
	}
	h := newHandler(t, c)
	id, other := made(t, h, "/Users", `{"userName":"ann"}`), made(t, h, "/Users", `{"userName":"bob"}`)
	for range 3 {
		if w := do(t, h, "DELETE", "/Users/"+id, ""); w.Code != http.StatusForbidden {
			t.Fatal(w.Code)
		}
		if w := do(t, h, "DELETE", "/Users/"+id+"?dryRun=true", ""); w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
	}
	refuse = false
	if w := do(t, h, "DELETE", "/Users/"+id, ""); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := do(t, h, "DELETE", "/Users/"+other+"?dryRun=true", ""); w.Code != http.StatusOK || len(holds(t, h, s)) != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := do(t, h, "DELETE", "/Users/"+other, ""); w.Code != http.StatusConflict || len(holds(t, h, s)) != 1 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// The limit holds exactly, however many requests of however many instances come
// at once.
func TestBrakeAtOnce(t *testing.T) {
	s := memstore.New(nil)
	limit := scim.BrakeLimit{Kind: scim.Deactivated, Window: time.Hour, Max: 5}
	a, b := instance(t, s, limit), instance(t, s, limit)
	var ids []string
	for i := range 20 {
		ids = append(ids, made(t, a, "/Users", fmt.Sprintf(`{"userName":"u%d"}`, i)))
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	got := map[int]int{}
	for i, id := range ids {
		wg.Go(func() {
			w := do(t, []*scim.Handler{a, b}[i%2], "PATCH", "/Users/"+id, patchBody(deactivate))
			mu.Lock()
			defer mu.Unlock()
			got[w.Code]++
		})
	}
	wg.Wait()
	if got[http.StatusOK] != 5 || got[http.StatusConflict] != 15 {
		t.Errorf("%v", got)
	}
	if held := holds(t, b, s); len(held) != 1 || held[0].Held != 15 {
		t.Errorf("%+v", held)
	}
}

// What is counted does not keep the journal from being pruned, and is left when
// it was.
func TestBrakeOutlivesPruning(t *testing.T) {
	s := memstore.New(nil)
	h := instance(t, s, scim.BrakeLimit{Kind: scim.Removed, Window: time.Hour, Max: 1})
	ids := []string{made(t, h, "/Users", `{"userName":"ann"}`), made(t, h, "/Users", `{"userName":"bob"}`)}
	do(t, h, "DELETE", "/Users/"+ids[0], "")
	do(t, h, "DELETE", "/Users/"+ids[1], "")
	if n, err := outbox.Prune(t.Context(), s, time.Now().Add(time.Hour)); err != nil || n < 4 {
		t.Errorf("pruned %d, %v", n, err)
	}
	if w := do(t, h, "DELETE", "/Users/"+ids[1], ""); w.Code != http.StatusConflict || holds(t, h, s)[0].Held != 2 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// noJournal is a store with transactions and without a journal.
type noJournal struct{ store.Store }

func (s noJournal) InTx(ctx context.Context, fn func(context.Context, store.Store) error) error {
	return store.InTx(ctx, s.Store, func(ctx context.Context, tx store.Store) error { return fn(ctx, noJournal{tx}) })
}

func TestBrakeWithoutJournal(t *testing.T) {
	s := noJournal{memstore.New(nil)}
	h := instance(t, s, scim.BrakeLimit{Kind: scim.Removed, Window: time.Hour, Max: 1})
	ids := []string{made(t, h, "/Users", `{"userName":"ann"}`), made(t, h, "/Users", `{"userName":"bob"}`)}
	remove := func(i int) int { return do(t, h, "DELETE", "/Users/"+ids[i], "").Code }
	if got := []int{remove(0), remove(1), remove(1)}; !slices.Equal(got, []int{204, 409, 409}) {
		t.Fatal(got)
	}
	if held := holds(t, h, s); len(held) != 1 || held[0].Held != 2 {
		t.Errorf("%+v", held)
	}
	release(t, h, s)
	if got := remove(1); got != http.StatusNoContent || len(holds(t, h, s)) != 0 {
		t.Error(got)
	}
}
