package memstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"pgregory.net/rapid"
)

// Whatever way the planner takes, a query gives what the fallback gives that
// reads everything: the same page, total and continuation.
func TestQueryAgreesWithScan(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := memstore.New(&memstore.Config{Indexes: []string{"userName", "displayName", "emails.value"}})
		fill(t, rt, s)
		stir(rt, s)
		for range 20 {
			q := drawQuery(rt)
			compareQueries(rt, s, q)
		}
	})
}

// compareQueries walks through the pages of q on both sides.
func compareQueries(rt *rapid.T, s store.Store, q store.Query) {
	ctx := context.Background()
	for page := 0; page < 30; page++ {
		got, err := store.RunQuery(ctx, s, q)
		if err != nil {
			rt.Fatalf("%v: %v", describe(q), err)
		}
		want, err := store.RunQuery(ctx, store.Basic(s), q)
		if err != nil {
			rt.Fatalf("%v by scan: %v", describe(q), err)
		}
		if got.Total != want.Total || got.Next != want.Next ||
			!slices.EqualFunc(got.Resources, want.Resources, (*schema.Resource).Equal) {
			rt.Fatalf("%v:\n got %v\nwant %v", describe(q), show(got), show(want))
		}
		if got.Next == "" {
			return
		}
		q.Offset, q.After = 0, got.Next
	}
}

func describe(q store.Query) string {
	text := "everything"
	if q.Filter != nil {
		text = q.Filter.String()
	}
	return fmt.Sprintf("%s where %s sorted by %q (descending %v) from %d after %q, %d at most, total %v",
		q.Type, text, q.Sort.By, q.Sort.Descending, q.Offset, q.After, q.Count, q.Total)
}

func show(p store.Page) string {
	text := fmt.Sprintf("%d of %d, next %q:", len(p.Resources), p.Total, p.Next)
	for _, r := range p.Resources {
		text += " " + string(r.ID())
	}
	return text
}

// stir replaces and deletes some resources, so that indexes have to forget.
func stir(rt *rapid.T, s store.Store) {
	ctx := context.Background()
	for r := range s.Scan(ctx, "User", "") {
		var err error
		switch rapid.IntRange(0, 5).Draw(rt, "fate") {
		case 0:
			err = s.Delete(ctx, store.RefOf(r), store.Write{})
		case 1:
			b := r.Edit()
			b.SetExternalID(rapid.SampledFrom([]schema.ExternalID{"a", "b", ""}).Draw(rt, "externalId"))
			_, err = s.Replace(ctx, b.Resource(), store.Write{Version: r.Version()})
		}
		if err != nil {
			rt.Fatal(err)
		}
	}
}

// fill makes users and groups whose values collide often.
func fill(t *testing.T, rt *rapid.T, s store.Store) {
	word := rapid.SampledFrom([]string{"a", "A", "ab", "b", "B", "ba", "Straße", "STRASSE", "é", "e\u0301"})
	for i := range rapid.IntRange(0, 25).Draw(rt, "users") {
		body := fmt.Sprintf(`{"id": "u%d", "userName": "%s%d", "active": %v`, i, word.Draw(rt, "userName"), i, i%2 == 0)
		if rapid.Bool().Draw(rt, "named") {
			body += fmt.Sprintf(`, "displayName": %q`, word.Draw(rt, "displayName"))
		}
		if rapid.Bool().Draw(rt, "external") {
			body += fmt.Sprintf(`, "externalId": %q`, word.Draw(rt, "externalId"))
		}
		body += fmt.Sprintf(`, "emails": [{"value": %q, "type": "work"}, {"value": %q, "type": "home"}]}`, word.Draw(rt, "email"), word.Draw(rt, "email"))
		createWithID(t, s, users, body)
	}
	for i := range rapid.IntRange(0, 8).Draw(rt, "groups") {
		body := fmt.Sprintf(`{"id": "g%d", "displayName": %q, "members": [`, i, word.Draw(rt, "group"))
		sep := ""
		for r, err := range s.Scan(context.Background(), "User", "") {
			if err == nil && rapid.Bool().Draw(rt, "member") {
				body += sep + fmt.Sprintf(`{"value": %q}`, r.ID())
				sep = ","
			}
		}
		if i > 0 && rapid.Bool().Draw(rt, "nested") {
			body += sep + fmt.Sprintf(`{"value": "g%d"}`, i-1)
		}
		createWithID(t, s, groups, body+"]}")
	}
}

