package scim

import (
	"slices"

	"github.com/muster-scim/muster/schema"
)

// Kind is what a change means in the life of a resource.
type Kind string

// The kinds of change. One event may have several: a PATCH can rename and
// deactivate an account at once.
const (
	Joined        Kind = "joined"        // created, active or not
	Changed       Kind = "changed"       // an attribute has another value
	Renamed       Kind = "renamed"       // what people know it by is different
	Deactivated   Kind = "deactivated"   // active became false
	Reactivated   Kind = "reactivated"   // active is false no more
	Removed       Kind = "removed"       // deleted
	Restored      Kind = "restored"      // exists again after it was deleted
	Linked        Kind = "linked"        // created by a client, as an account that was there
	MemberAdded   Kind = "memberAdded"   // a membership began
	MemberRemoved Kind = "memberRemoved" // a membership ended
	Released      Kind = "released"      // what Lifecycle.Brake held may pass again
	Purged        Kind = "purged"        // gone for good, after it was deleted and kept
)

// classify finds the kinds of a change from its differences.
func (e *Event) classify() {
	switch {
	case e.Is(Restored), e.Is(Linked):
	case e.Operation == OpRestore:
		e.add(Restored)
	case e.Operation == OpCreate:
		e.add(Joined)
	case e.Operation == OpDelete:
		e.add(Removed)
	default:
		e.classifyDiffs()
	}
	for _, m := range e.Members {
		if m.Added {
			e.add(MemberAdded)
		} else {
			e.add(MemberRemoved)
		}
	}
}

func (e *Event) classifyDiffs() {
	for _, d := range e.Diffs {
		switch {
		case isActive(d.Path) && isFalse(d.New):
			e.add(Deactivated)
		case isActive(d.Path) && isFalse(d.Old):
			e.add(Reactivated)
		case isName(d.Path):
			e.add(Renamed)
		default:
			e.add(Changed)
		}
	}
}

func (e *Event) add(k Kind) {
	if !slices.Contains(e.Kinds, k) {
		e.Kinds = append(e.Kinds, k)
	}
}

// isActive reports whether p is the attribute that switches an account off.
func isActive(p schema.Path) bool {
	return p.String() == "active" && p.Kind() == schema.KindBoolean
}

// isFalse reports whether v says false. An account without a value is active.
func isFalse(v schema.Value) bool { return v.Kind() == schema.KindBoolean && !v.Bool() }

// isName reports whether people know a resource by p: a unique text, or where
// the type has none its displayName.
func isName(p schema.Path) bool {
	if !p.Parent().IsZero() || p == p.Owner().IDPath() {
		return false
	}
	if p.Uniqueness() != schema.UniquenessNone {
		return true
	}
	if p.String() != "displayName" {
		return false
	}
	for other := range p.Owner().Paths() {
		if other != p.Owner().IDPath() && other.Uniqueness() != schema.UniquenessNone {
			return false
		}
	}
	return true
}
