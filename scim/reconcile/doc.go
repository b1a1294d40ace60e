// Package reconcile finds out where a directory has drifted from what it should
// hold, and mends it: before an access review does.
//
// Compare takes two lists of resources, what is expected and what is there, as
// iterators: a CSV file, JSON lines, a store, another SCIM server, or anything
// else. It yields what is missing, extra and different, in the order of the
// key, and for what is different the smallest PATCH that mends it. Members does
// the same for memberships of accounts that do not exist or are inactive. Lists
// may have millions of rows and any order: what does not fit in memory is
// sorted on disk.
//
// A Report writes findings for people. Apply mends them through a Client, that
// is with ordinary SCIM requests, which pass the same guards as those of any
// other client. It commits nothing unless it is told to, can be stopped and
// resumed, and does no harm when it is repeated.
package reconcile
