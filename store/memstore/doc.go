// Package memstore is a store.Store in memory: for tests and demonstrations,
// and for services that fill it from somewhere else. It has every upgrade and is
// the reference for what the contract means.
//
// One Store holds one tenant; Tenants holds a Store for each.
//
// # How it works
//
// The whole content is one immutable value behind an atomic pointer. Readers
// load the pointer and never wait, whatever writers do, and an iteration sees
// one state from beginning to end. Writers take turns; each copies the few
// nodes on the way to what it changes, and swaps the pointer. A PATCH is worked
// out and checked before its turn, and again in it only if the resource has
// changed in between. A transaction has the turn from beginning to end, so keep
// it short.
//
// Unique attributes and externalId are indexed for equality; Config.Indexes adds
// attributes for equality, prefixes, ranges and sorting. Other filters look at
// every resource.
//
// Members of a group are not part of the stored group but rows of a relation,
// so adding one costs the same whether there are ten or a million.
package memstore
