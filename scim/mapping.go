package scim

// Mapping translates what a client calls differently.
type Mapping struct{}
