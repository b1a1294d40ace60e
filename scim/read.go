package scim

import (
	"context"
	"net/http"

	"github.com/muster-scim/muster/store"
)

// read answers GET on a resource (RFC 7644 §3.4.1). What the client does not
// want is not read.
func (c *call) read(ctx context.Context) (response, error) {
	access, err := c.authorizeResource(ctx, OpRead, nil)
	if err != nil {
		return response{}, err
	}
	projection, err := c.projection(c.route.typ, access)
	if err != nil {
		return response{}, err
	}
	light := projection
	list, large := c.largeList(projection)
	if large {
		light = projection.Without(list)
	}
	r, err := store.ReadProjected(ctx, c.tenant.Store, c.ref(), light)
	if err != nil {
		return response{}, err
	}
	notModified, err := c.cond.checkRead(r.Version())
	if err != nil {
		return response{}, err
	}
	if notModified {
		return response{status: http.StatusNotModified, etag: etagOf(r.Version())}, nil
	}
	resp, err := c.represent(http.StatusOK, r, light)
	if err == nil && large {
		resp = c.streaming(ctx, resp, projection, list)
	}
	return resp, err
}
