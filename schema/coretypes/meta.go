package coretypes

import (
	"time"

	"github.com/muster-scim/muster/schema"
)

// Common holds the attributes of every resource (RFC 7643 §3.1).
type Common struct {
	// ID is assigned by the service provider.
	ID schema.ID `scim:"id"`
	// ExternalID is assigned by the provisioning client.
	ExternalID schema.ExternalID `scim:"externalId"`
	// Meta is nil for a resource that is not stored yet.
	Meta *Meta `scim:"meta"`
}

// Meta is the metadata of a resource.
type Meta struct {
	// ResourceType is the name of the type.
	ResourceType string `scim:"resourceType"`
	// Created is when the resource was made.
	Created time.Time `scim:"created"`
	// LastModified is when the resource last changed.
	LastModified time.Time `scim:"lastModified"`
	// Location is the URL of the resource.
	Location string `scim:"location"`
	// Version is the entity tag.
	Version string `scim:"version"`
}
