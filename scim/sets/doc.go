// Package sets sends what happened in a SCIM service to other services as
// Security Event Tokens (RFC 8417) with the SCIM profile (RFC 9967), signed with
// JSON Web Signatures.
//
// An Issuer makes the tokens from the records of the journal. A Pusher delivers
// them to the endpoint of a receiver (RFC 8935); a Poller is an endpoint from
// which a receiver fetches them (RFC 8936). Both work on the journal, so
// a receiver that is down or slow loses nothing: a token is repeated until it is
// acknowledged, with the same jti.
//
// Tokens are notices unless Issuer.Full is set: they name the attributes that
// changed, and the receiver fetches the resource if it needs more. With Full they
// carry the new resource, or the PATCH that has the same effect, for replicas and
// others that may know everything. Secrets, and what scim.Config.Sensitive names,
// are in neither.
//
// Which resources a receiver may know of is for Issuer.Include to say, and
// Issuer.Feed says when a resource becomes one of them, or is no longer.
//
// It is a module of its own because of its JOSE library.
package sets
