package store

import (
	"strings"

	"github.com/muster-scim/muster/schema"
)

// UnknownMembers says what happens to a member that does not exist.
type UnknownMembers uint8

const (
	// RejectUnknownMembers refuses the whole write with an ErrUnknownMember. The default.
	RejectUnknownMembers UnknownMembers = iota
	// SkipUnknownMembers leaves the member out and tells Write.OnSkip. Fewer members is
	// the safe side, and some clients never get past a refused group.
	SkipUnknownMembers
)

// Relation describes a multi-valued attribute whose values are other resources,
// seen from both ends: Group.members and User.groups are one relation (RFC 7643
// §4.1.2, §4.2). The values have the sub-attributes of RFC 7643 §2.4; all that
// counts in them is "value", the id of a resource of one of the target types.
// The rest is derived when it is read: "type" is the type of that resource,
// "display" its name, and "$ref" its location, so none can go stale.
//
// Whoever keeps a relation guarantees this:
//
//   - A member exists; what does not is treated as Unknown says.
//   - A member is there once, in the order in which the members were added.
//     Adding it again changes nothing, not even the version.
//   - A resource never is a member of itself, directly or through others;
//     otherwise the write fails with an ErrCycle.
//   - Deleting a resource removes it from every list, and deleting the holder of
//     a list removes it from the inverse attribute of its members.
//   - The inverse attribute is derived: what a client sends for it is ignored.
//   - A change of the list gives its holder a new version. The members keep
//     theirs, although their inverse attribute changes: otherwise a group of a
//     million could not be changed without touching a million users.
//
// A store that guarantees all this itself says so as a RelationStore. For any
// other, Relate does it with the five methods.
type Relation struct {
	// Type is the resource type that holds the list, such as "Group".
	Type string
	// Attribute is the list, such as "members".
	Attribute string
	// Targets are the types of the members. An id is looked up in this order,
	// except that the type which the client sent with it comes first.
	Targets []Target
	// Unknown is the policy for members that do not exist.
	Unknown UnknownMembers
}

// Target is one type that the members of a Relation may have.
type Target struct {
	// Type is the resource type, such as "User".
	Type string
	// Inverse is the read-only attribute of that type in which its memberships
	// appear, such as "groups"; "" if it has none.
	Inverse string
	// Display are the attributes that may name such a resource. The first one
	// that has a value is the "display" of the member.
	Display []string
}

// GroupMembers returns the relation of the core schemas: Group.members holds
// users and groups, User.groups is its inverse.
func GroupMembers() Relation {
	return Relation{
		Type: "Group", Attribute: "members",
		Targets: []Target{
			{Type: "User", Inverse: "groups", Display: []string{"displayName", "userName"}},
			{Type: "Group", Display: []string{"displayName"}},
		},
	}
}

// Target returns the target with the given type name.
func (r Relation) Target(resourceType string) (Target, bool) {
	for _, t := range r.Targets {
		if t.Type == resourceType {
			return t, true
		}
	}
	return Target{}, false
}

// Nested reports whether the holders can be members themselves.
func (r Relation) Nested() bool {
	_, nested := r.Target(r.Type)
	return nested
}

// Candidates returns the names of the target types in the order in which an
// id is looked up: first the one that hint names in any letter case, if there
// is one, then the others as they are listed.
func (r Relation) Candidates(hint string) []string {
	names := make([]string, 0, len(r.Targets)+1)
	for _, t := range r.Targets {
		if strings.EqualFold(t.Type, hint) {
			names = append(names, t.Type)
		}
	}
	for _, t := range r.Targets {
		if !strings.EqualFold(t.Type, hint) {
			names = append(names, t.Type)
		}
	}
	return names
}

// DisplayOf returns the attributes that may name a resource of a type in the
// relation, as Target.Display has them. For holders that cannot be members it is
// displayName, which is what RFC 7643 gives groups.
func (r Relation) DisplayOf(resourceType string) []string {
	if t, ok := r.Target(resourceType); ok {
		return t.Display
	}
	if resourceType == r.Type {
		return []string{"displayName"}
	}
	return nil
}

// Name returns what names res in the relation: the text of the first of its
// DisplayOf attributes that has one, or "".
func (r Relation) Name(res *schema.Resource) string {
	for _, name := range r.DisplayOf(res.Type().Name()) {
		if p, err := res.Type().Path(name); err == nil {
			if text := res.Get(p).Text(); text != "" {
				return text
			}
		}
	}
	return ""
}
