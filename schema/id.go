package schema

import "strings"

// ID is the identifier that the service provider gave a resource (RFC 7643
// §3.1 "id"): the only one that names a resource in a Store or a URL. It is a
// type of its own so that what a client made up, an ExternalID, can never be
// taken for it: mixing the two does not compile. IDs are compared exactly.
type ID string

// Compare orders IDs by their bytes, as strings.Compare does.
func (id ID) Compare(other ID) int { return strings.Compare(string(id), string(other)) }

// ExternalID is the identifier that a provisioning client gave a resource
// (RFC 7643 §3.1 "externalId"). It means something to that client alone, is
// changed as the client likes, and never names a resource here. ExternalIDs
// are compared exactly.
type ExternalID string
