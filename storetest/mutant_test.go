package storetest_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/storetest"
)

// A mutant is a store that breaks one sentence of the contract.
type mutant struct {
	name    string // the case that has to notice
	flaw    string // what is wrong with the store
	config  memstore.Config
	breakIt func(*broken)
	// restart, if set, is what happens at a restart.
	restart func() *storetest.Deployment
}

// untestable names the cases that no store can break, because they are about
// the fallbacks of package store.
var untestable = map[string]string{
	"Query/ScanLimit": "the limit is kept by RunQuery itself",
}

func allMutants() []mutant {
	return slices.Concat(crudMutants, writeMutants, queryMutants, memberMutants, txMutants, journalMutants, otherMutants)
}

// TestMutants checks that every broken store is noticed, by the case that is
// about the sentence it breaks.
func TestMutants(t *testing.T) {
	for _, m := range allMutants() {
		t.Run(m.name+"/"+m.flaw, func(t *testing.T) {
			t.Parallel()
			open := func(context.Context) (*storetest.Deployment, error) {
				d := deployment(m.config, m.breakIt)
				if m.restart != nil {
					d.Restart = func(context.Context) error {
						d.Tenant = m.restart().Tenant
						return nil
					}
				}
				return d, nil
			}
			err := storetest.Check(t.Context(), open, &storetest.Options{Only: []string{m.name}})
			var failure *storetest.Failure
			if !errors.As(err, &failure) || failure.Case != m.name {
				t.Errorf("a store that %s passes (%v)", m.flaw, err)
			}
		})
	}
}

// TestEveryCaseHasAMutant keeps the suite honest: a case that nothing can fail
// proves nothing.
func TestEveryCaseHasAMutant(t *testing.T) {
	caught := map[string]bool{}
	for _, m := range allMutants() {
		caught[m.name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(storetest.Cases())) {
		if !caught[name] && untestable[name] == "" {
			t.Errorf("no mutant for %s", name)
		}
	}
	for name := range caught {
		if storetest.Cases()[name] == "" {
			t.Errorf("a mutant is meant for %s, which does not exist", name)
		}
	}
}

// TestCorrectStore checks that the suite has nothing against a store that is
// not broken, wrapped in the same way.
func TestCorrectStore(t *testing.T) {
	err := storetest.Check(t.Context(), func(context.Context) (*storetest.Deployment, error) {
		return deployment(memstore.Config{}, func(*broken) {}), nil
	}, &storetest.Options{Quick: testing.Short()})
	if err != nil {
		t.Error(err)
	}
}
