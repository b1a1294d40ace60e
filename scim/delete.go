package scim

import (
	"context"
	"net/http"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// delete answers DELETE on a resource (RFC 7644 §3.6).
func (c *call) delete(ctx context.Context) (response, error) {
	if err := c.requireMatch(); err != nil {
		return response{}, err
	}
	if _, err := c.authorizeResource(ctx, OpDelete, nil); err != nil {
		return response{}, err
	}
	if err := c.commitRemoval(ctx); err != nil {
		return response{}, err
	}
	return response{status: http.StatusNoContent}, nil
}

// commitRemoval deletes the resource and tells whoever wants to know.
func (c *call) commitRemoval(ctx context.Context) error {
	_, err := c.commit(ctx, func(ctx context.Context, s store.Store) (*Event, error) {
		members, err := c.lose(ctx, s)
		if err != nil {
			return nil, err
		}
		before, err := c.remove(ctx, s)
		e := c.event(OpDelete, before, nil)
		e.Members = members
		return e, err
	})
	return err
}

// remove deletes the resource, and returns it if it had to be read. With
// preconditions it is deleted at the version that they were checked against.
func (c *call) remove(ctx context.Context, s store.Store) (*schema.Resource, error) {
	if c.cond.none() && !c.watched() {
		return nil, c.erase(ctx, s, c.write())
	}
	before, err := store.ReadProjected(ctx, s, c.ref(), c.h.unlisted[c.route.typ])
	if err != nil {
		return nil, err
	}
	if err := c.cond.checkWrite(before.Version()); err != nil {
		return nil, err
	}
	w := c.write()
	if !c.cond.none() && !c.cond.match.any {
		w.Version = before.Version()
	}
	return before, c.erase(ctx, s, w)
}

// lose lists the memberships that end with a group which accounts need to be in.
func (c *call) lose(ctx context.Context, s store.Store) (list []MemberChange, err error) {
	if !c.h.requires(ctx, c.tenant.ID, c.ref()) {
		return nil, nil
	}
	for _, rel := range c.h.relations {
		links, ok := store.LinksOf(c.route.typ, rel.Attribute)
		if !ok || rel.Type != c.route.typ.Name() {
			continue
		}
		for v, err := range store.ReadValues(ctx, s, c.ref(), links.List) {
			if err != nil {
				return nil, err
			}
			member := store.Ref{Type: links.Hint(v), ID: links.ID(v)}
			list = append(list, MemberChange{Holder: c.ref(), Attribute: rel.Attribute, Member: member})
		}
	}
	return list, nil
}