func createWithID(t *testing.T, s store.Store, typ *schema.ResourceType, body string) {
	t.Helper()
	r, _, err := typ.Decode([]byte(body), &schema.DecodeOptions{KeepReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Create(context.Background(), r, store.Write{}); err != nil {
		t.Fatal(err)
	}
}

var userFilters = []string{
	`userName eq "A1"`, `userName eq "nobody"`, `externalId eq "a"`, `externalId eq "A" and active eq true`,
	`displayName eq "STRASSE"`, `displayName sw "a"`, `displayName sw "B" and active eq false`, `displayName gt "a"`,
	`displayName ge "a" and displayName lt "b"`, `displayName le "ab"`, `displayName ne "a"`, `displayName pr`, `not (displayName pr)`,
	`displayName eq "a" or displayName eq "b"`, `displayName eq "a" or active eq true`, `externalId eq "a" or userName eq "a1"`,
	`emails.value eq "a"`, `emails[value eq "a" and type eq "work"]`, `emails.value sw "b"`, `emails.value gt "a" and emails.value lt "b"`,
	`not (emails.value eq "a")`, `id eq "u1"`, `id eq "u1" or id eq "u9" or id eq "none"`, `groups.value eq "g1"`, `groups.value eq "g0" and active eq true`,
	`groups pr`, `not (groups.value eq "g0")`, `groups.display eq "a"`, `meta.created pr`, `userName co "1"`, `active eq true`,
}

var groupFilters = []string{
	`members.value eq "u1"`, `members eq "u1"`, `members.value eq "u1" and displayName eq "a"`, `members.value eq "u1" or members.value eq "g0"`,
	`not (members.value eq "u1")`, `members pr`, `not (members pr)`, `members[value eq "u1" and type eq "User"]`, `members[type eq "Group"]`,
	`members[value eq "g0" and type eq "User"]`, `members.display co "a"`, `members.value sw "u"`, `displayName sw "a"`, `members.type eq "Group" or members.value eq "u2"`,
	`not (members[value eq "u1"]) and members.value pr`,
}

func drawQuery(rt *rapid.T) store.Query {
	typ, filters, sorts := users, userFilters, []string{"", "displayName", "userName", "meta.created", "emails.value", "active"}
	if rapid.Bool().Draw(rt, "ask for groups") {
		typ, filters, sorts = groups, groupFilters, []string{"", "displayName", "members.value", "members.display"}
	}
	q := store.Query{Type: typ.Name(), Total: rapid.Bool().Draw(rt, "total"), Count: rapid.IntRange(0, 6).Draw(rt, "count")}
	if text := rapid.SampledFrom(append(slices.Clone(filters), "")).Draw(rt, "filter"); text != "" {
		q.Filter = filter.MustParse(typ, text)
	}
	order := rapid.SampledFrom([]string{"ascending", "descending"}).Draw(rt, "order")
	by := rapid.SampledFrom(sorts).Draw(rt, "sort")
	var err error
	if q.Sort, _, err = filter.ParseSort(typ, by, order, nil); err != nil {
		rt.Fatal(err)
	}
	q.Offset = rapid.IntRange(0, 5).Draw(rt, "offset")
	return q
}

func TestQueryOfUnknownType(t *testing.T) {
	page, err := memstore.New(nil).Query(context.Background(), store.Query{Type: "Device", Count: 5, Total: true})
	if err != nil || page.Total != 0 || len(page.Resources) != 0 || page.Next != "" {
		t.Errorf("page %+v, error %v", page, err)
	}
}

// AMB-66: a position that was not made by the store is refused.
func TestQueryRefusesForeignPositions(t *testing.T) {
	s := memstore.New(&memstore.Config{Indexes: []string{"displayName"}})
	for i := range 3 {
		create(t, s, users, fmt.Sprintf(`{"userName": "u%d", "displayName": "d"}`, i))
	}
	for _, by := range []string{"displayName", "userName"} {
		for _, position := range []store.Position{"x", "-1:", "9:abc", `1:x{`, `1:x[1]`} {
			sort, _, _ := filter.ParseSort(users, by, "", nil)
			q := store.Query{Type: "User", Sort: sort, After: position, Count: 1}
			for name, variant := range map[string]store.Store{"native": s, "basic": store.Basic(s)} {
				if _, err := store.RunQuery(context.Background(), variant, q); !errors.Is(err, store.ErrPosition) {
					t.Errorf("%s by %s after %q: error %v", name, by, position, err)
				}
			}
		}
	}
}
