package scim_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/memstore"
)

// A service mounts SCIM beside its own routes. The prefix needs no
// configuration; the base URL says what clients see from outside, behind a
// proxy or not.
func Example() {
	tokens, err := scim.NewBearerTokens(scim.Token{ID: "okta", Hash: scim.HashToken("a-long-random-token")})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := scim.New(scim.Config{
		Types:        []*schema.ResourceType{schema.UserDefinition().MustCompile(), schema.GroupDefinition().MustCompile()},
		Store:        memstore.New(nil),
		Authenticate: tokens.Authenticate,
		BaseURL:      "https://id.example.com/scim/v2",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/scim/v2/", handler)

	response := post(mux, "/scim/v2/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"alice@example.com"}`)
	fmt.Println(response.Status)
	fmt.Println(regexp.MustCompile(`[0-9a-f-]{36}`).ReplaceAllString(response.Header.Get("Location"), "{id}"))
	// Output:
	// 201 Created
	// https://id.example.com/scim/v2/Users/{id}
}

func post(h http.Handler, path, body string) *http.Response {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer a-long-random-token")
	r.Header.Set("Content-Type", "application/scim+json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// New reports every mistake at once.
func ExampleNew_mistakes() {
	_, err := scim.New(scim.Config{BaseURL: "id.example.com/scim"})
	fmt.Println(err)
	// Output:
	// scim: invalid Config: Types: is empty; list the resource types to serve, such as schema.UserDefinition().MustCompile()
	// 	Store: is missing; set Store, or StoreFor for several tenants
	// 	Authenticate: is missing, so anybody could change everything; set it, for example to BearerTokens.Authenticate, or set AllowAnonymous
	// 	BaseURL: "id.example.com/scim" is not an absolute URL; start it with https://
}

// A token that is being replaced and its successor are accepted together.
func ExampleBearerTokens_rotation() {
	old, next := "the-token-of-last-year", "the-token-of-this-year"
	tokens, err := scim.NewBearerTokens(
		scim.Token{ID: "entra-2025", Hash: scim.HashToken(old)},
		scim.Token{ID: "entra-2026", Hash: scim.HashToken(next)},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest(http.MethodGet, "/Users", nil)
	for _, token := range []string{old, next, "another"} {
		r.Header.Set("Authorization", "Bearer "+token)
		actor, err := tokens.Authenticate(r)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(actor.ID)
	}
	// Output:
	// entra-2025
	// entra-2026
	// unauthenticated: unknown token
}

// Authorize decides about each operation and hides what its actor must not
// see, also from filters.
func ExampleConfig_authorize() {
	users := schema.UserDefinition().MustCompile()
	phones := users.MustPath("phoneNumbers")
	handler, err := scim.New(scim.Config{
		Types:          []*schema.ResourceType{users},
		Store:          memstore.New(nil),
		AllowAnonymous: true,
		Authorize: func(_ context.Context, a *scim.Access) error {
			if a.Operation == scim.OpDelete {
				return scim.ErrForbidden
			}
			a.Hide(phones)
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, request := range []*http.Request{
		httptest.NewRequest(http.MethodGet, "/Users?filter=phoneNumbers+sw+%22%2B49%22", nil),
		httptest.NewRequest(http.MethodDelete, "/Users/1", nil),
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request)
		body, _ := io.ReadAll(w.Result().Body)
		fmt.Println(string(body))
	}
	// Output:
	// {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"403","detail":"the credentials do not allow this for the attribute phoneNumbers.value"}
	// {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"403","detail":"the credentials do not allow this"}
}
