package scim

import (
	"slices"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// splitMembers turns the differences of relations' lists into one MemberChange
// for each membership that began or ended.
func (e *Event) splitMembers(relations []store.Relation, t *schema.ResourceType) {
	for _, rel := range relations {
		if links, ok := store.LinksOf(t, rel.Attribute); ok && rel.Type == t.Name() {
			for _, d := range e.Diffs {
				if d.Path == links.List {
					e.Members = appendMembers(e.Members, e.Ref, links, d)
				}
			}
			e.Diffs = slices.DeleteFunc(e.Diffs, func(d patch.Difference) bool { return links.Holds(d.Path) })
		}
		if target, ok := rel.Target(t.Name()); ok && e.Operation == OpDelete {
			e.endMemberships(rel, target)
		}
	}
}

// appendMembers compares two states of a list by the ids in it.
func appendMembers(list []MemberChange, holder store.Ref, links store.Links, d patch.Difference) []MemberChange {
	was, is := idsIn(links, d.Old), idsIn(links, d.New)
	compare := func(v schema.Value, there map[schema.ID]bool, added bool) {
		for _, e := range v.All() {
			if id := links.ID(e); !there[id] {
				there[id] = true // a list may repeat it
				member := store.Ref{Type: links.Hint(e), ID: id}
				list = append(list, MemberChange{Holder: holder, Attribute: links.List.String(), Member: member, Added: added})
			}
		}
	}
	compare(d.Old, is, false)
	compare(d.New, was, true)
	return list
}

func idsIn(links store.Links, v schema.Value) map[schema.ID]bool {
	ids := make(map[schema.ID]bool, v.Len())
	for _, e := range v.All() {
		ids[links.ID(e)] = true
	}
	return ids
}

// endMemberships lists the memberships of a resource that was deleted.
func (e *Event) endMemberships(rel store.Relation, target store.Target) {
	if e.Before == nil {
		return
	}
	links, ok := store.LinksOf(e.Before.Type(), target.Inverse)
	if !ok {
		return
	}
	for held := range e.Before.Values(links.List) {
		e.Members = append(e.Members, MemberChange{
			Holder: store.Ref{Type: rel.Type, ID: links.ID(held)}, Attribute: rel.Attribute, Member: e.Ref,
		})
	}
}
