package storetest

import (
	"slices"

	"github.com/muster-scim/muster/store"
)

// cases returns every case of the suite, in the order in which they run.
func cases() []testCase {
	return slices.Concat(
		crudCases, losslessCases, scanCases, versionCases, uniqueCases, updateCases, patchCases,
		queryCases, pagingCases, readCases, memberCases, cycleCases, txCases, journalCases, trashCases,
		contextCases, ownershipCases, restartCases, raceCases,
	)
}

// What cases need. A case whose need is not met is left out.

func probe(r *run) bool     { return !r.opts.WithoutProbe }
func relations(r *run) bool { return r.caps.Relations }
func nested(r *run) bool    { return r.caps.Relations && r.relation().Nested() }
func durable(r *run) bool   { return r.depl.Restart != nil }

// The upgrades below have no fallback, so there is nothing to test when they
// are hidden.

func transactions(r *run) bool { return r.caps.Tx && !r.hidden }
func journal(r *run) bool      { return r.caps.Journal && !r.hidden }
func trash(r *run) bool        { return r.caps.Trash && !r.hidden }

// txJournal is for stores whose journal is part of their transactions.
func txJournal(r *run) bool { return transactions(r) && journal(r) }

// log returns the journal of a store.
func (r *run) log(s store.Store) store.Log {
	l, err := store.Journal(s)
	r.ok("Journal", err)
	return l
}
