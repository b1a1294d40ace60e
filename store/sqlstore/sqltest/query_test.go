package sqltest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

// texts are values that databases like to compare in their own way.
var texts = []string{
	"a", "A", "ab", "aB", "b", "ß", "SS", "ss", "İ", "i", "ı", "I", "é", "e\u0301", "É", "a\x00b", "a\x00", "'", `"`, `\`, "%", "_", "a%", "a_b",
	"ab ", " a", "ä", "z", "Z", "\U0001F468", "\uffff", strings.Repeat("x", 600), strings.Repeat("x", 600) + "y", strings.Repeat("x", 512),
}

var indexes = []string{"label", "code", "seen", "count", "tags", "contacts.value", "contacts.type", "serial", "flag", "place.city", "ratio"}

// combined are what is found together. One has a part that is no index itself.
var combined = [][]string{{"label", "flag"}, {"code", "flag", "place.city"}, {"seen", "flag"}, {"count", "ratio"}}

// sorts are what results are sorted by.
var sorts = []string{"label", "code", "seen", "count", "flag", "ratio", "place.city", "tags", "contacts.value"}

func pick(r *rand.Rand) string { return texts[r.IntN(len(texts))] }

// randomProbe makes a resource with some of the attributes.
func randomProbe(r *rand.Rand) map[string]any {
	m := map[string]any{}
	for _, name := range []string{"label", "code"} {
		if r.IntN(4) > 0 {
			m[name] = pick(r)
		}
	}
	if r.IntN(2) == 0 {
		m["seen"] = fmt.Sprintf("20%02d-01-02T03:04:05+0%d:00", r.IntN(3), r.IntN(3))
	}
	if r.IntN(2) == 0 {
		m["count"] = []int{-11, -10, -9, -1, 0, 1, 2, 3, 10, 100}[r.IntN(10)]
	}
	if r.IntN(2) == 0 {
		m["ratio"] = json.Number([]string{"-10.5", "-1e0", "-0.0", "0.25", "1", "10e-1", "2.50", "30", "1e400"}[r.IntN(9)])
	}
	if r.IntN(2) == 0 {
		m["flag"] = r.IntN(2) == 0
	}
	if r.IntN(2) == 0 {
		m["place"] = map[string]any{"city": pick(r)}
	}
	if n := r.IntN(3); n > 0 {
		m["tags"] = []string{pick(r), pick(r)}[:n]
	}
	var contacts []any
	for range r.IntN(3) {
		contacts = append(contacts, map[string]any{"value": pick(r), "type": []string{"work", "home"}[r.IntN(2)]})
	}
	if contacts != nil {
		m["contacts"] = contacts
	}
	return m
}

func quoted(r *rand.Rand) string {
	text, _ := json.Marshal(pick(r))
	return string(text)
}

// randomLeaf makes a comparison with the given prefix of paths.
func randomLeaf(r *rand.Rand) string {
	op := []string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"}[r.IntN(9)]
	switch r.IntN(8) {
	case 0:
		return fmt.Sprintf(`seen %s "20%02d-01-02T02:04:05Z"`, []string{"eq", "gt", "ge", "lt", "le"}[r.IntN(5)], r.IntN(3))
	case 1:
		return fmt.Sprintf("%s %s %s", []string{"count", "ratio"}[r.IntN(2)], []string{"eq", "ne", "gt", "ge", "lt", "le"}[r.IntN(6)], []string{"-10", "-1", "0", "1", "2", "3"}[r.IntN(6)])
	case 2:
		return []string{"label pr", "tags pr", "flag eq true", "flag ne true", "contacts.value pr", "place.city pr", "seen pr"}[r.IntN(7)]
	case 3:
		return fmt.Sprintf(`contacts[type eq "%s" and value %s %s]`, []string{"work", "home"}[r.IntN(2)], []string{"eq", "co", "sw", "ew", "gt"}[r.IntN(5)], quoted(r))
	}
	return fmt.Sprintf("%s %s %s", []string{"label", "code", "tags", "contacts.value", "place.city"}[r.IntN(5)], op, quoted(r))
}

// randomEqualities makes terms that must all be true, of which an index may
// answer some together.
func randomEqualities(r *rand.Rand) string {
	var terms []string
	for range 2 + r.IntN(3) {
		terms = append(terms, []string{
			fmt.Sprintf("label eq %s", quoted(r)), fmt.Sprintf("code eq %s", quoted(r)), fmt.Sprintf("place[city eq %s]", quoted(r)), fmt.Sprintf("place.city eq %s", quoted(r)),
			fmt.Sprintf("flag eq %t", r.IntN(2) == 0), fmt.Sprintf("flag eq %t", r.IntN(2) == 0), fmt.Sprintf(`seen eq "20%02d-01-02T02:04:05Z"`, r.IntN(3)), randomLeaf(r),
			fmt.Sprintf("count eq %d", r.IntN(3)), fmt.Sprintf("ratio eq %d", r.IntN(2)),
		}[r.IntN(10)])
	}
	return strings.Join(terms, " and ")
}

func randomFilter(r *rand.Rand, depth int) string {
	if depth > 0 && r.IntN(6) == 0 {
		return randomEqualities(r)
	}
	if depth == 0 || r.IntN(3) == 0 {
		return randomLeaf(r)
	}
	switch r.IntN(3) {
	case 0:
		return "not (" + randomFilter(r, depth-1) + ")"
	case 1:
		return "(" + randomFilter(r, depth-1) + " or " + randomFilter(r, depth-1) + ")"
	}
	return randomFilter(r, depth-1) + " and " + randomFilter(r, depth-1)
}

// randomQuery makes a query, which may be sorted by one of some attributes.
func randomQuery(t *testing.T, r *rand.Rand, sorts []string) store.Query {
	t.Helper()
	q := store.Query{Type: "Probe", Count: 1 + r.IntN(20), Total: r.IntN(2) == 0}
	text := randomFilter(r, 3)
	f, err := filter.Parse(storetest.ProbeType(), text, nil)
	if err != nil {
		t.Fatal(text, err)
	}
	q.Filter = f
	if r.IntN(2) == 0 {
		q.Sort = filter.Sort{By: storetest.ProbeType().MustPath(sorts[r.IntN(len(sorts))]), Descending: r.IntN(2) == 0}
	}
	return q
}

// The database finds what Filter.Match finds, in the order of Sort.Compare.
func TestQueryEquivalence(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			s, want := twoStores(t, e)
			r := rand.New(rand.NewPCG(3, 4))
			rounds, pushed := 400, 0
			if testing.Short() {
				rounds = 80
			}
			for range rounds {
				q := randomQuery(t, r, sorts)
				if _, err := s.Explain(q); err == nil {
					pushed++
				}
				compareAll(t, s, want, q)
				q.Offset = r.IntN(40)
				compareOne(t, s, want, q)
			}
			if pushed < rounds/2 {
				t.Errorf("only %d of %d were answered by the database", pushed, rounds)
			}
		})
	}
}

// compareAll follows the pages to the end.
func compareAll(t *testing.T, s, want store.Store, q store.Query) {
	t.Helper()
	for {
		if q.After = compareOne(t, s, want, q); q.After == "" {
			return
		}
	}
}

// compareOne compares one page and returns where it ends.
func compareOne(t *testing.T, s, want store.Store, q store.Query) store.Position {
	t.Helper()
	got, err := store.RunQuery(t.Context(), s, q)
	if err != nil {
		t.Fatal(q.Filter, err)
	}
	expected, err := store.RunQuery(t.Context(), want, q)
	if err != nil {
		t.Fatal(err)
	}
	same := slices.EqualFunc(got.Resources, expected.Resources, func(a, b *schema.Resource) bool { return a.ID() == b.ID() })
	if !same || got.Total != expected.Total || got.Next != expected.Next {
		t.Fatalf("%s sorted by %v desc %t, offset %d: %d resources of %d, want %d of %d; next %q, want %q", q.Filter, q.Sort.By, q.Sort.Descending, q.Offset,
			len(got.Resources), got.Total, len(expected.Resources), expected.Total, got.Next, expected.Next)
	}
	return got.Next
}

// twoStores fills a store on the engine and one in memory with the same
// resources.
func twoStores(t *testing.T, e engine) (*sqlstore.Store, store.Store) {
	t.Helper()
	pool := e.database(t)
	db, err := sqlstore.New(pool, e.dialect, &sqlstore.Config{Types: []*schema.ResourceType{storetest.ProbeType()}, Indexes: indexes, Combined: combined})
	if err == nil {
		err = db.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	s, mem := db.Tenant("acme"), memstore.New(nil)
	r := rand.New(rand.NewPCG(1, 2))
	for range 120 {
		data, _ := json.Marshal(randomProbe(r))
		res, _, err := storetest.ProbeType().Decode(data, nil)
		if err != nil {
			t.Fatal(string(data), err)
		}
		stored, err := s.Create(t.Context(), res, store.Write{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := mem.Create(t.Context(), stored, store.Write{}); err != nil {
			t.Fatal(err)
		}
	}
	if e.dialect == sqlstore.PostgreSQL { // which plans badly before it has looked at a table
		if _, err := pool.ExecContext(t.Context(), "ANALYZE"); err != nil {
			t.Fatal(err)
		}
	}
	return s, store.Basic(mem)
}

// What the database cannot tell is declined before any effect.
func TestQueryDeclines(t *testing.T) {
	s, _ := twoStores(t, engines(t)[0])
	for text, want := range map[string]bool{
		`label eq "a"`:                          true,
		`label eq "a" and place.floor gt 1`:     true,
		`place.floor gt 1`:                      false,
		`label eq "a" or place.floor gt 1`:      false,
		`count gt 1`:                            true,
		`contacts[not (type eq "a")]`:           false,
		`id eq "a"`:                             true,
		`contacts[type eq "a" or value sw "b"]`: true,
	} {
		_, err := s.Explain(store.Query{Type: "Probe", Filter: filter.MustParse(storetest.ProbeType(), text), Count: 1})
		if got := err == nil; got != want || err != nil && !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
