package scim

import (
	"context"
	"errors"
	"net/http"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// create answers POST on a collection (RFC 7644 §3.3).
func (c *call) create(ctx context.Context) (response, error) {
	sent, err := c.decode()
	if err != nil {
		return response{}, err
	}
	if c.cond.match.given && !c.cond.match.any {
		return response{}, errPrecondition() // what does not exist yet has no version
	}
	access, err := c.authorize(ctx, OpCreate, c.route.typ, "", pathsOf(sent))
	if err != nil {
		return response{}, err
	}
	projection, err := c.projection(c.route.typ, access)
	if err != nil {
		return response{}, err
	}
	checked, report, err := schema.CheckCreate(sent, c.checkOptions())
	c.report.Merge(report)
	if err == nil {
		err = c.check(checked)
	}
	if err != nil {
		return response{}, err
	}
	created, err := c.commit(ctx, func(ctx context.Context, s store.Store) (*Event, error) {
		return c.insert(ctx, s, checked)
	})
	if err != nil {
		return c.existing(ctx, projection, err)
	}
	return c.represent(http.StatusCreated, created, projection)
}

// decode reads the body as a resource of the route's type.
func (c *call) decode() (*schema.Resource, error) {
	r, report, err := c.route.typ.Decode(c.mapping().in(c.body), c.decodeOptions())
	c.report.Merge(report)
	if err != nil {
		return nil, err
	}
	return r, c.checkMembers(r)
}

// write returns what the store has to know about a write besides the resource.
func (c *call) write() store.Write {
	w := store.Write{TxID: c.txn(), SkipUnknownMembers: c.profile.SkipUnknownMembers, OnSkip: c.skipped}
	if c.h.cfg.Lifecycle.UniqueExternalID {
		w.Unique = append(w.Unique, c.route.typ.ExternalIDPath())
	}
	if c.profile.UniqueGroupName && c.route.typ.Name() == groupType {
		if p, err := c.route.typ.Path("displayName"); err == nil {
			w.Unique = append(w.Unique, p)
		}
	}
	return w
}

// groupType is the name of the core type Group.
const groupType = "Group"

// skipped reports a member that was left out because it does not exist.
func (c *call) skipped(e *store.MemberError) {
	c.report.Rewrites = append(c.report.Rewrites, schema.Rewrite{Tolerance: schema.UnknownMember})
	c.report.Ignored = append(c.report.Ignored, e.Error())
}

// existing answers the creation of what exists already: with the conflict, or
// if the profile says so with the resource that is in the way.
func (c *call) existing(ctx context.Context, projection *schema.Projection, err error) (response, error) {
	var conflict *store.ConflictError
	if !c.profile.ReturnExisting || !errors.As(err, &conflict) || conflict.Existing.ID == "" {
		return response{}, err
	}
	r, getErr := store.ReadProjected(ctx, c.tenant.Store, conflict.Existing, nil)
	if getErr != nil {
		return response{}, err
	}
	return c.represent(http.StatusOK, r, projection)
}
