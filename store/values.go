package store

import (
	"context"
	"errors"
	"iter"

	"github.com/muster-scim/muster/schema"
)

// ValueStore is implemented by a Store that can yield the values of a
// multi-valued attribute one by one, without holding all of them.
type ValueStore interface {
	Store
	// ReadValues iterates over the values at p, a multi-valued attribute, in
	// the order in which Get would list them. The first pair carries the error
	// if there is no such resource, or errors.ErrUnsupported if this attribute
	// is not kept so that it can be streamed. What is yielded is one state of
	// the list, at or after the moment of the call.
	ReadValues(ctx context.Context, ref Ref, p schema.Path) iter.Seq2[schema.Value, error]
}

// ReadValues iterates over the values of the multi-valued attribute p of a
// resource. After an error the iteration ends.
//
// To write a large resource with bounded memory, first read it without p (see
// ReadProjected), then the values of p: the values are then at least as new as
// the version that goes with them, so that a precondition made from it fails
// rather than passes wrongly.
//
// Without a ValueStore, or if it declines, the resource is read whole.
func ReadValues(ctx context.Context, s Store, ref Ref, p schema.Path) iter.Seq2[schema.Value, error] {
	streamer, ok := s.(ValueStore)
	if !ok {
		return getValues(ctx, s, ref, p)
	}
	return func(yield func(schema.Value, error) bool) {
		for v, err := range streamer.ReadValues(ctx, ref, p) {
			if errors.Is(err, errors.ErrUnsupported) {
				getValues(ctx, s, ref, p)(yield)
				return
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

func getValues(ctx context.Context, s Store, ref Ref, p schema.Path) iter.Seq2[schema.Value, error] {
	return func(yield func(schema.Value, error) bool) {
		r, err := s.Get(ctx, ref)
		if err != nil {
			yield(schema.Value{}, err)
			return
		}
		for v := range r.Values(p) {
			if !yield(v, nil) {
				return
			}
		}
	}
}
