// Package patch is the SCIM PATCH engine (RFC 7644 §3.5.2). It turns the body
// of a PATCH request into normalised edits, and carries them out on a resource
// or hands them to a store that knows a shorter way.
//
// PATCH is where implementations of SCIM fail: paths have six forms, targets
// five kinds, and no two identity providers send the same thing. All of that
// ends in this package, in three steps:
//
//  1. Parse checks the form of the body and gives a Request.
//  2. Request.Compile fits it to a resource type and gives Changes. Whatever
//     can be refused without the resource is refused here.
//  3. Changes.Apply carries the changes out on a resource, all or nothing, and
//     says what changed.
//
// ApplyJSON does the three of them on JSON, for a service that has a server and
// a store of its own and needs just the engine. Diff goes the other way: it
// finds the smallest request that turns one resource into another.
//
// # What clients send
//
// Requests that deviate from the RFC and have just one sensible reading are
// accepted: operations in any letter case, "True" for true, dotted keys, a bare
// string for a manager, and many more. Each of these is a schema.Tolerance; the
// ones that a request needed are in Changes.Report, and Options.Off turns them
// off, one by one or all together with schema.Strict. Where the same bytes mean
// different things to different clients, Options has a switch.
//
// # Without loading the resource
//
// Changes are a list of Edits, a closed set of seven types with canonical paths
// and typed values. A store that can carry them out itself adds one member to a
// group of a million by writing one row. Changes.Only, Changes.Touches,
// Changes.Delta and Changes.Unconditional tell what a request is about, and
// Changes.RemovesAll recognises the request that would empty a group.
//
// # Readings
//
// The RFC leaves much open. What this package does by default:
//
//   - replace of a single complex attribute changes only the sub-attributes
//     that are given (§3.5.2.3); one that references a resource, such as manager,
//     is replaced as a whole.
//   - add and replace through a value filter that selects nothing create the
//     value, if the filter is made of eq terms joined by and: they are part of
//     the new value. Strict: NoTarget.
//   - remove of what is not there succeeds and changes nothing. Strict: NoTarget.
//   - remove with a value removes the listed values only.
//   - members and other references are the same if their "value" is the same;
//     other complex values if all of their sub-attributes are.
//   - a readOnly attribute in a path is a Mutability error, inside a value it is
//     ignored and reported.
//   - the last value that a request makes primary is the only primary one.
package patch
