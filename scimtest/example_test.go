package scimtest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/muster-scim/muster/scimtest"
)

// A service that answers every query with all its users.
func careless(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/scim+json")
	_, _ = io.WriteString(w, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
		"totalResults":1,"startIndex":1,"Resources":[{"id":"1","userName":"somebody.else"}]}`)
}

// Check tells what does not hold. In a test, Run does the same with one
// sub-test per case.
func ExampleCheck() {
	target := scimtest.Target{Handler: http.HandlerFunc(careless), Token: "secret"}
	report, err := scimtest.Check(context.Background(), target, &scimtest.Options{
		Match: func(c scimtest.Case) bool { return c.Name == "trace/okta-003-spec-lookup-miss" },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("all required cases hold:", report.OK())
	for _, result := range report.Decisive() {
		fmt.Println(result.Case.Title)
		for _, problem := range result.Problems() {
			fmt.Println("-", problem)
		}
	}
	// Output:
	// all required cases hold: false
	// SPEC test: unknown userName gives 200 and totalResults 0
	// - /totalResults: expected 0, got 1
}

// A mistake in a trace names the file, the step and the field.
func ExampleParseTrace() {
	_, err := scimtest.ParseTrace("okta-lookup.json", []byte(`{
		"idp": "okta", "scenario": "okta-lookup", "title": "Look somebody up",
		"steps": [{"name": "lookup", "role": "wire",
			"request": {"method": "GET", "path": "/Users/${id}"},
			"expect": {"status": [200]}}]}`))
	fmt.Println(strings.TrimSpace(err.Error()))
	// Output:
	// okta-lookup.json: step 1 (lookup): request.path: uses ${id}, which no step before captures
}
