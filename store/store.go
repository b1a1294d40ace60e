package store

import (
	"context"
	"iter"

	"github.com/muster-scim/muster/schema"
)

// A Store keeps the resources of one tenant.
//
// The rules that hold for every method:
//
//   - All methods may be called at the same time by any number of goroutines.
//   - Each write is atomic: afterwards all of it is there or none of it, and no
//     reader sees a part. A write that returned nil is never lost, and is seen
//     by every read that starts later.
//   - A write that returns an error had no effect. The one exception is a
//     context that ended: the write may or may not have happened.
//   - A Resource never changes, so it may be kept, shared and handed out
//     without copying. A Store must not keep what a Resource is not: the keys,
//     times and functions in a Write are valid during the call only.
//   - A Resource passed in has a type, holds only canonical values, and was
//     checked against its schema; a Store does not look for mistakes again. It
//     need not know the types in advance, but one name always comes with one
//     compiled type.
//   - A Store stores what it gets. An attribute it cannot keep is an error, not
//     a loss.
//   - When ctx ends, methods return soon, with an error that wraps ctx.Err().
//   - Errors that callers act on are the ones named here and in the errors of
//     this package, wrapped or not. Any other error means that the store itself
//     is in trouble; its text is logged and never shown to a client.
type Store interface {
	// Get returns the resource, with everything that is stored for it. It
	// returns an ErrNotFound if there is none of that type and id. An id that
	// the store could never have assigned is an ErrNotFound too.
	Get(ctx context.Context, ref Ref) (*schema.Resource, error)

	// Create stores a new resource and returns it as stored. The result is the
	// truth: the store assigns the id, meta.created, meta.lastModified and
	// meta.version, which Write.Stamp does in one line, and its author may do
	// otherwise where tables already have such columns. An id that r brings is
	// kept where the store can keep it.
	//
	// Create compares w.Keys(r) with the keys of all other resources of the
	// type in the same atomic step, and returns a *ConflictError naming the
	// attribute if one is taken, or "id" if the id is. Of two concurrent
	// Creates with one key exactly one succeeds.
	Create(ctx context.Context, r *schema.Resource, w Write) (*schema.Resource, error)

	// Replace stores r in place of the resource with its type and id, and
	// returns it as stored: meta.created stays, meta.lastModified and
	// meta.version are new. Whatever r does not hold is gone.
	//
	// It returns an ErrNotFound if there is no such resource, and an ErrVersion
	// if w.Version is not empty and not the version of the stored resource. The
	// comparison is part of the atomic step that writes: of two concurrent
	// Replaces that expect the same version exactly one succeeds. Keys are
	// compared as in Create; the resource's own do not conflict.
	Replace(ctx context.Context, r *schema.Resource, w Write) (*schema.Resource, error)

	// Delete removes the resource and frees its keys. It returns an ErrNotFound
	// if there is none, and an ErrVersion as Replace does.
	Delete(ctx context.Context, ref Ref, w Write) error

	// Scan iterates over the resources of a type in ascending byte order of
	// their ids, from the first id greater than afterID; "" is before all. A
	// resource that exists during the whole iteration is yielded exactly once;
	// one that is created, changed or deleted meanwhile may be yielded in any of
	// its states or not at all. After an error the iteration ends. A type that
	// the store holds nothing of is empty. The caller may stop at any time, and
	// may call the store while iterating.
	Scan(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[*schema.Resource, error]
}
