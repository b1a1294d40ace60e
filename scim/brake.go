package scim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/muster-scim/muster/store"
)

// Brake holds changes of a tenant when there are too many of a kind in a short
// time, before a mistake in an identity provider has deactivated everybody.
// What is held is answered with 409, and so is everything else of that kind,
// until an operator calls Release. Set Limits and use it; it is safe for
// concurrent use and must not be copied.
//
// A Brake counts what goes through one process; several instances each let
// Limits pass. What was held is not kept over a restart.
type Brake struct {
	// Limits are what may happen. They must not be changed after the first use.
	Limits []BrakeLimit

	mu     sync.Mutex
	counts map[brakeKey]*brakeCount
}

// BrakeLimit is how many changes of a kind may happen in a window of time, per
// tenant and resource type. Whichever of Max and Percent is reached first
// counts; 0 means no limit by it.
type BrakeLimit struct {
	// Kind is Deactivated, Removed or MemberRemoved. Of memberships each one
	// counts, whatever the group.
	Kind Kind
	// Window is the time; it slides.
	Window time.Duration
	// Max is the largest number of changes.
	Max int
	// Percent is the largest share of the resources of the type. It does not
	// apply to memberships, nor to the first 10 changes.
	Percent float64
}

// percentFrom is the number of changes up to which shares mean nothing.
const percentFrom = 10

// Hold says what a Brake holds.
type Hold struct {
	Tenant store.TenantID // Tenant.ID
	Type   string         // of the resources
	Kind   Kind           // of the changes
	Since  time.Time      // when the first one was held
	Held   int            // requests that were held
	Reason string         // which limit it was
}

type brakeKey struct {
	tenant store.TenantID
	typ    string
	kind   Kind
}

// brakeCount is what happened lately.
type brakeCount struct {
	events []brakeEvent // oldest first
	hold   *Hold
}

type brakeEvent struct {
	time time.Time
	n    int
}

// Release lets the changes of a tenant pass again; counting starts anew.
func (b *Brake) Release(tenant store.TenantID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key := range b.counts {
		if key.tenant == tenant {
			delete(b.counts, key)
		}
	}
}

// Held lists what is held, oldest first.
func (b *Brake) Held() []Hold {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []Hold
	for _, c := range b.counts {
		if c.hold != nil {
			all = append(all, *c.hold)
		}
	}
	slices.SortFunc(all, func(a, b Hold) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Kind, b.Kind))
	})
	return all
}

// take counts n changes, or holds them. population is the number of resources
// of the type, or -1. A rehearsal changes nothing.
func (b *Brake) take(key brakeKey, n int, now time.Time, population int, rehearsal bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.counts == nil {
		b.counts = map[brakeKey]*brakeCount{}
	}
	c := b.counts[key]
	if c == nil {
		c = &brakeCount{}
		b.counts[key] = c
	}
	hold := c.hold
	if hold == nil {
		if reason := b.exceeded(c, key.kind, n, now, population); reason != "" {
			hold = &Hold{Tenant: key.tenant, Type: key.typ, Kind: key.kind, Since: now, Reason: reason}
		}
	}
	switch {
	case hold != nil && !rehearsal:
		c.hold = hold
		hold.Held++
		fallthrough
	case hold != nil:
		return fail(http.StatusConflict, "", "held: "+hold.Reason+"; an operator of the service has to release it")
	case !rehearsal:
		c.events = append(c.events, brakeEvent{now, n})
	}
	return nil
}

// giveBack takes back what take has counted.
func (b *Brake) giveBack(key brakeKey, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c := b.counts[key]; c != nil {
		for i := len(c.events) - 1; i >= 0; i-- {
			if c.events[i].n == n {
				c.events = slices.Delete(c.events, i, i+1)
				return
			}
		}
	}
}

// exceeded returns the limit that n more changes would break, or "".
func (b *Brake) exceeded(c *brakeCount, kind Kind, n int, now time.Time, population int) string {
	c.forget(now, b.longest())
	for _, l := range b.Limits {
		if l.Kind != kind {
			continue
		}
		count := c.within(now, l.Window) + n
		switch {
		case l.Max > 0 && count > l.Max:
			return fmt.Sprintf("more than %d changes of the kind %q within %v", l.Max, kind, l.Window)
		case l.Percent > 0 && population >= 0 && count > percentFrom && float64(count)*100 > l.Percent*float64(population):
			return fmt.Sprintf("more than %g %% of all resources changed by the kind %q within %v", l.Percent, kind, l.Window)
		}
	}
	return ""
}

func (b *Brake) longest() (d time.Duration) {
	for _, l := range b.Limits {
		d = max(d, l.Window)
	}
	return d
}

// limits reports whether there is a limit for a kind, and whether one needs to
// know the number of resources.
func (b *Brake) limits(kind Kind) (some, percent bool) {
	for _, l := range b.Limits {
		if l.Kind == kind {
			some, percent = true, percent || l.Percent > 0
		}
	}
	return some, percent
}

// forget drops what is too old for any window.
func (c *brakeCount) forget(now time.Time, longest time.Duration) {
	c.events = slices.DeleteFunc(c.events, func(e brakeEvent) bool { return now.Sub(e.time) >= longest })
}

func (c *brakeCount) within(now time.Time, window time.Duration) (n int) {
	for _, e := range c.events {
		if now.Sub(e.time) < window {
			n += e.n
		}
	}
	return n
}
