package scimtest

import (
	"testing"
)

func modelTarget(fault string) Target {
	return Target{BaseURL: "http://scim.test/scim", Handler: newModelServer(fault), Token: modelToken}
}

func onlyRFC(c Case) bool { return c.Area != "trace" }

// TestSuitePassesOnModel shows that the suite has no complaint about a server
// that does everything right, and leaves out nothing there.
func TestSuitePassesOnModel(t *testing.T) {
	r, err := Check(t.Context(), modelTarget(""), &Options{Match: onlyRFC})
	if err != nil {
		t.Fatal(err)
	}
	if r.Trouble != "" {
		t.Fatal(r.Trouble)
	}
	for _, result := range r.Results {
		if result.Outcome != Passed {
			t.Errorf("%s %s\n%s", result.Case.Name, result.Outcome, result.explain())
		}
	}
}
