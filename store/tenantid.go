package store

// TenantID names a tenant: one closed set of resources, which a Store holds.
// The host chooses it, and no client ever sends it. It is a type of its own so
// that nothing which came with a request can be taken for it by mistake.
// TenantIDs are compared exactly.
type TenantID string
