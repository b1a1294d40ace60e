package patch

import (
	"strings"

	"github.com/muster-scim/muster/schema"
)

// primaryOf returns the "primary" of the multi-valued attribute p, if it has
// one.
func primaryOf(p schema.Path) (primary schema.Path, ok bool) {
	primary, ok = p.Sub("primary")
	return primary, ok && isPrimary(primary) && !primary.MultiValued()
}

// lastPrimary returns the index of the last primary value, or -1.
func lastPrimary(primary schema.Path, values []schema.Value) int {
	for i := len(values) - 1; i >= 0; i-- {
		if values[i].Get(primary).Bool() {
			return i
		}
	}
	return -1
}

// exclusive makes every primary value other than the one at keep non-primary,
// and reports whether there was one.
func exclusive(primary schema.Path, values []schema.Value, keep int) (changed bool) {
	for i, v := range values {
		if i != keep && v.Get(primary).Bool() {
			values[i] = v.With(primary, schema.Bool(false))
			changed = true
		}
	}
	return changed
}

// isPrimary reports whether p is the "primary" of a multi-valued attribute
// (RFC 7643 §2.4).
func isPrimary(p schema.Path) bool {
	return p.Kind() == schema.KindBoolean && p.Parent().MultiValued() && strings.EqualFold(p.Name(), "primary")
}
