// Package schema holds SCIM definitions and the values that conform to them.
//
// A resource type is written as a Definition: a base schema, extensions and an
// endpoint. Compile turns it into an immutable ResourceType, whose Paths are
// handles of its attributes. A Resource is a value of a ResourceType. It only
// ever holds canonical names and typed values that conform, and it never
// changes: a Builder makes a changed copy.
package schema
