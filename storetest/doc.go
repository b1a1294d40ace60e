// Package storetest checks that a store keeps the contract of package store.
//
// A storage author calls Run from a test:
//
//	func TestConformance(t *testing.T) {
//		storetest.Run(t, func(ctx context.Context) (*storetest.Deployment, error) {
//			tenants := mystore.New()
//			return &storetest.Deployment{Tenant: tenants.Open}, nil
//		}, nil)
//	}
//
// Each case enforces one sentence of the contract and prints it when the store
// breaks it. The whole suite runs twice: on the store as it is, and with every
// upgrade hidden, so that the five methods are tested through the fallbacks of
// package store as well. All of it happens in one tenant while a second one
// holds resources with the same ids, externalIds and keys, and has to stay as
// it is.
//
// Check is Run without a *testing.T. It is how the suite itself is tested: for
// each sentence there is a store that is broken in that one respect, and the
// case of that sentence has to notice.
package storetest
