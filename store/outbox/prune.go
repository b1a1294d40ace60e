package outbox

import (
	"context"
	"time"

	"github.com/muster-scim/muster/store"
)

// Replay moves the consumer back, so that everything after a position is
// delivered once more; 0 is before the first entry that is left.
func (c *Consumer) Replay(ctx context.Context, after uint64) error {
	return store.InTx(ctx, c.Store, func(ctx context.Context, tx store.Store) error {
		log, err := store.Journal(tx)
		if err != nil {
			return err
		}
		if err := log.Forget(ctx, c.Name); err != nil {
			return err
		}
		return log.Advance(ctx, c.Name, 0, after)
	})
}

// Remove ends the consumer: pruning no longer waits for it, nor for what it has
// parked.
func (c *Consumer) Remove(ctx context.Context) error {
	log, err := store.Journal(c.Store)
	if err != nil {
		return err
	}
	seqs, err := c.parkedSeqs(ctx, log)
	if err != nil {
		return err
	}
	for _, seq := range seqs {
		if err := c.Drop(ctx, seq); err != nil {
			return err
		}
	}
	return log.Forget(ctx, c.Name)
}

// Prune removes the entries of a journal that are older than a moment, and
// returns how many. What some consumer has not dealt with stays, and so does
// everything after the first entry that is not older, whatever the clock did.
func Prune(ctx context.Context, s store.Store, olderThan time.Time) (int, error) {
	log, err := store.Journal(s)
	if err != nil {
		return 0, err
	}
	var through uint64
	for e, err := range log.Read(ctx, 0) {
		if err != nil {
			return 0, err
		}
		if !e.Time.Before(olderThan) {
			break
		}
		through = e.Seq
	}
	if through == 0 {
		return 0, nil
	}
	return log.Prune(ctx, through)
}
