package scim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-scim/muster/scim"
)

// searched is a list response of a search over several types.
type searched struct {
	TotalResults int
	NextCursor   string
	Resources    []struct{ ID string }
}

func (s searched) ids() (ids []string) {
	for _, r := range s.Resources {
		ids = append(ids, r.ID)
	}
	return ids
}

func searchAll(t testing.TB, h http.Handler, members string) (s searched) {
	t.Helper()
	w := do(t, h, "POST", "/.search", searchBody(members))
	if w.Code != http.StatusOK {
		t.Fatalf("search %s: %d %s", members, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// createNamed creates a user or a group with that displayName, a user without
// one if it is empty, and returns its id.
func createNamed(t testing.TB, h http.Handler, group bool, name string, n int) string {
	t.Helper()
	target, body := "/Users", fmt.Sprintf(`{"schemas":["%s"],"userName":"u%d","displayName":%q}`, userType.Schema().ID, n, name)
	switch {
	case group:
		target, body = "/Groups", fmt.Sprintf(`{"schemas":["%s"],"displayName":%q}`, groupType.Schema().ID, "g"+name)
	case name == "":
		body = fmt.Sprintf(`{"schemas":["%s"],"userName":"u%d"}`, userType.Schema().ID, n)
	}
	var made struct{ ID string }
	w := do(t, h, "POST", target, body)
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("create %s: %d %s", body, w.Code, w.Body)
	}
	return made.ID
}

// 9865-2-08, 9865-2-09, 7644-3.4.2.3-01: a sorted search over several types,
// paged by cursor, gives what one page by index gives, whatever the size of its
// pages; what comes and goes between them neither hides nor repeats the rest.
func TestSearchSortedByCursor(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHandler(t, config(t))
		name := rapid.SampledFrom([]string{"", "a", "A", "b", "ß", "ss", "zz"})
		n := 0
		create := func() string {
			n++
			return createNamed(t, h, rapid.Bool().Draw(rt, "group"), name.Draw(rt, "name"), n)
		}
		for range rapid.IntRange(0, 12).Draw(rt, "resources") {
			create()
		}
		query := fmt.Sprintf(`"sortBy":%q,"sortOrder":%q`, rapid.SampledFrom([]string{"displayName", "userName", "id"}).Draw(rt, "by"),
			rapid.SampledFrom([]string{"ascending", "descending"}).Draw(rt, "order"))
		want, size, churn := searchAll(t, h, query).ids(), rapid.IntRange(1, 5).Draw(rt, "count"), rapid.Bool().Draw(rt, "churn")
		var got, came []string
		for next := ""; ; {
			page := searchAll(t, h, fmt.Sprintf(`%s,"count":%d,"cursor":%q`, query, size, next))
			got = append(got, page.ids()...)
			if next = page.NextCursor; next == "" {
				break
			}
			if len(page.Resources) == 0 || len(page.Resources) > size {
				rt.Fatalf("%d resources on a page of %d that is not the last", len(page.Resources), size)
			}
			if churn && len(came) < 3 {
				came = append(came, create())
			}
		}
		got = slices.DeleteFunc(got, func(id string) bool { return slices.Contains(came, id) })
		if !slices.Equal(got, want) {
			rt.Errorf("by cursor %q, by index %q", got, want)
		}
	})
}

// 9865-2-13: a cursor of a sorted search belongs to its order.
func TestSearchSortedCursorIsBound(t *testing.T) {
	h := newHandler(t, config(t))
	for i := range 3 {
		createNamed(t, h, i%2 == 0, "x", i)
	}
	next := searchAll(t, h, `"sortBy":"displayName","count":1,"cursor":""`).NextCursor
	for _, members := range []string{`"sortBy":"id"`, `"sortBy":"displayName","sortOrder":"descending"`, `"attributes":["id"]`, `"filter":"id pr"`} {
		body := searchBody(members + `,"count":1,"cursor":"` + next + `"`)
		if w := do(t, h, "POST", "/.search", body); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), string(scim.InvalidCursor)) {
			t.Errorf("%s: %d %s", members, w.Code, w.Body)
		}
	}
}
