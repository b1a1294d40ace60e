package scim

import (
	"context"
	"slices"

	"github.com/go-json-experiment/json"
)

const configURN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"

// supported is a feature that is there or not.
type supported struct {
	Supported bool `json:"supported"`
}

// providerConfig is the resource of RFC 7643 §5 with the addition of RFC 9865
// §4. Every value follows from the configuration.
type providerConfig struct {
	Schemas          []string               `json:"schemas"`
	DocumentationURI string                 `json:"documentationUri,omitempty"`
	Patch            supported              `json:"patch"`
	Bulk             bulkConfig             `json:"bulk"`
	Filter           filterConfig           `json:"filter"`
	ChangePassword   supported              `json:"changePassword"`
	Sort             supported              `json:"sort"`
	ETag             supported              `json:"etag"`
	Pagination       paginationConfig       `json:"pagination"`
	Schemes          []AuthenticationScheme `json:"authenticationSchemes"`
	SecurityEvents   *securityEvents        `json:"securityEvents,omitempty"`
	Meta             configMeta             `json:"meta"`
}

type bulkConfig struct {
	Supported      bool `json:"supported"`
	MaxOperations  int  `json:"maxOperations"`
	MaxPayloadSize int  `json:"maxPayloadSize"`
}

type filterConfig struct {
	Supported  bool `json:"supported"`
	MaxResults int  `json:"maxResults"`
}

type paginationConfig struct {
	Cursor          bool   `json:"cursor"`
	Index           bool   `json:"index"`
	DefaultMethod   string `json:"defaultPaginationMethod"`
	DefaultPageSize int    `json:"defaultPageSize"`
	MaxPageSize     int    `json:"maxPageSize"`
	CursorTimeout   int    `json:"cursorTimeout"`
}

// securityEvents is the addition of RFC 9967 §4.
type securityEvents struct {
	AsyncRequest string   `json:"asyncRequest"`
	EventURIs    []string `json:"eventUris"`
}

type configMeta struct {
	ResourceType string `json:"resourceType"`
	Location     string `json:"location,omitempty"`
}

// serviceProviderConfig answers GET /ServiceProviderConfig (RFC 7644 §4).
func (c *call) serviceProviderConfig(context.Context) (response, error) {
	if err := c.refuseFilter(); err != nil {
		return response{}, err
	}
	body, err := json.Marshal(c.providerConfig())
	if err != nil {
		return response{}, err
	}
	return c.discovered(body)
}

func (c *call) providerConfig() providerConfig {
	cfg, limits := &c.h.cfg, &c.profile.limits
	method := "index"
	if cfg.CursorDefault {
		method = "cursor"
	}
	p := providerConfig{
		Schemas:          []string{configURN},
		DocumentationURI: cfg.DocumentationURI,
		Patch:            supported{true},
		Filter:           filterConfig{true, c.maxPage()},
		ChangePassword:   supported{c.h.passwords},
		Sort:             supported{true},
		ETag:             supported{true},
		Pagination:       paginationConfig{true, true, method, c.defaultPage(), c.maxPage(), int(cfg.CursorTimeout.Seconds())},
		Schemes:          cfg.AuthenticationSchemes,
		Meta:             configMeta{"ServiceProviderConfig", c.location("/ServiceProviderConfig", "")},
	}
	p.SecurityEvents = c.securityEvents()
	if !cfg.NoBulk {
		p.Bulk = bulkConfig{true, limits.BulkOperations, limits.BulkBody}
	}
	return p
}

// securityEvents says which events there are (RFC 9967 §4); nil for none.
func (c *call) securityEvents() *securityEvents {
	e := &securityEvents{"none", slices.Clone(c.h.cfg.EventURIs)}
	if c.asyncRequests() {
		e.AsyncRequest = "request"
		if !slices.Contains(e.EventURIs, CompletionURI) {
			e.EventURIs = append(e.EventURIs, CompletionURI)
		}
	}
	if len(e.EventURIs) == 0 {
		return nil
	}
	return e
}

// maxPage is the largest page.
func (c *call) maxPage() int {
	if n := c.profile.MaxPageSize; n > 0 {
		return n
	}
	return c.profile.limits.PageSize
}

// defaultPage is the size of a page if the client names none.
func (c *call) defaultPage() int { return min(c.profile.limits.DefaultPageSize, c.maxPage()) }
