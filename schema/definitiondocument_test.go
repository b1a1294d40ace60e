package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func nestedBadge() Definition {
	d := badge()
	d.Extensions[0].Required = true
	d.Extensions[0].Extensions = []Extension{{Schema: &Schema{ID: "urn:example:scim:2.0:Exif", Attributes: []Attribute{{Name: "maker"}}}}}
	return d
}

// A definition and its document say the same.
func TestDefinitionDocumentsRoundTrip(t *testing.T) {
	for _, d := range []Definition{UserDefinition(), GroupDefinition(), badge(), nestedBadge()} {
		t.Run(d.Name, func(t *testing.T) {
			data, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			var parsed Definition
			if err := json.Unmarshal(data, &parsed); err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(parsed)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(again, data) {
				t.Errorf("got:\n%s\nwant:\n%s", again, data)
			}
			if got, want := describe(parsed.MustCompile()), describe(d.MustCompile()); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// describe lists every path of a type with its characteristics.
func describe(t *ResourceType) string {
	var b strings.Builder
	fmt.Fprintln(&b, t.ID(), t.Name(), t.Endpoint(), t.Description())
	for p := range t.AllPaths() {
		a := p.Attribute()
		fmt.Fprintln(&b, p, p.Type(), p.MultiValued(), p.Required(), p.CaseExact(), p.Mutability(), p.Returned(), p.Uniqueness(),
			a.CanonicalValues, a.ReferenceTypes, p.Extension(), p.IsExtension(), p.IsCommon())
	}
	return b.String()
}

const typeA = `{"name": "A", "endpoint": "/As", "schema": "urn:example:a"%s}`
const schemaA = `{"id": "urn:example:a", "attributes": [{"name": "a"}]}`

var badDocuments = []struct {
	name string
	doc  string
	want []string
}{
	{"nothing in it", `¦{}`, []string{"has no resourceType"}},
	{"more text", `{"resourceType": ` + fmt.Sprintf(typeA, ``) + `, "schemas": [` + schemaA + `]} {¦`, []string{"is followed by more text"}},
	{"white space and values without mistakes", "{¦\"x\": [{\"x\": [1]}],\n\t\"schemas\" :\r\n [" + schemaA +
		`, ¦{"id": "urn:example:b", "attributes" : [ {"name": "b", "type": ¦"x" } , {"name":¦""}]}], "resourceType": ` + fmt.Sprintf(typeA, ``) + `}`, []string{
		"/x: is not a keyword of RFC 7643", "/schemas/1: is used by no resource type of the document",
		"/schemas/1/attributes/0/type: \"x\" is none of string boolean decimal integer dateTime binary reference complex",
		`/schemas/1/attributes/1/name: is not an attribute name: a letter or "$", then letters, digits, "$", "-" and "_"`,
	}},
	{"wrong kinds", `{"resourceType": ¦[], "schemas": ¦{}}`, []string{
		"/resourceType: wants an object, not a list", "/schemas: wants a list, not an object",
	}},
	{"7643-6-06 7643-6-07 no endpoint, no schema", `{"resourceType": ¦¦{"name": "A"}, "schemas": []}`, []string{
		"/resourceType/schema: is missing",
		`/resourceType/endpoint: is not an endpoint: "/" and one path segment, as in "/Users"`,
	}},
	{"7643-6-07 unknown schema", `{"resourceType": {"name": "A", "endpoint": "/As", "schema": ¦"urn:example:a"}, "schemas": []}`, []string{
		"/resourceType/schema: urn:example:a is not among the schemas",
	}},
	{"7643-6-08 unknown extension", `{"resourceType": ` + fmt.Sprintf(typeA, `, "schemaExtensions": [{"schema": ¦"urn:example:b", "required": false}]`) + `, "schemas": [` + schemaA + `]}`, []string{
		"/resourceType/schemaExtensions/0/schema: urn:example:b is not among the schemas",
	}},
	{"7643-6-09 required missing", `{"schemas": [` + schemaA + `, {"id": "urn:example:b", "attributes": [{"name": "b"}]}], "resourceType": ` +
		fmt.Sprintf(typeA, `, "schemaExtensions": [¦{"schema": "urn:example:b"}]`) + `}`, []string{
		"/resourceType/schemaExtensions/0/required: is missing",
	}},
	{"schema twice", `{"schemas": [` + schemaA + `, {"id": ¦"URN:example:a", "attributes": []}], "resourceType": ` + fmt.Sprintf(typeA, ``) + `}`, []string{
		"/schemas/1/id: URN:example:a is the URI of another schema of the document",
	}},
	{"unused schema", `{"schemas": [` + schemaA + `, ¦{"id": "urn:example:b", "attributes": []}], "resourceType": ` + fmt.Sprintf(typeA, ``) + `}`, []string{
		"/schemas/1: is used by no resource type of the document",
	}},
	{"schema without attributes", `{"schemas": [¦{"id": "urn:example:a"}], "resourceType": ` + fmt.Sprintf(typeA, ``) + `}`, []string{
		"/schemas/0/attributes: is missing",
	}},
	{"mistakes in a schema", `{"schemas": [{"id": "urn:example:a", "attributes": [{"name": ¦"1"}]}], "resourceType": ` + fmt.Sprintf(typeA, ``) + `}`, []string{
		`/schemas/0/attributes/0/name: "1" is not an attribute name: a letter or "$", then letters, digits, "$", "-" and "_"`,
	}},
	{"AMB-71 nesting has one level", `{"schemas": [], "resourceType": {"name": "A", "endpoint": "/As", "schema": ¦"urn:example:a", "schemaExtensions": [
		{"schema": ¦"urn:example:b", "required": false, "schemaExtensions": [{"schema": ¦"urn:example:c", "required": true, ¦"schemaExtensions": []}]}]}}`, []string{
		"/resourceType/schema: urn:example:a is not among the schemas",
		"/resourceType/schemaExtensions/0/schema: urn:example:b is not among the schemas",
		"/resourceType/schemaExtensions/0/schemaExtensions/0/schema: urn:example:c is not among the schemas",
		"/resourceType/schemaExtensions/0/schemaExtensions/0/schemaExtensions: is not a keyword of RFC 7643",
	}},
	{"meta", fmt.Sprintf(`{"schemas": [`+schemaA+`], "resourceType": `+typeA+`}`, `, "meta": {"location": ¦1, ¦"etag": ""}`), []string{
		"/resourceType/meta/location: wants a string, not a number", "/resourceType/meta/etag: is not a keyword of RFC 7643",
	}},
}

func TestDefinitionDocumentMistakes(t *testing.T) {
	for _, test := range badDocuments {
		t.Run(test.name, func(t *testing.T) {
			doc, marks := unmark(test.doc)
			_, err := ParseDefinition([]byte(doc), nil)
			checkLocated(t, err, test.want, marks)
		})
	}
}

func TestParseDefinitions(t *testing.T) {
	doc := `{"resourceTypes": [` + fmt.Sprintf(typeA, ``) + `, {"name": "B", "endpoint": "/Bs", "schema": "URN:example:A"}], "schemas": [` + schemaA + `]}`
	definitions, err := ParseDefinitions([]byte(doc), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newRegistry(t, definitions...); err != nil {
		t.Error(err)
	}
	for i, want := range []string{"A", "B"} {
		if definitions[i].Name != want {
			t.Errorf("definition %d is %s", i, definitions[i].Name)
		}
	}
	doc = strings.ReplaceAll(doc, "/Bs", "Bs")
	_, err = ParseDefinitions([]byte(doc), nil)
	checkLocated(t, err, []string{`/resourceTypes/1/endpoint: "Bs" is not an endpoint: "/" and one path segment, as in "/Users"`}, []int64{int64(strings.Index(doc, `"Bs"`))})
}

func TestKnownSchemas(t *testing.T) {
	doc := []byte(`{"resourceType": {"name": "User", "endpoint": "/Users", "schema": "` + UserURN + `"}}`)
	d, err := ParseDefinition(doc, &DocumentOptions{Known: []*Schema{GroupSchema(), UserSchema()}})
	if err != nil {
		t.Fatal(err)
	}
	d.MustCompile().MustPath("userName")
}

// AMB-68: unknown keywords can be warnings, and nothing else.
func TestWarnings(t *testing.T) {
	const id = "AMB-68"
	var warnings []string
	o := &DocumentOptions{Warn: func(p DefinitionProblem) { warnings = append(warnings, fmt.Sprint(p, " at ", p.Offset)) }}
	doc := fmt.Sprintf(tiny, `, "pattern": "x"`)
	if _, err := ParseSchema([]byte(doc), o); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("/attributes/0/pattern: is not a keyword of RFC 7643 at %d", strings.Index(doc, `"pattern"`)); len(warnings) != 1 || warnings[0] != want {
		t.Errorf("%s: warnings %q, want %q", id, warnings, want)
	}
	if _, err := ParseSchema([]byte(fmt.Sprintf(tiny, `, "type": "bool"`)), o); err == nil {
		t.Error("an unknown type is a warning")
	}
	warnings = nil
	if _, err := ParseSchema([]byte(`{"id": "urn:example:a", `), o); err == nil || len(warnings) > 0 {
		t.Errorf("%s: a keyword that is cut off: %v, warnings %q", id, err, warnings)
	}
}

// Keywords are attribute names and the characteristics are not caseExact, so
// letter case does not count.
func TestDocumentLetterCase(t *testing.T) {
	const id = "7643-7-04"
	s, err := ParseSchema([]byte(`{"ID": "urn:example:a", "Attributes": [{"NAME": "a", "type": "DateTime", "MUTABILITY": "writeonly", "uniqueness": null}]}`), nil)
	if err != nil {
		t.Fatal(id, err)
	}
	if a := s.Attributes[0]; a.Name != "a" || a.Type != TypeDateTime || a.Mutability != WriteOnly {
		t.Errorf("%s: %+v", id, a)
	}
}

// What standards published is read, or refused with reasons.
func TestPublishedSchemas(t *testing.T) {
	want := map[string]string{ // AMB-68
		"ble.json":                 `/attributes/1/uniqueness: "Manufacturer" is none of none server global`,
		"dpp.json":                 `/attributes/3/pattern: is not a keyword of RFC 7643`,
		"endpointAppsExt.json":     `/attributes/0/subAttributes/1/referenceTypes: wants a list, not a string`,
		"ethernet-mab.json":        `/attributes/0/pattern: is not a keyword of RFC 7643`,
		"fido-device-onboard.json": `/attributes/0/uniqueness: "Manufacturer" is none of none server global`,
		"zigbee.json":              `/attributes/1/pattern: is not a keyword of RFC 7643`,
		"pairingNull.json":         `/attributes: is missing`,
		"Device.json":              `/attributes/2/referenceTypes: is missing: a reference names resource types, "external" or "uri" (RFC 7643 §7)`,
		"resource-types.json":      `wants an object, not a list`,
	}
	files, err := filepath.Glob("testdata/published/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = ParseSchema(data, nil)
		reason, bad := want[filepath.Base(file)]
		if bad != (err != nil) || err != nil && !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: error %v, want %q", file, err, reason)
		}
	}
}

func TestDocumentLimits(t *testing.T) {
	tooMany := strings.Repeat(`"x": 1, `, maxMistakes)
	for _, test := range []struct {
		name, doc, want string
		problems        int
	}{
		{"attributes", `{"attributes": [` + strings.Repeat(`{},`, maxDocumentAttributes) + `{}]}`, "there are more than 100000 attributes", 1},
		{"mistakes", `{"attributes": [` + strings.Repeat(`1,`, 5000) + `{}]}`, "there are more mistakes", maxMistakes + 1},
		{"mistakes, the last with bad text", `{` + tooMany + `"x": nope}`, "there are more mistakes", maxMistakes + 1},
		{"depth of the unknown", `{"x": ` + strings.Repeat(`[`, 1_000_000), "exceeded max depth", 2},
		{"depth of the known", `{"attributes": [` + strings.Repeat(`{"subAttributes": [`, 6) + strings.Repeat(`]}`, 6) + `]}`, "nested too deeply", 9},
		{"depth that is cut off", `{"attributes": [` + strings.Repeat(`{"subAttributes": [`, 100_000), "exceeded max depth", 1},
		{"long keyword", `{"` + strings.Repeat("x", 10_000_000) + `": 1, "id": "urn:example:a", "attributes": []}`, "is not a keyword", 1},
		{"long text", `{"id": "` + strings.Repeat("x", 10_000_000) + `", "attributes": []}`, "is not the URI of a schema", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseSchema([]byte(test.doc), nil)
			var de *DefinitionError
			if !errors.As(err, &de) || !strings.Contains(err.Error(), test.want) || len(de.Problems) != test.problems {
				t.Fatalf("%d problems, want %d: %.300v, want %q", len(de.Problems), test.problems, err, test.want)
			}
			if text := err.Error(); len(text) > 100_000 {
				t.Errorf("the message has %d bytes", len(text))
			}
		})
	}
}

// TestMaxDocumentAttributes: as many attributes as the limit can be read.
func TestMaxDocumentAttributes(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"id": "urn:example:a", "attributes": [{"name": "a"}`)
	for i := 2; i < maxDocumentAttributes; i += 2 {
		fmt.Fprintf(&b, `, {"name": "a%d", "type": "complex", "subAttributes": [{"name": "b"}]}`, i)
	}
	for doc, want := range map[string]string{
		`, {"name": "z"}]}`:                "",
		`, {"name": "y"}, {"name": "z"}]}`: ErrDefinition.Error() + ": /attributes/50000: there are more than 100000 attributes",
	} {
		if _, err := ParseSchema([]byte(b.String()+doc), nil); errorText(err) != want {
			t.Errorf("%s: %.300v", doc, err)
		}
	}
}

func FuzzParseSchema(f *testing.F) {
	for _, pattern := range []string{"core/*.json", "testdata/published/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	for _, test := range badSchemas {
		f.Add([]byte(strings.ReplaceAll(test.doc, "¦", "")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseSchema(data, nil)
		if err != nil {
			checkOffsets(t, err, data)
			return
		}
		out := s.AppendJSON(nil, "")
		again, err := ParseSchema(out, nil)
		if err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		if !bytes.Equal(again.AppendJSON(nil, ""), out) {
			t.Errorf("%s becomes %s", out, again.AppendJSON(nil, ""))
		}
	})
}

func FuzzParseDefinition(f *testing.F) {
	for _, d := range []Definition{badge(), nestedBadge(), GroupDefinition()} {
		data, err := json.Marshal(d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, test := range badDocuments {
		f.Add([]byte(strings.ReplaceAll(test.doc, "¦", "")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ParseDefinition(data, nil)
		if err != nil {
			checkOffsets(t, err, data)
			return
		}
		typ, err := d.Compile()
		if err != nil {
			return // paths that clash are found there only
		}
		for p := range typ.AllPaths() {
			if q, err := typ.Path(p.String()); err != nil || q != p {
				t.Errorf("Path(%q) = %v, %v", p, q, err)
			}
		}
	})
}

func checkOffsets(t *testing.T, err error, data []byte) {
	t.Helper()
	var de *DefinitionError
	if !errors.As(err, &de) || len(de.Problems) == 0 {
		t.Fatalf("error %v", err)
	}
	for _, p := range de.Problems {
		if p.Offset < 0 || p.Offset > int64(len(data)) || p.Detail == "" {
			t.Errorf("%+v in %d bytes", p, len(data))
		}
	}
}
