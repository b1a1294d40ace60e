package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/muster-scim/muster/schema"
)

// TrashStore is implemented by a Store that can delete a resource so that it
// can be restored.
type TrashStore interface {
	Store
	// Trash returns the bin of the store, or errors.ErrUnsupported. The bin of a
	// transaction's Store is part of the transaction.
	Trash() (Bin, error)
}

// Discarded is a resource in the bin.
type Discarded struct {
	// Resource is the last state, with its id and version.
	Resource *schema.Resource
	// Time is when it was discarded.
	Time time.Time
}

// Bin holds the discarded resources of one tenant. For all methods of Store
// they do not exist: their keys are free, and they are in no list. All methods
// may be called concurrently.
type Bin interface {
	// Discard deletes a resource like Store.Delete, with the same errors, and
	// keeps it in the bin.
	Discard(ctx context.Context, ref Ref, w Write) error

	// Restore makes a discarded resource exist again and returns it: with its id
	// and meta.created, a new version, and none of its memberships, since access
	// should not come back unnoticed. It returns an ErrNotFound if the bin does
	// not hold it, and a *ConflictError if one of its keys was taken meanwhile.
	Restore(ctx context.Context, ref Ref, w Write) (*schema.Resource, error)

	// Discarded iterates over the bin's resources of a type like Store.Scan.
	Discarded(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[Discarded, error]

	// Purge removes a resource from the bin for good. It returns an ErrNotFound
	// if the bin does not hold it.
	Purge(ctx context.Context, ref Ref) error
}

// Trash returns the bin of s. There is no fallback: a Store that is not a
// TrashStore gives errors.ErrUnsupported.
func Trash(s Store) (Bin, error) {
	if t, ok := s.(TrashStore); ok {
		return t.Trash()
	}
	return nil, errors.ErrUnsupported
}
