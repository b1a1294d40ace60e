// Package muster is the overview of Muster, a library that lets any Go service
// offer SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865), so that identity providers such
// as Okta and Microsoft Entra ID can create, change and deactivate its users and
// groups. There is nothing to import here; the packages are:
//
//   - schema: definitions of schemas and resource types, and the immutable
//     resources that conform to them. Everything else stands on it.
//   - filter: the language of filters and paths, bound to a resource type.
//   - patch: PATCH requests compiled to edits. It can be used alone, bytes in and
//     bytes out.
//   - store: what a service has to do to keep resources: five methods, optional
//     upgrades, and the fallbacks that make the upgrades optional. store/memstore
//     keeps them in memory, store/sqlstore in a database, and store/outbox
//     delivers their journal.
//   - storetest: the contract of a store as a suite of tests.
//   - scim: the http.Handler. Its Config is where most services start; the
//     example below shows one. Below it, audit keeps a log that shows tampering,
//     and reconcile compares a directory with what it should hold.
//   - scimtest: checks any SCIM server, in any language, against the RFCs and
//     against what identity providers really send.
//
// Modules of their own, because of what they need, are scim/sets (security event
// tokens), contrib (OpenID Connect, OpenTelemetry, rate limits) and examples.
//
// Imports point one way, from scim down to schema, and net/http is in scim and
// scimtest only.
//
// # Three ideas
//
// A resource can only hold values that conform to its schema, and never changes;
// so no layer checks again what another has checked, and nothing is copied to be
// safe.
//
// Requests are compiled before they are run: whatever can be refused without
// looking at a resource is refused before the store is touched, and a store gets
// the change, not only the result.
//
// What clients send beyond the RFCs, if it has just one sensible reading, is
// accepted as a named schema.Tolerance that shows up in logs and events; strict
// mode turns all of them off.
package muster
