package scimtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scimtest"
)

// TestTraceNeedsSchema: a scenario that needs a schema which the server does not
// list is skipped with the reason; where nothing is listed it is tried.
func TestTraceNeedsSchema(t *testing.T) {
	var needing []scimtest.Trace
	for _, trace := range scimtest.Traces() {
		if strings.Contains(trace.Requires, "extension:acme:2.0:User") {
			needing = append(needing, trace)
		}
	}
	for schemas, want := range map[string]scimtest.Outcome{
		`{"id":"urn:ietf:params:scim:schemas:core:2.0:User"}`:           scimtest.Skipped,
		`{"id":"urn:ietf:params:scim:schemas:extension:acme:2.0:User"}`: scimtest.Failed,
		``: scimtest.Failed,
	} {
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/scim+json")
			if strings.HasSuffix(r.URL.Path, "/Schemas") {
				_, _ = fmt.Fprintf(w, `{"Resources":[%s]}`, schemas)
				return
			}
			_, _ = fmt.Fprint(w, `{}`)
		})
		report, err := scimtest.Check(t.Context(), scimtest.Target{Handler: handler, Token: "x"}, &scimtest.Options{
			Traces: needing,
			Match:  func(c scimtest.Case) bool { return c.Area == "trace" },
		})
		if err != nil || len(report.Results) != 1 {
			t.Fatal(err, report)
		}
		r := report.Results[0]
		if r.Outcome != want || (want == scimtest.Skipped) != strings.Contains(r.Reason, "extension:acme:2.0:User") {
			t.Errorf("with schemas %q: %v, %q", schemas, r.Outcome, r.Reason)
		}
	}
}

// TestTroubleHasNoProgress: where nothing is checked, nothing is said to go on.
func TestTroubleHasNoProgress(t *testing.T) {
	refuses := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	report, err := scimtest.Check(t.Context(), scimtest.Target{Handler: refuses, Token: "x"}, &scimtest.Options{
		Progress: func(p scimtest.Progress) { t.Errorf("%d of %d", p.Done, p.Total) },
	})
	if err != nil || report.Trouble == "" {
		t.Error(err, report)
	}
}
