package scim

import (
	"sync"

	"github.com/muster-scim/muster/schema"
)

// projection combines what the client asked for, and what it writes, with what
// the actor may see. It is nil if nothing but the default follows from that.
func (c *call) projection(t *schema.ResourceType, access *Access) (*schema.Projection, error) {
	var written []schema.Path
	if access.Operation.writes() {
		written = access.Paths
	}
	p, err := t.NewWriteProjection(c.mappedNames(t, c.params.attributes), c.mappedNames(t, c.params.excluded), written)
	if err != nil {
		return nil, err
	}
	return p.Without(access.hidden...), nil
}

// represent makes the response with the body, entity tag and location of a
// resource.
func (c *call) represent(status int, r *schema.Resource, projection *schema.Projection) (response, error) {
	buf := bodies.Get().(*[]byte)
	body, err := c.appendResource((*buf)[:0], r, &schema.Encoding{Projection: projection, Location: c.resourceLocation})
	if err != nil {
		return response{}, err
	}
	*buf = body
	return response{
		status: status, body: body, pooled: buf, id: r.ID(),
		etag: etagOf(r.Version()), location: c.location(r.Type().Endpoint(), string(r.ID())),
	}, nil
}

// bodies holds buffers for response bodies.
var bodies = sync.Pool{New: func() any { return new(make([]byte, 0, 4096)) }}

// maxPooled is the largest buffer that is kept for the next response.
const maxPooled = 1 << 18

// release gives the body's buffer back. The response must not be used again.
func (r *response) release() {
	if r.pooled != nil && cap(*r.pooled) <= maxPooled {
		bodies.Put(r.pooled)
	}
	r.pooled = nil
}
