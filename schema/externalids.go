package schema

// ExternalIDsURN is the schema of the externalIds that are kept apart, see
// ExternalIDs.
const ExternalIDsURN = "urn:muster:params:scim:schemas:extension:2.0:ExternalIDs"

// ExternalIDs returns the schema of an extension in which a service keeps one
// externalId for each of several provisioning clients: an attribute per client,
// unique among the resources of a type. RFC 7643 §3.1 scopes an externalId to
// the client that set it, but gives a resource only one. No client sees the
// extension: package scim shows each client its own value as externalId, and
// nothing of the others (RFC 7643 §9.3).
//
// Names are those of attributes: letters, digits, "-" and "_", a letter first.
// Where tenants have different clients, use the same few names in every tenant,
// such as "second" and "third".
func ExternalIDs(clients ...string) *Schema {
	s := &Schema{ID: ExternalIDsURN, Name: "ExternalIDs", Description: "externalId by provisioning client"}
	for _, client := range clients {
		s.Attributes = append(s.Attributes, Attribute{
			Name: client, Description: "externalId of " + client, CaseExact: true, Uniqueness: UniquenessServer,
		})
	}
	return s
}
