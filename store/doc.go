// Package store is the contract between SCIM and a place that keeps resources.
//
// A storage author implements the five methods of Store and nothing of SCIM:
// values arrive checked, typed and canonical, and the portable functions of
// this package do the rest. Whatever a store can do better itself is an
// upgrade: an optional interface with one package function that uses it and
// falls back to the five methods where it is missing.
//
//	upgrade         function       without it
//	QueryStore      RunQuery       Scan, match and sort here, up to a limit
//	PatchStore      ApplyPatch     Get, apply, Replace at the version read, again if that lost a race
//	ReadStore       ReadProjected  Get everything
//	ValueStore      ReadValues     Get, then iterate
//	InverseStore    Inverse        scan the resources that hold the list
//	RelationStore   Relate         a wrapper keeps the relations
//	TxStore         InTx           each write stands alone
//	JournalStore    Journal        no journal: errors.ErrUnsupported
//	TrashStore      Trash          no trash: errors.ErrUnsupported
//
// Callers use the functions and never assert. An upgrade may decline a single
// call by returning an error that is errors.ErrUnsupported, before it had any
// effect; the fallback then runs, as if the method were not there.
// CapabilitiesOf tells what a store has; discovery is computed from it.
//
// # Tenants
//
// A Store belongs to one tenant. No method takes a tenant, so none can be
// forgotten.
//
// # Wrappers
//
// A type that wraps a Store for logging, metrics or caching must not hide nor
// invent upgrades. There are two honest ways. Embedding Store drops them all:
// the fallbacks run through the wrapper's five methods. Embedding Forward keeps
// them: each upgrade is passed on, and declined if the wrapped store lacks it.
// A wrapper on Forward overrides every door to what it changes: a cache in
// front of Get also answers ReadProjected, and forgets on ApplyPatch.
package store
