package coretypes

import "time"

// Common holds the attributes of every resource (RFC 7643 §3.1).
type Common struct {
	ID         string `scim:"id"`         // assigned by the service provider
	ExternalID string `scim:"externalId"` // assigned by the provisioning client
	Meta       *Meta  `scim:"meta"`
}

// Meta is the metadata of a resource.
type Meta struct {
	ResourceType string    `scim:"resourceType"`
	Created      time.Time `scim:"created"`
	LastModified time.Time `scim:"lastModified"`
	Location     string    `scim:"location"`
	Version      string    `scim:"version"` // the entity tag
}
