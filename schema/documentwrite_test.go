package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
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

// TestDefinitionsWithMistakes: what could not be read is not written.
func TestDefinitionsWithMistakes(t *testing.T) {
	for name, damage := range map[string]func(d *Definition){
		"no schema":             func(d *Definition) { d.Schema = nil },
		"no extension's schema": func(d *Definition) { d.Extensions[0].Schema = nil },
		"no name":               func(d *Definition) { d.Name = "" },
	} {
		d := badge()
		damage(&d)
		if out, err := json.Marshal(d); !errors.Is(err, ErrDefinition) {
			t.Errorf("%s: %s, %v", name, out, err)
		}
	}
}

// TestResourceTypeDocument: a resource of /ResourceTypes names the extensions,
// but not those nested in them (RFC 7643 §6).
func TestResourceTypeDocument(t *testing.T) {
	badgeType := string(nestedBadge().MustCompile().AppendJSON(nil, ""))
	if want := `"schemaExtensions":[{"schema":"urn:example:scim:2.0:Photo","required":true}],`; !strings.Contains(badgeType, want) {
		t.Errorf("got %s, want %s", badgeType, want)
	}
	got := string(UserDefinition().MustCompile().AppendJSON(nil, "https://example.com/v2/ResourceTypes/User"))
	want := `{"schemas":["` + ResourceTypeURN + `"],"id":"User","name":"User","description":"User Account","endpoint":"/Users",` +
		`"schema":"` + UserURN + `","schemaExtensions":[{"schema":"` + EnterpriseUserURN + `","required":false}],` +
		`"meta":{"resourceType":"ResourceType","location":"https://example.com/v2/ResourceTypes/User"}}`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
