// Package syntax reads the text of SCIM filters and PATCH paths (RFC 7644
// §3.4.2.2 and §3.5.2) into a flat, unbound tree.
//
// It knows the grammar and nothing else: names are slices of the input that
// somebody else looks up in a schema, operands are literals whose type nobody
// has checked yet. The reading of the grammar follows the errata: "not" may be
// followed by any number of spaces, "$" may appear in names, a value filter
// may hold any boolean expression but no further value filter.
//
// The parser is one loop over the bytes with an explicit stack of open
// brackets. Time is linear in the input, the Go stack does not grow with it,
// and the limits are checked while reading, before anything is built.
package syntax
