package scim

import (
	"fmt"
	"net/http"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// guardRemoveAll refuses changes after which a list of members is empty without
// any of them having been named, if the profile says so.
func (c *call) guardRemoveAll(changes *patch.Changes) error {
	if !c.profile.RefuseRemoveAll {
		return nil
	}
	for _, list := range c.memberLists() {
		cleared := false
		for _, e := range changes.Edits() {
			if e.Target() == list {
				_, cleared = e.(*patch.Clear)
			}
		}
		if cleared {
			return errRemoveAll(list)
		}
	}
	return nil
}

// guardReplacement does the same for a PUT.
func (c *call) guardReplacement(old, changed *schema.Resource) error {
	if !c.profile.RefuseRemoveAll {
		return nil
	}
	for _, list := range c.memberLists() {
		if old.Get(list).Len() > 0 && changed.Get(list).Len() == 0 {
			return errRemoveAll(list)
		}
	}
	return nil
}

// memberLists are the relations' lists of the route's type.
func (c *call) memberLists() []schema.Path {
	var lists []schema.Path
	for _, rel := range c.h.relations {
		if rel.Type != c.route.typ.Name() {
			continue
		}
		if links, ok := store.LinksOf(c.route.typ, rel.Attribute); ok {
			lists = append(lists, links.List)
		}
	}
	return lists
}

func errRemoveAll(list schema.Path) error {
	return fail(http.StatusForbidden, "", fmt.Sprintf("the request would remove all %s at once, which this service does not allow; name those to remove", list))
}
