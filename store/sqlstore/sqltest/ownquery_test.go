package sqltest

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

// ownAndMemory fills the tables of a service and a store in memory with the same
// resources.
func ownAndMemory(t *testing.T, e engine) (*sqlstore.OwnStore, store.Store) {
	t.Helper()
	_, _, s := e.service(t, "")
	mem, r := memstore.New(nil), rand.New(rand.NewPCG(1, 2))
	for range 120 {
		data, _ := json.Marshal(randomProbe(r))
		res, _, err := storetest.ProbeType().Decode(data, nil)
		if err != nil {
			t.Fatal(string(data), err)
		}
		stored, err := s.Create(t.Context(), res, store.Write{})
		if err != nil {
			t.Fatal(string(data), err)
		}
		if _, err := mem.Create(t.Context(), stored, store.Write{}); err != nil {
			t.Fatal(err)
		}
	}
	return s, store.Basic(mem)
}

// The database finds what Filter.Match finds in the tables of a service, in the
// order of Sort.Compare.
func TestOwnQueryEquivalence(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			s, want := ownAndMemory(t, e)
			r := rand.New(rand.NewPCG(5, 6))
			rounds, pushed := 400, 0
			if testing.Short() {
				rounds = 80
			}
			for range rounds {
				q := randomQuery(t, r, []string{"label", "serial", "seen", "count", "flag"})
				if _, err := s.Explain(q); err == nil {
					pushed++
				} else if !errors.Is(err, errors.ErrUnsupported) {
					t.Fatal(q.Filter, err)
				}
				compareAll(t, s, want, q)
			}
			t.Logf("%d of %d were answered by the database", pushed, rounds)
			if pushed < rounds/4 {
				t.Errorf("only %d of %d were answered by the database", pushed, rounds)
			}
		})
	}
}

// Every order that a column gives is that of Sort.Compare, also without a filter.
func TestOwnOrders(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			s, want := ownAndMemory(t, e)
			for _, by := range []string{"serial", "flag", "count", "seen", "code", "id"} {
				for _, descending := range []bool{false, true} {
					q := store.Query{Type: "Probe", Count: 7, Total: true, Sort: filter.Sort{By: storetest.ProbeType().MustPath(by), Descending: descending}}
					compareAll(t, s, want, q)
				}
			}
			compareAll(t, s, want, store.Query{Type: "Probe", Count: 7, Total: true})
			ends := filter.MustParse(storetest.ProbeType(), `seen ge "0001-01-01T00:00:00Z" and seen le "9999-12-31T23:59:59.9999999Z"`)
			compareAll(t, s, want, store.Query{Type: "Probe", Filter: ends, Count: 50, Total: true})
		})
	}
}
