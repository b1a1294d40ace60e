package scim

import (
	"maps"
	"sync"
	"time"

	"github.com/muster-scim/muster/store"
)

const (
	// defaultJournalRefusals is the default of Config.JournalRefusals.
	defaultJournalRefusals = 100

	// refusalWindow is the time for which Config.JournalRefusals is.
	refusalWindow = time.Hour

	// maxRefusalKeys bounds the memory of refusals. Beyond it everything counts
	// together.
	maxRefusalKeys = 10_000

	// sweepEvery is how often those that are over are looked for when it is full.
	sweepEvery = time.Minute
)

// refusals decides which refused writes are kept in the journal, so that a
// client that repeats what is refused forever does not fill it.
type refusals struct {
	most int // in a window; negative keeps all

	mu    sync.Mutex
	seen  map[refusalKey]refusalCount
	swept time.Time
}

// refusalKey is what makes refusals alike.
type refusalKey struct {
	tenant    store.TenantID
	actor     string
	operation Operation
	typ       string
	status    int
	reason    ErrorType
}

func refusalKeyOf(e *Event) refusalKey {
	key := refusalKey{tenant: e.Tenant, operation: e.Operation, typ: e.Ref.Type, status: e.Refused.Status, reason: e.Refused.Type}
	if e.Actor != nil {
		key.actor = e.Actor.ID
	}
	return key
}

// refusalCount is what happened since a moment.
type refusalCount struct {
	since time.Time
	kept  int
	left  int // out of the journal
}

func (c refusalCount) over(now time.Time) bool {
	return now.Sub(c.since) >= refusalWindow || now.Before(c.since)
}

// verdict is what becomes of one refusal.
type verdict struct {
	keep bool
	left int  // how many like it were left out before
	last bool // those that follow in the window are left out
}

// judge counts a refusal.
func (r *refusals) judge(key refusalKey, now time.Time) verdict {
	if r.most < 0 {
		return verdict{keep: true}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen == nil {
		r.seen = map[refusalKey]refusalCount{}
	}
	key = r.place(key, now)
	c, known := r.seen[key]
	v := verdict{}
	if !known || c.over(now) {
		v.left = c.left
		c = refusalCount{since: now}
	}
	if v.keep = c.kept < r.most; v.keep {
		c.kept++
		v.last = c.kept == r.most
	} else {
		c.left++
	}
	r.seen[key] = c
	return v
}

// place makes room for a key, or returns the one that many share.
func (r *refusals) place(key refusalKey, now time.Time) refusalKey {
	if _, known := r.seen[key]; known || len(r.seen) < maxRefusalKeys {
		return key
	}
	if now.Sub(r.swept).Abs() < sweepEvery {
		return refusalKey{}
	}
	r.swept = now
	maps.DeleteFunc(r.seen, func(_ refusalKey, c refusalCount) bool { return c.over(now) && c.left == 0 })
	if len(r.seen) < maxRefusalKeys {
		return key
	}
	return refusalKey{}
}
