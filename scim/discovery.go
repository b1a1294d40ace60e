package scim

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/muster-scim/muster/schema"
)

// The schemas of the discovery resources themselves (RFC 7643 §8.7.2), with
// the errata applied and the attribute "pagination" of RFC 9865 §4. See NOTICE
// for their licence.
//
//go:embed core/*.json
var discoveryFiles embed.FS

// document is one discovery resource: a function of nothing but its location.
type document struct {
	id     string
	append func(dst []byte, location string) []byte
}

// catalogue holds what discovery serves besides /ServiceProviderConfig, in
// order. It is immutable.
type catalogue struct {
	types   []document
	schemas []document
}

func newCatalogue(registry *schema.Registry) (*catalogue, error) {
	registry, err := shownRegistry(registry)
	if err != nil {
		return nil, err
	}
	c := &catalogue{}
	for t := range registry.Types() {
		c.types = append(c.types, document{t.ID(), t.AppendJSON})
	}
	for s := range registry.Schemas() {
		c.schemas = append(c.schemas, document{s.ID, s.AppendJSON})
	}
	for _, name := range []string{"ServiceProviderConfig", "ResourceType", "Schema"} {
		s, err := discoverySchema(name)
		if err != nil {
			return nil, err
		}
		c.schemas = append(c.schemas, document{s.ID, s.AppendJSON})
	}
	return c, nil
}

func discoverySchema(name string) (*schema.Schema, error) {
	data, err := discoveryFiles.ReadFile("core/" + name + ".json")
	if err != nil {
		return nil, err
	}
	var s schema.Schema
	return &s, json.Unmarshal(data, &s)
}

// resourceTypes answers GET /ResourceTypes.
func (c *call) resourceTypes(context.Context) (response, error) {
	return c.documents(c.catalogue().types, "/ResourceTypes")
}

// schemas answers GET /Schemas.
func (c *call) schemas(context.Context) (response, error) {
	return c.documents(c.catalogue().schemas, "/Schemas")
}

// resourceType answers GET /ResourceTypes/{name}.
func (c *call) resourceType(context.Context) (response, error) {
	return c.document(c.catalogue().types, "/ResourceTypes")
}

// schema answers GET /Schemas/{urn}.
func (c *call) schema(context.Context) (response, error) {
	return c.document(c.catalogue().schemas, "/Schemas")
}

// documents lists all documents. Sorting, paging and projection are ignored,
// and filters are refused (RFC 7644 §4, AMB-17).
func (c *call) documents(all []document, endpoint string) (response, error) {
	if err := c.refuseFilter(); err != nil {
		return response{}, err
	}
	list := newListResponse(nil)
	for _, d := range all {
		list.buf = d.append(list.next(), c.location(endpoint, d.id))
	}
	return c.discovered(list.finish(len(all), 1, ""))
}

func (c *call) document(all []document, endpoint string) (response, error) {
	if err := c.refuseFilter(); err != nil {
		return response{}, err
	}
	for _, d := range all {
		if strings.EqualFold(d.id, c.route.name) {
			return c.discovered(d.append(nil, c.location(endpoint, d.id)))
		}
	}
	return response{}, errNoResource()
}

func (c *call) refuseFilter() error {
	if c.params.hasFilter {
		return fail(http.StatusForbidden, "", "discovery endpoints cannot be filtered")
	}
	return nil
}

// discovered answers with a discovery document. Its entity tag is a hash.
func (c *call) discovered(body []byte) (response, error) {
	etag := contentTag(body)
	notModified, err := c.cond.checkRead(etag)
	if err != nil {
		return response{}, err
	}
	if notModified {
		return response{status: http.StatusNotModified, etag: etag}, nil
	}
	return response{status: http.StatusOK, body: body, etag: etag}, nil
}

func contentTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}
