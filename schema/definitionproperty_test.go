package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/muster-scim/muster/internal/schemagen"
	"github.com/muster-scim/muster/schema"
	"pgregory.net/rapid"
)

// TestDocumentsAreLossless: a definition that becomes a document and is read
// again is the same.
func TestDocumentsAreLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := schemagen.Nested().Draw(t, "definition")
		data, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := schema.ParseDefinition(data, nil)
		if err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		again, err := json.Marshal(parsed)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%v: first %s\nthen %s", err, data, again)
		}
	})
}

// TestTagsAreLossless: a schema that becomes the tags of a struct and is
// derived from it again is the same, and so is a resource that passes through
// the struct.
func TestTagsAreLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := schemagen.Nested().Draw(t, "definition")
		s, err := schema.SchemaOf(structOf(d.Schema.Attributes, d.Extensions), d.Schema.ID)
		if err != nil {
			t.Fatal(err)
		}
		s.Name, s.Description = d.Schema.Name, d.Schema.Description // a made type has no name
		if got, want := s.AppendJSON(nil, ""), d.Schema.AppendJSON(nil, ""); !bytes.Equal(got, want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
		typ := d.MustCompile()
		r := schemagen.Resource(typ).Draw(t, "resource")
		if stored, err := typ.DecodeStored(encode(t, r, &schema.Encoding{All: true})); err != nil || !stored.Equal(r) {
			t.Fatalf("%v: %s is not equal", err, encode(t, r, &schema.Encoding{All: true}))
		}
		v := reflect.New(structOf(d.Schema.Attributes, d.Extensions))
		if err := r.Unmarshal(v.Interface()); err != nil {
			t.Fatal(err)
		}
		again, err := schema.FromStruct(typ, v.Interface())
		if err != nil {
			t.Fatal(err)
		}
		if !again.Equal(r) {
			t.Fatalf("got  %s\nwant %s", encode(t, again, &schema.Encoding{All: true}), encode(t, r, &schema.Encoding{All: true}))
		}
	})
}

// structOf makes a struct type whose tags say what attrs say, with fields for
// the common attributes and the extensions.
func structOf(attrs []schema.Attribute, extensions []schema.Extension) reflect.Type {
	fields := fieldsOf(attrs)
	type meta struct {
		ResourceType *string `scim:"resourceType"`
		Created      *string `scim:"created"`
		LastModified *string `scim:"lastModified"`
		Location     *string `scim:"location"`
		Version      *string `scim:"version"`
	}
	fields = append(fields,
		reflect.StructField{Name: "ID", Type: reflect.TypeFor[*string](), Tag: `scim:"id"`},
		reflect.StructField{Name: "ExternalID", Type: reflect.TypeFor[*string](), Tag: `scim:"externalId"`},
		reflect.StructField{Name: "Meta", Type: reflect.TypeFor[*meta](), Tag: `scim:"meta"`})
	for i, e := range extensions {
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprint("Extension", i), Tag: tag(e.Schema.ID),
			Type: reflect.PointerTo(reflect.StructOf(extensionFields(e))),
		})
	}
	return reflect.StructOf(fields)
}

func extensionFields(e schema.Extension) []reflect.StructField {
	fields := fieldsOf(e.Schema.Attributes)
	for i, nested := range e.Extensions {
		inner := reflect.PointerTo(reflect.StructOf(fieldsOf(nested.Schema.Attributes)))
		fields = append(fields, reflect.StructField{Name: fmt.Sprint("Inner", i), Tag: tag(nested.Schema.ID), Type: inner})
	}
	return fields
}

func fieldsOf(attrs []schema.Attribute) []reflect.StructField {
	fields := make([]reflect.StructField, len(attrs))
	for i, a := range attrs {
		single := reflect.TypeFor[string]() // text is exact for every scalar
		switch a.Type {
		case schema.TypeBoolean:
			single = reflect.TypeFor[bool]()
		case schema.TypeComplex:
			single = reflect.StructOf(fieldsOf(a.SubAttributes))
		}
		typ := reflect.PointerTo(single)
		if a.MultiValued {
			typ = reflect.SliceOf(single)
		}
		fields[i] = reflect.StructField{Name: "F" + strconv.Itoa(i), Type: typ, Tag: tag(a.Name, options(a, single)...)}
	}
	return fields
}

func options(a schema.Attribute, single reflect.Type) (words []string) {
	for word, set := range map[string]bool{
		"required": a.Required, "caseExact": a.CaseExact, string(a.Mutability): a.Mutability != "",
		"returned=" + string(a.Returned): a.Returned != "", "uniqueness=" + string(a.Uniqueness): a.Uniqueness != "",
		"type=" + string(a.Type):                            a.Type != "" && a.Type != schema.TypeReference && single.Kind() == reflect.String,
		"ref=" + strings.Join(a.ReferenceTypes, "|"):        len(a.ReferenceTypes) > 0,
		"canonical=" + strings.Join(a.CanonicalValues, "|"): len(a.CanonicalValues) > 0,
	} {
		if set {
			words = append(words, word)
		}
	}
	return words
}

func tag(name string, options ...string) reflect.StructTag {
	return reflect.StructTag("scim:" + strconv.Quote(strings.Join(append([]string{name}, options...), ",")))
}
