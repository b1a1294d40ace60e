package main

import (
	"context"
	"math"
	"time"

	"github.com/muster-scim/muster/contrib/ratelimit"
	"github.com/muster-scim/muster/scim"
)

// newRateLimit limits each token to a number of requests per second; 0 means
// that there is no limit.
func newRateLimit(perSecond float64) (func(context.Context, *scim.Actor) (time.Duration, bool), error) {
	if perSecond == 0 {
		return nil, nil
	}
	limiter, err := ratelimit.New(perSecond, int(math.Ceil(perSecond)))
	if err != nil {
		return nil, err
	}
	return limiter.Allow, nil
}
