// Package coretypes has the resources of RFC 7643 §4 as Go structs with scim
// tags, for services that would rather work with User than with paths.
//
// schema.As reads a resource into one of them and schema.FromStruct makes a
// resource from one:
//
//	u, err := schema.As[coretypes.User](r)
//
// An unassigned attribute is a zero field. Active is a pointer, because not
// saying whether a user is active is different from saying that it is not.
// Attributes of further extensions have no field here: embed User in a struct
// of your own that has one, with the extension's URI as its tag. Write changes
// back with Builder.SetStruct, which leaves alone what the struct does not
// cover.
//
// The characteristics in the tags are those of the schemas that package schema
// ships; schema.For gives the same schemas, but for the descriptions.
package coretypes
