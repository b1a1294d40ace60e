// Package schema holds SCIM definitions and the values that conform to them
// (RFC 7643).
//
// A resource type is written as a Definition: a base schema, extensions and an
// endpoint. There are three equal ways to write one: as Go literals, as a JSON
// document in the form of the discovery endpoints (ParseDefinition), and as the
// tags of a Go struct (For). UserDefinition and GroupDefinition are ready; so
// are the core types as structs in package coretypes, and the devices of RFC
// 9944 in package device.
//
// Compile checks a Definition, reports every mistake at once, and turns it into
// an immutable ResourceType, whose Paths are handles of its attributes. A
// Registry is the set of types of one service, and writes what discovery
// serves.
//
// # Values
//
// A Resource is a value of a ResourceType. It only ever holds canonical names
// and typed values that conform, and it never changes: a Builder makes a
// changed copy, which shares what stays the same. Decode and AppendJSON convert
// from and to JSON, As and FromStruct from and to tagged structs, Map and
// FromMap from and to maps.
//
// Decode reads what clients send. It collects every problem of a body with path
// and byte offset, leaves out what clients may not set, and accepts the
// deviations of the Tolerance catalogue, each of which it reports; Strict turns
// them off. DecodeStored reads back what a store wrote with Encoding.All.
//
// On the way to a store, CheckCreate and CheckReplace see to what concerns a
// resource as a whole: required and immutable attributes, one primary value, no
// duplicates. Replacement says what a PUT leaves in place. Keys are the values
// that must be unique, prepared by Path.FoldValue as filters and indexes prepare
// theirs. On the way to a client, AppendJSON follows the returned
// characteristics and a Projection, and derives meta.location and each $ref.
//
// The list of a multi-valued attribute may be very long. Append, Without and
// WithAt make new lists that share their chunks with the old ones, and
// IndexOfElement finds an element by its value.
//
// All types of this package but Builder are safe for concurrent use.
package schema
