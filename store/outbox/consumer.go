package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/muster-scim/muster/internal/wait"
	"github.com/muster-scim/muster/store"
)

// Consumer delivers the entries of a journal to one receiver. Store, Name and
// one of Deliver and Work are required. It must not be changed once it is in use. Two processes
// may run one consumer; then Deliver may get some entries twice, and Work still does
// each once.
type Consumer struct {
	// Store has the journal. It is that of one tenant.
	Store store.Store
	// Name is the consumer's in the journal. It must not contain a slash.
	Name string
	// Deliver hands over one entry. An error means that it has to be tried again.
	// It is called by one goroutine at a time, and may get an entry again that it
	// has dealt with already; Entry.Seq tells.
	Deliver func(ctx context.Context, e store.Entry) error
	// Work is used instead of Deliver for what is to be done in the store itself,
	// once and not at least once: Work calls done in the transaction in which it
	// does it, first, so that both happen or neither, and of several processes that
	// run the consumer only one does it. The store must have transactions. An error
	// means that it has to be tried again.
	Work func(ctx context.Context, e store.Entry, done Done) error
	// Kinds are the kinds of entries to deliver, others are passed over; nil
	// means all but the outbox's own.
	Kinds []string
	// Timeout bounds one call of Deliver or Work by its context: 30 seconds by
	// default, and not at all if it is negative.
	Timeout time.Duration
	// Attempts is how often an entry is tried before it is parked: 8 times by
	// default, and without end if it is negative.
	Attempts int
	// Pause is how long to wait after the first failure of an entry, a second by
	// default; it doubles with each one, up to a minute.
	Pause time.Duration
	// Poll is how long Run waits when there is nothing more: a second by default.
	Poll time.Duration
	// Wake ends that wait whenever something can be received from it; nil never
	// does.
	Wake <-chan struct{}
	// OnPark is told about each entry that is parked; nil tells nobody.
	OnPark func(ctx context.Context, p Parked)
}

// Done moves a Consumer past the entry that its Work was given. It is called in
// the transaction that does the work, and again if the transaction is repeated. An
// error, which Work has to return, means that another process was faster.
type Done func(ctx context.Context, tx store.Store) error

// The defaults of Consumer.
const (
	defaultTimeout  = 30 * time.Second
	defaultAttempts = 8
	defaultPause    = time.Second
	defaultPoll     = time.Second
	longestPause    = time.Minute
)

// Run delivers until ctx ends, and returns its error. Before that it returns
// only if the journal cannot be used: what was pruned before it was delivered
// is a store.ErrPosition. Run reads what other processes write only when it
// looks again, see Poll.
func (c *Consumer) Run(ctx context.Context) error {
	for {
		if _, err := c.Drain(ctx); err != nil && !errors.Is(err, store.ErrVersion) {
			return err
		}
		if err := c.rest(ctx); err != nil {
			return err
		}
	}
}

// rest waits until it is time to look again.
func (c *Consumer) rest(ctx context.Context) error {
	timer := time.NewTimer(orDefault(c.Poll, defaultPoll))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	case <-c.Wake:
	}
	return ctx.Err()
}

// Drain delivers everything there is now and returns the number of entries
// delivered. It fails with an ErrVersion if another process works for the same
// consumer; what it delivered until then may be delivered again.
func (c *Consumer) Drain(ctx context.Context) (delivered int, err error) {
	log, at, err := c.position(ctx)
	if err != nil {
		return 0, err
	}
	for {
		entries, err := next(ctx, log, at)
		if err != nil || len(entries) == 0 {
			return delivered, err
		}
		for _, e := range entries {
			if !c.wants(e) {
				continue
			}
			if err := c.handle(ctx, e, at); err != nil {
				return delivered, err
			}
			delivered++
			at = e.Seq
		}
		// Those at the end that are not wanted are passed over by one write.
		if last := entries[len(entries)-1].Seq; last > at {
			if err := log.Advance(ctx, c.Name, at, last); err != nil {
				return delivered, err
			}
			at = last
		}
	}
}

// next reads some entries. They are not delivered while they are read, because
// a store may keep a connection busy with that.
func next(ctx context.Context, log store.Log, after uint64) (entries []store.Entry, err error) {
	const most = 64
	for e, err := range log.Read(ctx, after) {
		if err != nil {
			return nil, err
		}
		if entries = append(entries, e); len(entries) == most {
			break
		}
	}
	return entries, nil
}

// Register makes the consumer known to the journal, so that pruning waits for
// it from now on. Drain does so by itself.
func (c *Consumer) Register(ctx context.Context) error {
	_, _, err := c.position(ctx)
	return err
}

// position returns the journal and where the consumer is.
func (c *Consumer) position(ctx context.Context) (store.Log, uint64, error) {
	log, err := store.Journal(c.Store)
	if err != nil {
		return nil, 0, fmt.Errorf("outbox: the journal of consumer %s: %w", c.Name, err)
	}
	all, err := log.Consumers(ctx)
	if err != nil {
		return nil, 0, err
	}
	at, known := all[c.Name]
	if !known {
		err = log.Advance(ctx, c.Name, 0, 0)
	}
	return log, at, err
}

func (c *Consumer) wants(e store.Entry) bool {
	if c.Kinds == nil {
		return e.Kind != ParkedKind
	}
	return slices.Contains(c.Kinds, e.Kind)
}

// handle delivers one entry, or parks it, and moves on.
func (c *Consumer) handle(ctx context.Context, e store.Entry, at uint64) error {
	move := &move{consumer: c.Name, from: at, to: e.Seq}
	failures, err := c.try(ctx, e, move)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case move.lost != nil:
		return move.lost
	case err != nil:
		return c.park(ctx, Parked{Consumer: c.Name, Entry: e, Attempts: failures, Err: err}, at)
	case c.Work != nil:
		return nil
	default:
		return move.done(ctx, c.Store)
	}
}

// try delivers one entry, with pauses between the attempts.
func (c *Consumer) try(ctx context.Context, e store.Entry, move *move) (failures int, err error) {
	most := orDefault(c.Attempts, defaultAttempts)
	pause := orDefault(c.Pause, defaultPause)
	for {
		if err = c.once(ctx, e, move); err == nil || move.lost != nil {
			return failures, err
		}
		if failures++; failures == most {
			return failures, err
		}
		if err := wait.For(ctx, pause); err != nil {
			return failures, err
		}
		pause = min(2*pause, longestPause)
	}
}

// once calls Deliver or Work. A panic in it is an error.
func (c *Consumer) once(ctx context.Context, e store.Entry, move *move) (err error) {
	if timeout := orDefault(c.Timeout, defaultTimeout); timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	if c.Work == nil {
		return c.Deliver(ctx, e)
	}
	if err = c.Work(ctx, e, move.done); err == nil && !move.called {
		return errNotDone
	}
	return err
}

var errNotDone = errors.New("outbox: Work has not called done")

func orDefault[T comparable](v, byDefault T) T {
	var zero T
	if v == zero {
		return byDefault
	}
	return v
}
