package scim_test

import (
	"context"
	"fmt"
	"log"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/memstore"
)

// A tested pairing of a client and a service is kept in a file.
func ExampleParseProfile() {
	p, err := scim.ParseProfile([]byte(`{
		"name": "acme", "version": "2", "base": "okta", "uniqueGroupName": true,
		"mapping": {"types": {"User": {
			"attributes": {"login": "userName"},
			"constants": {"userType": "employee"}
		}}}
	}`))
	if err != nil {
		log.Fatal(err)
	}
	handler, err := scim.New(scim.Config{
		Types: []*schema.ResourceType{schema.UserDefinition().MustCompile()}, Store: memstore.New(nil),
		AllowAnonymous: true, Profile: p,
	})
	fmt.Println(p.Name, p.Version, p.SkipUnknownMembers, handler != nil, err)

	_, err = scim.ParseProfile([]byte(`{"putMerge": "yes", "partialPatch": true}`))
	fmt.Println(err != nil)
	// Output:
	// acme 2 true true <nil>
	// true
}

func ExampleToleranceCounts() {
	var counts scim.ToleranceCounts // Config.Tolerances = &counts
	counts.Tolerated(context.Background(), "acme", schema.BooleanText)
	counts.Tolerated(context.Background(), "acme", schema.BooleanText)
	for _, tenant := range counts.Tenants() {
		for tolerance, n := range counts.Of(tenant) {
			fmt.Println(tenant, tolerance, n, tolerance.Info().Meaning)
		}
	}
	// Output:
	// acme boolean-text 2 "True" or "false" in quotes is read as the boolean
}
