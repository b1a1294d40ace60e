package sqlstore

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/muster-scim/muster/internal/wait"
)

const (
	firstPause = time.Millisecond // the longest before the second attempt
	lastPause  = 100 * time.Millisecond
)

// attempts is how often something is tried that ends with a verdict.
var attempts = map[verdict]int{
	clash: 100, // each means that another writer got on
	lost:  10,  // enough for every dead connection of a usual pool; a server that is down is for the client to wait for
}

// retry runs fn until it succeeds or another attempt is of no use. The pauses
// are of random length, so that two that clashed do not clash again.
func retry(ctx context.Context, fn func() error) error {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		err := fn()
		if err == nil || attempt >= attempts[verdictOf(err)] {
			return withContext(ctx, err)
		}
		if wait.For(ctx, rand.N(pause)+time.Microsecond) != nil {
			return withContext(ctx, err)
		}
		pause = min(2*pause, lastPause)
	}
}

// withContext makes an error say that the context ended, which some drivers
// report in their own words.
func withContext(ctx context.Context, err error) error {
	if cause := ctx.Err(); err != nil && cause != nil && !errors.Is(err, cause) {
		return errors.Join(cause, err)
	}
	return err
}
