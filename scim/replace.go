package scim

import (
	"context"
	"net/http"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// replace answers PUT on a resource (RFC 7644 §3.5.1).
func (c *call) replace(ctx context.Context) (response, error) {
	if err := c.requireMatch(); err != nil {
		return response{}, err
	}
	sent, err := c.decode()
	if err != nil {
		return response{}, err
	}
	access, err := c.authorizeResource(ctx, OpReplace, pathsOf(sent))
	if err != nil {
		return response{}, err
	}
	return c.put(ctx, access, sent)
}

// put stores sent in place of the resource and answers with what is there now.
func (c *call) put(ctx context.Context, access *Access, sent *schema.Resource) (response, error) {
	projection, err := c.projection(c.route.typ, access)
	if err != nil {
		return response{}, err
	}
	stored, err := c.commit(ctx, func(ctx context.Context, s store.Store) (*Event, error) {
		return c.update(ctx, s, access, sent)
	})
	if err != nil {
		return response{}, err
	}
	return c.represent(http.StatusOK, stored, projection)
}

// update stores sent in place of the resource, unless nothing changes. The
// preconditions are checked against the version that is replaced.
func (c *call) update(ctx context.Context, s store.Store, access *Access, sent *schema.Resource) (*Event, error) {
	var before *schema.Resource
	var report *schema.Report
	out, err := store.Update(ctx, s, c.ref(), func(old *schema.Resource) (changed *schema.Resource, err error) {
		if err := c.cond.checkWrite(old.Version()); err != nil {
			return nil, err
		}
		before = old
		replaced, err := c.replacement(old, sent, access)
		if err != nil {
			return nil, err
		}
		changed, report, err = schema.CheckReplace(old, replaced, c.checkOptions())
		if err == nil {
			err = c.guardReplacement(old, changed)
		}
		if err != nil {
			return nil, err
		}
		return c.settle(old, changed)
	}, c.write())
	c.report.Merge(report)
	if err != nil {
		return nil, err
	}
	e := c.event(OpReplace, before, out.Resource)
	e.Changed, e.Diffs = out.Changed, out.Diffs
	return e, nil
}

// replacement returns what a PUT of sent leaves in the place of old. It keeps active,
// so that a careless PUT never re-enables an account, and what the actor cannot
// see (A2, AMB-23). With PutMerge it keeps everything that sent leaves out,
// except what the client unassigns by name.
func (c *call) replacement(old, sent *schema.Resource, access *Access) (*schema.Resource, error) {
	merged := schema.Replacement(old, sent, func(p schema.Path) bool {
		switch {
		case c.profile.PutMerge, c.keeps(p):
			return true
		case p.IsExtension():
			return access.hides(p)
		default:
			return p.Returned() == schema.ReturnedNever || access.hidesPart(p)
		}
	})
	if !c.profile.PutMerge || len(c.report.Unassigned) == 0 {
		return merged, nil
	}
	b := merged.Edit()
	for _, p := range c.report.Unassigned {
		if p.Mutability() != schema.ReadWrite || c.keeps(p) || access.hidesPart(p) {
			continue
		}
		if err := b.Set(p, schema.Value{}); err != nil {
			return nil, err
		}
	}
	return b.Resource(), nil
}

// keeps reports whether no PUT takes p away.
func (c *call) keeps(p schema.Path) bool {
	return p.String() == "active" || c.mapping().hides(p)
}

// requireMatch applies Config.RequireIfMatch (RFC 6585 §3).
func (c *call) requireMatch() error {
	if c.h.cfg.RequireIfMatch && !c.cond.match.given {
		return fail(http.StatusPreconditionRequired, "", "the request must have If-Match")
	}
	return nil
}
