// Package scim serves SCIM 2.0 over HTTP: RFC 7644 and RFC 9865 on top of a
// store.Store.
//
// New turns a Config into a Handler, which is an http.Handler. A service needs
// three things: the resource types it manages, a store that keeps them, and a
// way to tell who is calling.
//
//	handler, err := scim.New(scim.Config{
//		Types:        []*schema.ResourceType{user, group},
//		Store:        memstore.New(nil),
//		Authenticate: tokens.Authenticate,
//		BaseURL:      "https://id.example.com/scim/v2",
//	})
//	mux.Handle("/scim/v2/", handler)
//
// Everything else has a default that is safe and that real identity providers
// get along with: limits, media types, paging, entity tags, bulk, discovery.
// What /ServiceProviderConfig says follows from the configuration.
//
// # How a request travels
//
// ServeHTTP routes the request, authenticates it, asks for its tenant's store,
// checks limits and media types, and calls the method of the verb: create.go,
// read.go, list.go, replace.go, patch.go, delete.go, search.go, bulk.go, me.go
// and the discovery files. Each verb is written once; Bulk and /Me call the
// same methods. Errors of the packages below become responses in errors.go and
// nowhere else.
//
// # Clients that differ
//
// What clients send beside the RFCs and has one sensible reading is accepted
// under a name (schema.Tolerance) and reported: in the Event, in the log, to
// Config.Tolerances, and in a header to an actor that may ask. Where clients
// contradict each other a Profile decides, for the service, a tenant or an
// actor; its Mapping translates what a client calls differently. A profile can
// be a preset (ProfileNamed), a struct or a file (ParseProfile), and cannot
// relax what protects accounts. Codes such as A6 in the
// documentation of its fields are rows of docs/disagreements.md, which lists all
// known cases.
//
// # Later
//
// With Config.Async clients may ask for a request to be carried out later; it is
// kept in the journal of the store and carried out by Handler.AsyncRequests.
//
// # Hooks
//
// Hooks are functions in Config. They may be called by any number of
// goroutines at once. A hook that returns an *Error decides the answer itself;
// any other error that this package does not know is answered with an opaque
// 500 and logged with its cause. A hook that panics causes the same and breaks
// nothing else.
package scim
