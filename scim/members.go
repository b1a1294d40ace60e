package scim

import (
	"fmt"
	"net/http"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// checkMembers applies Limits.Members to a body.
func (c *call) checkMembers(sent *schema.Resource) error {
	for _, list := range c.h.lists(sent.Type()) {
		if err := c.countMembers(list, sent.Get(list).Len()); err != nil {
			return err
		}
	}
	return nil
}

// checkMemberEdits applies Limits.Members to a PATCH.
func (c *call) checkMemberEdits(changes *patch.Changes) error {
	for _, list := range c.h.lists(changes.Type()) {
		if !changes.Touches(list) {
			continue
		}
		n := 0
		for _, e := range changes.Edits() {
			n += named(e, list)
		}
		if err := c.countMembers(list, n); err != nil {
			return err
		}
	}
	return nil
}

// named counts the values of list that an edit names.
func named(e patch.Edit, list schema.Path) int {
	if e.Target() != list {
		return 0
	}
	switch e := e.(type) {
	case *patch.Set:
		return e.Value.Len()
	case *patch.AddValues:
		return e.Values.Len()
	case *patch.RemoveValues:
		return e.Values.Len()
	default:
		return 0
	}
}

func (c *call) countMembers(list schema.Path, n int) error {
	if limit := c.profile.limits.Members; n > limit {
		return fail(http.StatusRequestEntityTooLarge, "", fmt.Sprintf("the request names %d values of %s; at most %d are allowed", n, list, limit))
	}
	return nil
}

// lists returns the lists of relations that resources of type t hold.
func (h *Handler) lists(t *schema.ResourceType) (lists []schema.Path) {
	for _, rel := range h.relations {
		if rel.Type != t.Name() {
			continue
		}
		if links, ok := store.LinksOf(t, rel.Attribute); ok {
			lists = append(lists, links.List)
		}
	}
	return lists
}
