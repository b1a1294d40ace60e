package scim

import (
	"context"
	"net/http"
)

// Some clients look at /Groups of every service and give up on a 404, so where
// no type is served there it is an empty collection that nothing can be added
// to (B5). Profile.NoEmptyGroups turns that off.

func noGroupsVerbs() map[string]verb {
	return map[string]verb{http.MethodGet: (*call).emptyGroups, http.MethodPost: (*call).noGroup}
}

func noGroupVerbs() map[string]verb {
	return map[string]verb{
		http.MethodGet: (*call).noSuchGroup, http.MethodDelete: (*call).noSuchGroup,
		http.MethodPut: (*call).noGroup, http.MethodPatch: (*call).noGroup,
	}
}

func (c *call) emptyGroups(context.Context) (response, error) {
	if c.profile.NoEmptyGroups {
		return response{}, errNoEndpoint()
	}
	return response{status: http.StatusOK, body: newListResponse(nil).finish(0, 1, "")}, nil
}

func (c *call) noSuchGroup(context.Context) (response, error) {
	return response{}, errNoResource()
}

func (c *call) noGroup(context.Context) (response, error) {
	if c.profile.NoEmptyGroups {
		return response{}, errNoEndpoint()
	}
	return response{}, fail(http.StatusNotImplemented, "", "this service does not manage groups")
}
