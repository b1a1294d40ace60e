package store

// Basic returns s with every upgrade hidden, so that only the five methods are
// left and all fallbacks run. The conformance suite runs each store this way as
// well.
func Basic(s Store) Store { return basic{s} }

type basic struct{ Store }
