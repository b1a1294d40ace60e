// Package cow holds collections that can be read while they are changed: an
// ordered Tree, a Vector, a Pool that gives numbers to values, and an Index that
// finds numbers by hashes. Changing one copies the few nodes on the way to the
// change and shares all others, so every value of a collection is a snapshot
// for good, and taking one is copying a struct.
//
// Nodes that were copied in an Edit belong to it and are changed in place by
// later changes of the same Edit. Whoever publishes a collection must not use
// its Edit again.
package cow
