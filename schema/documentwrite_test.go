package schema

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// decoded reads JSON and removes meta.location, which depends on the server.
func decoded(t *testing.T, data []byte) any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	if meta, ok := v["meta"].(map[string]any); ok {
		delete(meta, "location")
	}
	return v
}

// Every shipped schema marshals back to the document it was read from.
func TestSchemaDocumentsRoundTrip(t *testing.T) {
	entries, err := coreFiles.ReadDir("core")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := coreFiles.ReadFile("core/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		var s Schema
		if err := json.Unmarshal(data, &s); err != nil {
			t.Fatal(err)
		}
		out := s.AppendJSON(nil, "https://example.com/Schemas/x")
		if !bytes.Contains(out, []byte(`"meta":{"resourceType":"Schema","location":"https://example.com/Schemas/x"}`)) {
			t.Errorf("%s: no location in %s", e.Name(), out)
		}
		if want := decoded(t, data); !reflect.DeepEqual(decoded(t, out), want) {
			t.Errorf("%s:\ngot  %v\nwant %v", e.Name(), decoded(t, out), want)
		}
	}
}

func TestResourceTypeDocument(t *testing.T) {
	got := string(UserDefinition().MustCompile().AppendJSON(nil, "https://example.com/v2/ResourceTypes/User"))
	want := `{"schemas":["` + ResourceTypeURN + `"],"id":"User","name":"User","description":"User Account","endpoint":"/Users",` +
		`"schema":"` + UserURN + `","schemaExtensions":[{"schema":"` + EnterpriseUserURN + `","required":false}],` +
		`"meta":{"resourceType":"ResourceType","location":"https://example.com/v2/ResourceTypes/User"}}`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
