package sqlstore

import (
	"context"
	"time"
)

// turn lets the writers of one process into an SQLite database in the order in
// which they came. SQLite lets in one at a time, and those who wait look again
// after a while, whoever was first: among many, some would wait for longer than
// they may. A nil turn is for databases that queue writers themselves.
type turn chan struct{}

// newTurn returns the turn for a dialect.
func newTurn(d Dialect) turn {
	if d != SQLite {
		return nil
	}
	return make(turn, 1)
}

// turnPatience is how long a writer waits for those before it. Then it asks the
// database, which refuses who waits for a transaction of its own.
const turnPatience = 10 * time.Second

// take waits for the turn, and returns how to pass it on.
func (t turn) take(ctx context.Context) (pass func(), err error) {
	if t == nil {
		return func() {}, nil
	}
	pass = func() { <-t }
	select {
	case t <- struct{}{}:
		return pass, nil
	default:
	}
	timer := time.NewTimer(turnPatience)
	defer timer.Stop()
	select {
	case t <- struct{}{}:
		return pass, nil
	case <-timer.C:
		return func() {}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
