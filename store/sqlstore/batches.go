package sqlstore

import (
	"context"
	"iter"

	"github.com/muster-scim/muster/schema"
)

// inBatches iterates over what next reads, which returns the resources that
// come after an id. It reads some at a time, so that no connection is held while
// the caller looks at them.
func inBatches(ctx context.Context, after schema.ID, next func(after schema.ID, size int) ([]*schema.Resource, error)) iter.Seq2[*schema.Resource, error] {
	return func(yield func(*schema.Resource, error) bool) {
		after := after
		for size := 32; ; size = min(2*size, 512) {
			batch, err := next(after, size)
			if err != nil { // the resources that are there may lack what was to be read next
				yield(nil, err)
				return
			}
			for _, r := range batch {
				if err := ctx.Err(); err != nil {
					yield(nil, err)
					return
				}
				if !yield(r, nil) {
					return
				}
				after = r.ID()
			}
			if len(batch) < size {
				return
			}
		}
	}
}
