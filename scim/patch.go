package scim

import (
	"context"
	"net/http"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// patch answers PATCH on a resource (RFC 7644 §3.5.2). Everything that can be
// refused without the resource is refused before the store is asked.
func (c *call) patch(ctx context.Context) (response, error) {
	if err := c.requireMatch(); err != nil {
		return response{}, err
	}
	changes, err := c.changes()
	if err != nil {
		return response{}, err
	}
	if err := c.guardRemoveAll(changes); err != nil {
		return response{}, err
	}
	access, err := c.authorizeResource(ctx, OpModify, changes.Paths())
	if err != nil {
		return response{}, err
	}
	projection, err := c.projection(c.route.typ, access)
	if err != nil {
		return response{}, err
	}
	p := store.Patch{Ref: c.ref(), Changes: changes, Check: c.checkPatch, Projection: projection}
	if !c.answersBody() {
		if p.Projection, err = c.route.typ.NewProjection([]string{"id"}, nil); err != nil {
			return response{}, err
		}
	}
	stored, err := c.commit(ctx, func(ctx context.Context, s store.Store) (*Event, error) {
		return c.apply(ctx, s, p)
	})
	if err != nil {
		return response{}, err
	}
	if !c.answersBody() {
		return response{status: http.StatusNoContent, etag: etagOf(stored.Version()), location: c.location(c.route.typ.Endpoint(), string(stored.ID()))}, nil
	}
	return c.represent(http.StatusOK, stored, projection)
}

// changes compiles the body.
func (c *call) changes() (*patch.Changes, error) {
	options := c.patchOptions()
	request, err := patch.Parse(c.mapping().patch(c.body), options)
	if err != nil {
		return nil, err
	}
	changes, err := request.Compile(c.route.typ, options)
	if err != nil {
		return nil, err
	}
	c.report.Merge(changes.Report())
	return changes, c.checkMemberEdits(changes)
}

func (c *call) patchOptions() *patch.Options {
	limits := &c.profile.limits
	return &patch.Options{
		Off: c.profile.off(), RemoveValue: c.profile.RemoveValue, Primary: c.profile.Primary, Unknown: c.profile.Unknown,
		AcceptSCIM11GroupPatch: c.profile.AcceptSCIM11GroupPatch, URNAliases: c.profile.SchemaAliases,
		MaxOperations: limits.PatchOperations, MaxBytes: max(limits.Body, limits.BulkBody),
	}
}

// checkPatch is called by the store with what it is about to write.
func (c *call) checkPatch(old, changed *schema.Resource) (*schema.Resource, error) {
	if err := c.cond.checkWrite(old.Version()); err != nil {
		return nil, err
	}
	checked, _, err := schema.CheckReplace(old, changed, c.checkOptions())
	if err != nil {
		return nil, err
	}
	return c.settle(old, checked)
}

// apply carries the changes out. If they change nothing, the preconditions
// still have to hold.
func (c *call) apply(ctx context.Context, s store.Store, p store.Patch) (*Event, error) {
	out, err := store.ApplyPatch(ctx, s, p, c.write())
	if err != nil {
		return nil, err
	}
	if !out.Changed {
		if err := c.cond.checkWrite(out.Resource.Version()); err != nil {
			return nil, err
		}
	}
	c.report.Rewrites = append(c.report.Rewrites, out.Rewrites...)
	e := c.event(OpModify, nil, out.Resource)
	e.Changed, e.Diffs = out.Changed, out.Diffs
	return e, nil
}

// answersBody says whether the client gets the resource back: always if it
// names attributes (RFC 7644 §3.5.2), otherwise as the profile says, by default
// not for groups, whose members may be many (B2).
func (c *call) answersBody() bool {
	switch {
	case len(c.params.attributes) > 0 || len(c.params.excluded) > 0 || c.profile.PatchBody == BodyAlways:
		return true
	case c.profile.PatchBody == BodyNever:
		return false
	default:
		return !c.h.hasMembers(c.route.typ)
	}
}
