package scim

import "encoding/json"

// Mapping translates what a client calls differently than the service does.
// It works both ways: in bodies, PATCH paths, filters, sortBy and attribute
// lists what the client writes becomes what the service knows, and in responses
// the other way round, so that a client reads back what it has written. Letter
// case does not matter. What has no entry is called the same on both sides.
//
// Below this translation nothing changes: values are checked, authorized,
// stored and reported under the names of the service. So a mapping makes no
// value acceptable that would not be otherwise.
type Mapping struct {
	// URNs maps the URNs of schemas that the client uses to those that are
	// served. Unlike Profile.SchemaAliases, responses have the client's.
	URNs map[string]string `json:"urns,omitempty"`
	// Types holds what else is called differently, by the name of the resource
	// type.
	Types map[string]TypeMapping `json:"types,omitempty"`
	// ServiceNames lets /Schemas and /ResourceTypes show the names of the
	// service. Without it they show what the client works with.
	ServiceNames bool `json:"serviceNames,omitempty"`
}

// TypeMapping is the mapping of one resource type. Attributes are written as
// in a filter: "userName", "emails.value", or with the URN of an extension.
type TypeMapping struct {
	// Attributes maps the client's names to those of the service. An attribute
	// may be in another schema, also one that the service does not have; a
	// sub-attribute stays in its attribute. Where the client uses a name of the
	// service for something else, the service's attribute of that name is out of
	// its reach: it is not shown, and PUT keeps it. The attributes id, meta and
	// schemas, and lists such as members, cannot be renamed.
	Attributes map[string]string `json:"attributes,omitempty"`
	// Copies maps single-valued attributes of the service to the ones from which
	// they get their value where the client does not send it, such as externalId
	// to the employeeNumber of the enterprise extension. A PATCH that changes the
	// source changes the copy.
	Copies map[string]string `json:"copies,omitempty"`
	// Constants are values, as JSON, of attributes of the service where a POST or
	// a PUT does not send them.
	Constants map[string]json.RawMessage `json:"constants,omitempty"`
}
