// Package scimtest checks a SCIM 2.0 service provider over HTTP: what the RFCs
// ask of it, and what the identity providers that will talk to it really send.
//
// It speaks HTTP only and knows nothing about the server it checks, so it works
// with any server in any language. Point it at a base URL, or at a
// [net/http.Handler] in the same process:
//
//	func TestSCIM(t *testing.T) {
//		scimtest.Run(t, scimtest.Target{Handler: handler, Token: "secret"}, nil)
//	}
//
// There are two kinds of [Case]:
//
//   - RFC cases are driven by what the server advertises in /Schemas,
//     /ResourceTypes and /ServiceProviderConfig. They build their own data from
//     the advertised attributes, so they work with any schema, and skip what the
//     server says it does not offer. Each names its clause and its [Level].
//   - Traces replay what one identity provider is documented or observed to
//     send, byte for byte, and check that the service ends up in the state that
//     the provider expects. [Traces] returns the corpus, [LoadTraces] reads
//     further ones.
//
// [Run] makes each case a sub-test. [Check] does the same outside of a test and
// returns a [Report], which can be written as text, JSON or one HTML page; the
// command in cmd/scimtest is a thin layer over it.
//
// # What a run does to the server
//
// Cases create their own resources under names that carry a random part, look
// only at those, and delete them afterwards, so that a run may share a server
// with other data. Every request is bounded in time and every response in size;
// redirects are not followed, and a rate limit that names the seconds to wait is
// waited for. A target that stops answering ends the run early, with a report of
// what was and was not checked.
package scimtest
