package muster_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/memstore"
)

// A service with users and groups in twenty lines: resource types, a store, a
// token, and a handler that is mounted under any prefix.
func Example() {
	token := scim.NewToken() // give it to the identity provider, keep its hash
	tokens, err := scim.NewBearerTokens(scim.Token{ID: "my-idp", Hash: scim.HashToken(token)})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := scim.New(scim.Config{
		Types:        []*schema.ResourceType{schema.UserDefinition().MustCompile(), schema.GroupDefinition().MustCompile()},
		Store:        memstore.New(nil),
		Authenticate: tokens.Authenticate,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/scim/v2/", handler)

	r := httptest.NewRequest("GET", `/scim/v2/Users?filter=userName+eq+%22alice%22`, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output:
	// 200 {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[],"totalResults":0,"itemsPerPage":0,"startIndex":1}
}
