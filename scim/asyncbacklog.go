package scim

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/muster-scim/muster/store"
)

// backlogMark is where the consumer of a tenant was a moment ago. It is kept so
// that accepting a request does not read what the consumer has yet to do.
type backlogMark struct {
	time     time.Time
	position uint64
}

const (
	backlogMoment  = time.Second
	backlogPatient = time.Minute // what a client that is refused should wait
)

// fresh reports whether the consumer was there a moment ago.
func (m backlogMark) fresh(now time.Time) bool {
	return now.Sub(m.time) < backlogMoment && !now.Before(m.time)
}

// backlog returns where the consumer is or was a moment ago, unless it is too far
// behind.
func (c *call) backlog(ctx context.Context, log store.Log) (position uint64, err error) {
	now := c.h.now()
	if m, ok := c.h.backlogs.find(c.tenant.ID); ok && m.fresh(now) {
		return m.position, nil
	}
	consumers, err := log.Consumers(ctx)
	if err != nil {
		return 0, err
	}
	position, known := consumers[asyncConsumer]
	if !known { // from now on pruning waits for it
		err = log.Advance(ctx, asyncConsumer, 0, 0)
		if err != nil && !errors.Is(err, store.ErrVersion) {
			return 0, err
		}
	}
	for e, err := range log.Read(ctx, position) {
		if err != nil {
			return 0, err
		}
		if known && now.Sub(e.Time) > c.h.cfg.Async.MaxDelay {
			return 0, errBacklog()
		}
		break
	}
	c.h.backlogs.note(c.tenant.ID, backlogMark{now, position})
	return position, nil
}

func errBacklog() *Error {
	e := fail(http.StatusServiceUnavailable, "", "too many requests wait to be carried out; try again later")
	e.RetryAfter = backlogPatient
	return e
}
