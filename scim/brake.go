package scim

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/muster-scim/muster/store"
)

// Brake holds changes of a tenant when there are too many of a kind in a short
// time, before a mistake in an identity provider has deactivated everybody.
// What is held is answered with 409, and so is everything else of that kind,
// until an operator calls Handler.Release. Set Limits and use it; it is safe for
// concurrent use and must not be copied.
//
// In a store that keeps a journal, numbers and holds are kept there, in the
// transaction of the change: all instances over one database count together, and
// a restart forgets nothing. Without a journal a Brake counts in one process.
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
	// Window is the time; it slides. What is kept in a store forgets in steps of
	// 1/32 of it, and never too early.
	Window time.Duration
	// Max is the largest number of changes.
	Max int
	// Percent is the largest share of the resources of the type. It does not
	// apply to memberships, nor to the first 10 changes.
	Percent float64
}

// percentFrom is the number of changes up to which shares mean nothing.
const percentFrom = 10

type brakeKey struct {
	tenant store.TenantID
	typ    string
	kind   Kind
}

// exceeded returns the limit that n more changes would break, or "". within
// tells how many there were in a window; population is the number of resources
// of the type, or -1.
func (b *Brake) exceeded(kind Kind, n, population int, within func(time.Duration) int) string {
	for _, l := range b.Limits {
		if l.Kind != kind {
			continue
		}
		count := within(l.Window) + n
		switch {
		case l.Max > 0 && count > l.Max:
			return fmt.Sprintf("more than %d changes of the kind %q within %v", l.Max, kind, l.Window)
		case l.Percent > 0 && population >= 0 && count > percentFrom && float64(count)*100 > l.Percent*float64(population):
			return fmt.Sprintf("more than %g %% of all resources changed by the kind %q within %v", l.Percent, kind, l.Window)
		}
	}
	return ""
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

// windows lists the windows of a kind.
func (b *Brake) windows(kind Kind) (list []time.Duration) {
	for _, l := range b.Limits {
		if l.Kind == kind && !slices.Contains(list, l.Window) {
			list = append(list, l.Window)
		}
	}
	return list
}
