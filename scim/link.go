package scim

import (
	"context"
	"fmt"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// LinkRequest is the creation of a resource that Lifecycle.Link may tie to an
// account that is there already.
type LinkRequest struct {
	// Tenant is the ID of the tenant.
	Tenant store.TenantID
	// Actor is who creates the resource; nil if everybody is served.
	Actor *Actor
	// Resource is what is to be created, without secrets.
	Resource *schema.Resource
	// Tx is the store, in the transaction of the creation.
	Tx store.Store
}

// linked asks the policy for the account that r stands for.
func (c *call) linked(ctx context.Context, s store.Store, r *schema.Resource) (store.Ref, error) {
	ask := c.h.cfg.Lifecycle.Link
	if ask == nil {
		return store.Ref{}, nil
	}
	ref, err := ask(ctx, LinkRequest{Tenant: c.tenant.ID, Actor: c.actor, Resource: c.h.redactor.resource(r), Tx: s})
	if err == nil && ref.ID != "" && ref.Type != r.Type().Name() {
		err = fmt.Errorf("scim: Lifecycle.Link returned %s for a resource of type %s", ref, r.Type().Name())
	}
	return ref, err
}

// link puts what was to be created into the account that is there. An account
// that is inactive stays so unless active is true in what was sent.
func (c *call) link(ctx context.Context, s store.Store, ref store.Ref, r *schema.Resource) (*Event, error) {
	var before *schema.Resource
	out, err := store.Update(ctx, s, ref, func(old *schema.Resource) (*schema.Resource, error) {
		before = old
		changed := schema.Replacement(old, r, func(p schema.Path) bool { return isActive(p) || isSecret(p) })
		checked, report, err := schema.CheckReplace(old, changed, c.checkOptions())
		c.report.Merge(report)
		if err != nil {
			return nil, err
		}
		return c.keepInactive(old, checked)
	}, c.write())
	if err != nil {
		return nil, err
	}
	e := c.event(OpCreate, before, out.Resource)
	e.Kinds = []Kind{Linked}
	return e, nil
}
