package scim

import (
	"slices"
	"time"

	"github.com/muster-scim/muster/store"
)

// This file is what a Brake does for stores without a journal.

// brakeCount is what happened lately.
type brakeCount struct {
	events []brakeEvent // oldest first
	hold   *Hold
}

type brakeEvent struct {
	time time.Time
	n    int
}

// take counts n changes, or holds them. A rehearsal changes nothing.
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
	c.forget(now, slices.Max(b.windows(key.kind)))
	hold := c.hold
	if hold == nil {
		within := func(window time.Duration) int { return c.within(now, window) }
		if reason := b.exceeded(key.kind, n, population, within); reason != "" {
			hold = &Hold{Tenant: key.tenant, Type: key.typ, Kind: key.kind, Since: now, Reason: reason}
		}
	}
	switch {
	case hold != nil && !rehearsal:
		c.hold = hold
		hold.Held++
		fallthrough
	case hold != nil:
		return errHeld(hold.Reason)
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

// holds lists what is held of a tenant.
func (b *Brake) holds(tenant store.TenantID) (list []Hold) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, c := range b.counts {
		if c.hold != nil && key.tenant == tenant {
			list = append(list, *c.hold)
		}
	}
	return list
}

// release forgets what happened in a tenant.
func (b *Brake) release(tenant store.TenantID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key := range b.counts {
		if key.tenant == tenant {
			delete(b.counts, key)
		}
	}
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
