package outbox

import (
	"context"

	"github.com/muster-scim/muster/store"
)

// Delivery is one entry on its way through a channel.
type Delivery struct {
	// Entry is what is delivered.
	Entry store.Entry

	done chan<- error
}

// Done says what became of it: nil if it was dealt with, an error if it has to
// be delivered again. It must be called once; the next Delivery waits for it.
func (d Delivery) Done(err error) { d.done <- err }

// Channel sets c.Deliver so that entries appear in the channel that it returns,
// one at a time. The channel is never closed: the receiver stops when its
// context does.
func (c *Consumer) Channel() <-chan Delivery {
	deliveries := make(chan Delivery)
	c.Deliver = func(ctx context.Context, e store.Entry) error {
		done := make(chan error, 1)
		select {
		case deliveries <- Delivery{Entry: e, done: done}:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return deliveries
}
