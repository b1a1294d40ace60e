package sqlstore

import (
	"context"
	"errors"
	"iter"

	"github.com/muster-scim/muster/schema"
)

// errStop ends an iteration early.
var errStop = errors.New("stopped")

// emitted iterates over what a function emits, until that returns an error.
// begun is set with the first value.
func emitted(ctx context.Context, each func(begun *bool, emit func(schema.Value) error) error) iter.Seq2[schema.Value, error] {
	return func(yield func(schema.Value, error) bool) {
		begun, stopped := false, false
		err := ctx.Err()
		if err == nil {
			err = each(&begun, func(v schema.Value) error {
				begun = true
				if stopped = !yield(v, nil); stopped {
					return errStop
				}
				return ctx.Err()
			})
		}
		if err != nil && !stopped {
			yield(schema.Value{}, err)
		}
	}
}

// emitAll emits values, until that returns an error.
func emitAll(values iter.Seq[schema.Value], emit func(schema.Value) error) error {
	for v := range values {
		if err := emit(v); err != nil {
			return err
		}
	}
	return nil
}

// once runs fn on one state of the database, without a second attempt once fn
// has begun what cannot be taken back.
func (db *DB) once(ctx context.Context, begun *bool, fn func(*tx) error) error {
	var final error
	err := retry(ctx, func() error {
		err := db.run(ctx, reads, fn)
		if *begun {
			final = err
			return nil
		}
		return err
	})
	return withContext(ctx, errors.Join(err, final))
}
