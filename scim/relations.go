package scim

import (
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// relationsOf returns the relations between the types that are served: those
// of the configuration, or the members of groups.
func (h *Handler) relationsOf() []store.Relation {
	if h.cfg.Relations != nil {
		return h.cfg.Relations
	}
	t, ok := h.registry.ByName(groupType)
	if !ok {
		return nil
	}
	if _, ok := store.LinksOf(t, "members"); !ok {
		return nil
	}
	return []store.Relation{store.GroupMembers()}
}

// hasMembers reports whether resources of type t hold a relation's list, which
// can be very long.
func (h *Handler) hasMembers(t *schema.ResourceType) bool {
	return slices.ContainsFunc(h.relations, func(r store.Relation) bool { return r.Type == t.Name() })
}

// withoutLists returns for each type that holds lists the projection without
// them, so that a resource can be read at the same cost however many members it
// has.
func (h *Handler) withoutLists() (map[*schema.ResourceType]*schema.Projection, error) {
	all := map[*schema.ResourceType]*schema.Projection{}
	for t := range h.registry.Types() {
		var lists []string
		for _, rel := range h.relations {
			if rel.Type == t.Name() {
				lists = append(lists, rel.Attribute)
			}
		}
		if len(lists) == 0 {
			continue
		}
		p, err := t.NewProjection(nil, lists)
		if err != nil {
			return nil, err
		}
		all[t] = p
	}
	return all, nil
}
