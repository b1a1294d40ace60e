// Package filter is the filter and path language of SCIM (RFC 7644 §3.4.2.2,
// §3.5.2, §3.10): it reads the text, binds it to a resource type, and then
// evaluates it, prints it, or hands it as a tree to whoever translates it.
//
// # Filters
//
// Parse does everything that can fail. It returns a Filter, which is immutable,
// may be used from many goroutines, and whose Match neither fails nor
// allocates. The text comes from outside, so Parse takes linear time and a
// fixed stack for any text, checks the limits of Options while it reads, and
// says in every error where the fault is, what was found there and what would
// have been right.
//
// What the RFC leaves open is decided once, here:
//
//   - A comparison with a multi-valued attribute is true if one value compares.
//     ne is the negation of eq: it is true if no value is equal, also if there
//     is none. eq null asks for no value, ne null for one. "" is not present.
//   - A comparison with a complex attribute is one with its "value".
//   - Letter case counts as the schema's caseExact says. dateTimes compare as
//     instants, numbers exactly.
//   - An operand of the wrong type, an operator that the type does not have and
//     an attribute that the type does not have are errors. A search over
//     several types (ParseAcross) is told that a type has no such value.
//   - An attribute that is never returned cannot be asked for.
//
// Deviations from the grammar that clients are known to send are accepted as
// named tolerances and listed by Rewrites.
//
// # Paths
//
// ParsePath reads the path of a PATCH operation. The part between brackets is a
// Filter on elements of the attribute; its MatchValue takes one element.
//
// # Stores
//
// A store that can do better than calling Match for each resource reads
// Filter.Expr: a tree in a normal form, of six kinds of nodes. Conjuncts, AnyOf
// and PrefixOn look for what an index can answer; a translator switches over
// the node kinds. Sort orders resources as sortBy demands, and Top keeps the
// first few of many.
package filter
