package scim

import (
	"context"
	"net/http"

	"github.com/muster-scim/muster/store"
)

// /Me is an alias of the actor's own resource (RFC 7644 §3.11): every method
// does what it does there, and the location of the answer is the permanent one.

func meVerbs() map[string]verb {
	return map[string]verb{
		http.MethodGet:    own((*call).read),
		http.MethodPut:    own((*call).replace),
		http.MethodPatch:  own((*call).patch),
		http.MethodDelete: own((*call).delete),
		http.MethodPost:   (*call).createMe,
	}
}

// own runs a verb on the actor's resource.
func own(do verb) verb {
	return func(c *call, ctx context.Context) (response, error) {
		ref, err := c.me(ctx)
		if err != nil {
			return response{}, err
		}
		if ref.ID == "" {
			return response{}, errNoResource()
		}
		return do(c, ctx)
	}
}

// me asks which resource the actor has and routes the call there.
func (c *call) me(ctx context.Context) (store.Ref, error) {
	if c.h.cfg.Me == nil || c.actor == nil {
		return store.Ref{}, fail(http.StatusNotImplemented, "", "/Me is not supported")
	}
	ref, err := c.h.cfg.Me(ctx, c.actor)
	if err != nil {
		return ref, err
	}
	t, ok := c.h.registry.ByName(ref.Type)
	if !ok {
		return ref, errNoResource()
	}
	c.route = route{at: atItem, typ: t, name: string(ref.ID)}
	return ref, nil
}

// createMe answers POST /Me, which lets an actor without a resource make one.
// The type is the one that Config.Me names.
func (c *call) createMe(ctx context.Context) (response, error) {
	ref, err := c.me(ctx)
	switch {
	case err != nil:
		return response{}, err
	case ref.ID != "":
		return response{}, fail(http.StatusConflict, Uniqueness, "the actor has a resource already")
	}
	c.route.at = atCollection
	return c.create(ctx)
}
