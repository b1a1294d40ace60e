package store

import (
	"context"
	"errors"

	"github.com/muster-scim/muster/schema"
)

// ReadStore is implemented by a Store that can read a resource without what is
// large and not wanted.
type ReadStore interface {
	Store
	// ReadProjected returns the resource like Get. It may leave out what the
	// projection does not include, but not id, meta and what has no cost.
	ReadProjected(ctx context.Context, ref Ref, p *schema.Projection) (*schema.Resource, error)
}

// ReadProjected returns a resource with at least what the projection includes,
// so that reading a group without its members costs the same for any number of
// them. A nil projection includes everything. The result may hold more: the
// projection still has to be applied when it is encoded. Without a ReadStore,
// or if it declines, it is Get.
func ReadProjected(ctx context.Context, s Store, ref Ref, p *schema.Projection) (*schema.Resource, error) {
	if reader, ok := s.(ReadStore); ok && p != nil {
		r, err := reader.ReadProjected(ctx, ref, p)
		if !errors.Is(err, errors.ErrUnsupported) {
			return r, err
		}
	}
	return s.Get(ctx, ref)
}
