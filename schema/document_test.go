package schema

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const tiny = `{"id": "urn:example:a", "attributes": [{"name": "a"%s}]}`

// In the documents, each ¦ marks where the mistake of the same place in want
// begins; it is taken out before the document is read.
var badSchemas = []struct {
	name string
	doc  string
	want []string
}{
	{"nothing", `¦`, []string{"ends too early"}},
	{"cut off", `{"id": "urn:example:a"¦`, []string{"ends too early"}},
	{"not an object", `¦[]`, []string{"wants an object, not a list"}},
	{"two documents", `{"id": "urn:example:a", "attributes": []} {¦`, []string{"is followed by more text"}},
	{"followed by what is not JSON", `{"id": "urn:example:a", "attributes": []} ¦]`, []string{"invalid character ']' at start of value"}},
	{"cut off after a mistake", `{"schemas": ["urn:x"¦`, []string{"/schemas: ends too early"}},
	{"deeper than any mistake that is looked for", `{¦"x": ` + strings.Repeat("[", 40) + `¦x`, []string{
		"/x: is not a keyword of RFC 7643", "/x" + strings.Repeat("/0", 40) + ": invalid character 'x' at start of value",
	}},
	{"invalid UTF-8", "{\"id\": \"¦\xff\"}", []string{"/id: invalid UTF-8"}},
	{"lone surrogate", `{"id": "¦\ud800"}`, []string{"/id: invalid surrogate pair `\\ud800\"}` in string"}},
	{"unknown keyword", `{"id": "urn:example:a", "attributes": [{"name": "a", ¦"pattern": "x", "type": "string"}], ¦"x": {"y": [1]}}`, []string{
		"/attributes/0/pattern: is not a keyword of RFC 7643", "/x: is not a keyword of RFC 7643",
	}},
	{"keyword twice", `{"id": "urn:example:a", ¦"ID": 5, "attributes": [{"name": "a", ¦"name": "b"}]}`, []string{
		"/ID: is there twice", "/attributes/0/name: is there twice",
	}},
	{"wrong types", `{"id": ¦5, "attributes": [{"name": ¦["a"], "required": ¦"true", "multiValued": ¦{}, "canonicalValues": [¦true, "b"], "referenceTypes": ¦"User"}, ¦3]}`, []string{
		"/id: wants a string, not a number",
		"/attributes/0/name: wants a string, not a list",
		"/attributes/0/required: wants true or false, not a string",
		"/attributes/0/multiValued: wants true or false, not an object",
		"/attributes/0/canonicalValues/0: wants a string, not a boolean",
		"/attributes/0/referenceTypes: wants a list, not a string",
		"/attributes/1: wants an object, not a number",
	}},
	{"7643-7-06 no id", `¦{"attributes": []}`, []string{`/id: is not the URI of a schema, as in "urn:example:scim:2.0:Badge"`}},
	{"no attributes", `¦{"id": "urn:example:a"}`, []string{`/attributes: is missing`}},
	{"7643-7-09 type", fmt.Sprintf(tiny, `, "type": ¦"bool"`), []string{
		`/attributes/0/type: "bool" is none of string boolean decimal integer dateTime binary reference complex`,
	}},
	{"7643-7-11 nested too deeply", fmt.Sprintf(tiny, `, "type":"complex", "subAttributes": [{"name":"b","type":¦"complex","subAttributes":[{"name":"c"}]}]`), []string{
		`/attributes/0/subAttributes/0/type: is complex inside a complex attribute (RFC 7643 §2.3.8)`,
	}},
	{"one level more than the schema of schemas has", `{"id": "` + SchemaURN + `", "attributes": [
		{"name": "a", "type": "complex", "subAttributes": [{"name": "b", "type": "complex", "subAttributes": [
			{"name": "c", "type": "complex", "subAttributes": [{"name": "d", "type": "complex", "subAttributes": ¦[{"name": "e"}]}]}]}]}]}`, []string{
		"/attributes/0/subAttributes/0/subAttributes/0/subAttributes/0/subAttributes: has sub-attributes nested too deeply",
	}},
	{"a keyword that reads like a pointer", `{"id": "urn:example:a", ¦"attributes/0": {}, "attributes": [¦{}, {"name": ¦"1"}]}`, []string{
		"/attributes~10: is not a keyword of RFC 7643",
		`/attributes/0/name: is not an attribute name: a letter or "$", then letters, digits, "$", "-" and "_"`,
		`/attributes/1/name: "1" is not an attribute name: a letter or "$", then letters, digits, "$", "-" and "_"`,
	}},
	{"7643-3-01 other schemas", `{"schemas": ["urn:x"]¦, "id": "urn:example:a", "attributes": []}`, []string{
		"/schemas: does not name " + SchemaURN,
	}},
}

func TestSchemaDocumentMistakes(t *testing.T) {
	for _, test := range badSchemas {
		t.Run(test.name, func(t *testing.T) {
			doc, marks := unmark(test.doc)
			s, err := ParseSchema([]byte(doc), nil)
			if s != nil {
				t.Error("returns a schema with an error")
			}
			checkLocated(t, err, test.want, marks)
		})
	}
}

// unmark takes out the marks and returns where they were.
func unmark(doc string) (string, []int64) {
	var marks []int64
	for {
		before, after, found := strings.Cut(doc, "¦")
		if !found {
			return doc, marks
		}
		marks = append(marks, int64(len(before)))
		doc = before + after
	}
}

func checkLocated(t *testing.T, err error, want []string, marks []int64) {
	t.Helper()
	var de *DefinitionError
	if !errors.As(err, &de) {
		t.Fatalf("error %v", err)
	}
	var got []string
	var offsets []int64
	for _, p := range de.Problems {
		got = append(got, p.String())
		offsets = append(offsets, p.Offset)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !reflect.DeepEqual(offsets, marks) {
		t.Errorf("offsets %v, want %v", offsets, marks)
	}
}
