package ratelimit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// Limiter gives each actor of each tenant a bucket of its own. It is safe for
// concurrent use; use New to make one.
type Limiter struct {
	limit rate.Limit
	burst int

	mu      sync.Mutex
	buckets map[key]*rate.Limiter
	sweepAt int // number of buckets at which full ones are dropped
}

type key struct {
	tenant store.TenantID
	actor  string
}

const firstSweep = 1024

// New returns a Limiter for perSecond requests per second in the long run, and
// at most burst at once. Both must be positive. Entra ID expects to be able to
// make 25 requests per second.
func New(perSecond float64, burst int) (*Limiter, error) {
	if perSecond <= 0 || burst <= 0 {
		return nil, fmt.Errorf("ratelimit: %g requests per second and a burst of %d must both be positive", perSecond, burst)
	}
	return &Limiter{limit: rate.Limit(perSecond), burst: burst, buckets: map[key]*rate.Limiter{}, sweepAt: firstSweep}, nil
}

// Allow takes one request out of the actor's bucket. If there is none, it
// returns how long to wait for the next, and false. It is meant to be
// scim.Config.RateLimit.
func (l *Limiter) Allow(_ context.Context, actor *scim.Actor) (retryAfter time.Duration, ok bool) {
	now := time.Now()
	reservation := l.bucket(key{actor.Tenant, actor.ID}, now).ReserveN(now, 1)
	if wait := reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return wait, false
	}
	return 0, true
}

func (l *Limiter) bucket(k key, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.buckets[k]
	if !ok {
		l.sweep(now)
		bucket = rate.NewLimiter(l.limit, l.burst)
		l.buckets[k] = bucket
	}
	return bucket
}

// sweep drops the buckets that are full, which a new one would not differ
// from, whenever their number has doubled.
func (l *Limiter) sweep(now time.Time) {
	if len(l.buckets) < l.sweepAt {
		return
	}
	for k, bucket := range l.buckets {
		if bucket.TokensAt(now) >= float64(l.burst) {
			delete(l.buckets, k)
		}
	}
	l.sweepAt = max(firstSweep, 2*len(l.buckets))
}
