package store

// Capabilities says which upgrades a store really has.
type Capabilities struct {
	Query     bool // filters, sorts and pages itself
	Patch     bool // carries out changes itself
	Read      bool // reads without what is not wanted
	Values    bool // streams large attributes
	Inverse   bool // finds holders of members without scanning
	Relations bool // keeps relations itself
	Tx        bool // makes several writes one
	Journal   bool // keeps a durable journal
	Trash     bool // can restore what was deleted
}

// CapabilityStore is implemented by a Store whose methods do not tell what it
// can do: a wrapper that passes upgrades on and declines those that the wrapped
// store lacks.
type CapabilityStore interface {
	Store
	// Capabilities returns what the store really has. It does not change.
	Capabilities() Capabilities
}

// CapabilitiesOf returns the upgrades of s: what it says as a CapabilityStore,
// otherwise those that it implements. What a service advertises and what it
// relies on follows from it.
func CapabilitiesOf(s Store) Capabilities {
	if c, ok := s.(CapabilityStore); ok {
		return c.Capabilities()
	}
	_, journal := Journal(s)
	_, trash := Trash(s)
	return Capabilities{
		Query: is[QueryStore](s), Patch: is[PatchStore](s), Read: is[ReadStore](s), Values: is[ValueStore](s),
		Inverse: is[InverseStore](s), Relations: len(relationsOf(s)) > 0, Tx: is[TxStore](s),
		Journal: journal == nil, Trash: trash == nil,
	}
}

func is[T any](s Store) bool {
	_, ok := s.(T)
	return ok
}
