package scim

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/muster-scim/muster/store"
)

// backlogs remembers for a moment where the consumers of tenants are, so that
// accepting a request does not read what they have yet to do.
type backlogs struct {
	mu    sync.Mutex
	marks map[store.TenantID]backlogMark // by Tenant.ID
}

// backlogMark is where a consumer was.
type backlogMark struct {
	time     time.Time
	position uint64
}

const (
	backlogMoment  = time.Second
	maxBacklogs    = 10_000
	backlogPatient = time.Minute // what a client that is refused should wait
)

func (b *backlogs) find(tenant store.TenantID, now time.Time) (backlogMark, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m, ok := b.marks[tenant]
	return m, ok && now.Sub(m.time) < backlogMoment && !now.Before(m.time)
}

func (b *backlogs) note(tenant store.TenantID, m backlogMark) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.marks == nil || len(b.marks) >= maxBacklogs {
		b.marks = map[store.TenantID]backlogMark{}
	}
	b.marks[tenant] = m
}

// backlog returns where the consumer is or was a moment ago, unless it is too far
// behind.
func (c *call) backlog(ctx context.Context, log store.Log) (position uint64, err error) {
	now := c.h.now()
	if m, ok := c.h.backlogs.find(c.tenant.ID, now); ok {
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
