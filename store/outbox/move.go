package outbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/muster-scim/muster/store"
)

// move takes a consumer past an entry, or removes the pin of one that it has
// parked.
type move struct {
	consumer string
	from, to uint64
	pin      string // instead of consumer
	called   bool
	lost     error // another process was faster
}

// done is the Done of the entry.
func (m *move) done(ctx context.Context, tx store.Store) error {
	m.called = true
	log, err := store.Journal(tx)
	if err != nil {
		return err
	}
	if m.pin != "" {
		err = m.unpin(ctx, log)
	} else {
		err = log.Advance(ctx, m.consumer, m.from, m.to)
	}
	if errors.Is(err, store.ErrVersion) {
		m.lost = err
	}
	return err
}

func (m *move) unpin(ctx context.Context, log store.Log) error {
	all, err := log.Consumers(ctx)
	if err != nil {
		return err
	}
	if _, pinned := all[m.pin]; !pinned {
		return fmt.Errorf("%w: %s is parked no more", store.ErrVersion, m.pin)
	}
	return log.Forget(ctx, m.pin)
}
