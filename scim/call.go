package scim

import (
	"context"
	"io"
	"time"

	"github.com/muster-scim/muster/schema"
)

// call is one operation on its way through the handler: what the verbs work
// on. A request is one call; a bulk request is one for each of its operations.
// The methods that answer it are in the files named after the verbs.
type call struct {
	h         *Handler
	id        string // of the request
	txID      string // of the transaction, see txn
	route     route
	actor     *Actor // nil if everybody is served
	tenant    Tenant
	profile   *pairing
	base      string // URL before the endpoints
	cond      conditions
	params    params
	inURL     bool // params came in the URL
	body      []byte
	dry       *rehearsal    // nil unless everything is undone
	probing   bool          // ends with errReady where the store comes into it
	sawActive bool          // the resource was active when it was first read
	unseen    []schema.Path // what the actor must not see of the resource
	report    schema.Report // what was tolerated and ignored on the way
}

// verb answers a call.
type verb func(*call, context.Context) (response, error)

// response is the answer to a call, before it is written.
type response struct {
	status   int
	body     []byte // complete, or the start for stream
	stream   func(io.Writer) error
	etag     string
	id       schema.ID // of the resource
	location string    // of the resource; sent as Location and Content-Location
	pooled   *[]byte   // what body goes back to, see release

	media      string        // of body, if it is not that of SCIM
	txn        string        // of the request that was accepted, for Set-Txn
	result     string        // where the result of that will be
	retryAfter time.Duration // sent if it is positive
}

// location returns the URL of a resource.
func (c *call) location(endpoint, name string) string {
	var buf [256]byte // most locations fit, and are copied once
	return string(appendLocation(buf[:0], c.base, endpoint, name))
}

// resourceLocation is location by the name of a type, for references. Of a
// type that is not served there is none.
func (c *call) resourceLocation(resourceType string, id schema.ID) string {
	t, ok := c.h.registry.ByName(resourceType)
	if !ok {
		return ""
	}
	return c.location(t.Endpoint(), string(id))
}

// decodeOptions say how bodies are read.
func (c *call) decodeOptions() *schema.DecodeOptions {
	limits := &c.profile.limits
	return &schema.DecodeOptions{
		Off: c.profile.off(), Unknown: c.profile.Unknown, URNAliases: c.profile.SchemaAliases,
		MaxDepth: limits.Depth, MaxValues: limits.Values,
	}
}

// checkOptions say how values are checked.
func (c *call) checkOptions() *schema.CheckOptions {
	return &schema.CheckOptions{
		EnforceCanonical: c.profile.EnforceCanonicalValues, Primary: c.profile.Primary, Off: c.profile.off(),
	}
}
