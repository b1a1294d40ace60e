package store

// RelationStore is implemented by a Store that keeps relations itself, as
// Relation describes, in all its methods: Get, Scan and queries return both
// ends, writes refuse what must be refused, Delete clears up.
type RelationStore interface {
	Store
	// Relations returns the relations that the store keeps. The result must not
	// be changed.
	Relations() []Relation
}
