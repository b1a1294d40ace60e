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
// A Resource is a value of a ResourceType. It only ever holds canonical names
// and typed values that conform, and it never changes: a Builder makes a
// changed copy. Decode and AppendJSON convert from and to JSON, As and
// FromStruct from and to tagged structs.
package schema
