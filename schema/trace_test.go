package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// trace is what this test needs of a recorded exchange.
type trace struct {
	Scenario string
	Profile  string
	Steps    []struct {
		Request struct {
			Method, Path string
			Body         json.RawMessage
		}
		Expect struct{ Status []int }
	}
}

// TestTraces decodes every body of a whole resource that the recorded clients
// send: what a server has to accept is accepted without losing a known
// attribute, and the storage form reads back.
func TestTraces(t *testing.T) {
	files, err := filepath.Glob("../scimtest/testdata/traces/*.json")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d traces, %v", len(files), err)
	}
	types := map[string]*ResourceType{"/Users": UserDefinition().MustCompile(), "/Groups": GroupDefinition().MustCompile()}
	bodies := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var tr trace
		if err := json.Unmarshal(data, &tr); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if tr.Profile != "" {
			continue // needs a configuration of its own
		}
		for _, step := range tr.Steps {
			r := step.Request
			typ := types["/"+strings.Split(r.Path+"/", "/")[1]]
			accepted := slices.ContainsFunc(step.Expect.Status, func(status int) bool { return status < 300 })
			if typ == nil || !accepted || len(r.Body) == 0 || r.Method != "POST" && r.Method != "PUT" || strings.HasSuffix(r.Path, ".search") {
				continue
			}
			bodies++
			checkTraceBody(t, tr.Scenario, typ, r.Body)
		}
	}
	if bodies < 40 {
		t.Errorf("only %d bodies", bodies)
	}
}

func checkTraceBody(t *testing.T, scenario string, typ *ResourceType, body []byte) {
	t.Helper()
	r, report, err := typ.Decode(body, nil)
	if err == nil {
		r, _, err = CheckCreate(r, nil)
	}
	if err != nil {
		t.Errorf("%s: %v in %s", scenario, err, body)
		return
	}
	for _, name := range report.Ignored {
		if p, err := typ.Path(name); err == nil && p.Mutability() != ReadOnly {
			t.Errorf("%s: %s is ignored in %s", scenario, name, body)
		}
	}
	checkForms(t, IgnoreUnknown, r)
}
