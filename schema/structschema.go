package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// For derives a schema from the tags of the struct T. Only fields with a scim
// tag are attributes, so nothing becomes visible by accident:
//
//	type Badge struct {
//		_      struct{} `scim:"Badge" description:"Access badge"`
//		ID     string   `scim:"id"`
//		Serial string   `scim:"serial,required,immutable,caseExact,uniqueness=server"`
//		Color  *string  `scim:"color,canonical=red|green" description:"Color of the card"`
//		Doors  []Door   `scim:"doors"`
//	}
//
// The tag begins with the attribute's name; without one it is the field's, with
// a small first letter. The options are required, caseExact, one of readOnly,
// readWrite, immutable and writeOnly, returned=, uniqueness=, canonical= and
// ref= (values separated by "|"; ref makes a reference), type= for text that
// stands for another type, and omitzero (see FromStruct). The optional blank
// field names and describes the schema; without it the name is that of T.
//
// Strings, booleans, integers, floats, time.Time and []byte are of the types
// that one expects; a type that is an encoding.TextMarshaler and has an
// encoding.TextUnmarshaler is a string; a struct is complex; a slice makes the
// attribute multi-valued; a pointer changes nothing. Untagged embedded structs
// count as part of T. Fields named like common attributes, and those named
// like a URI, which hold an extension, are for values only.
//
// The *DefinitionError lists every mistake.
func For[T any](uri string) (*Schema, error) { return schemaOf(reflect.TypeFor[T](), uri) }

// MustFor is For for types that are part of the program; it panics if there is
// a mistake.
func MustFor[T any](uri string) *Schema {
	s, err := For[T](uri)
	if err != nil {
		panic(err)
	}
	return s
}

func schemaOf(t reflect.Type, uri string) (*Schema, error) {
	if t.Kind() != reflect.Struct {
		return nil, problems{{Offset: -1, Detail: fmt.Sprintf("%s is not a struct", t)}}.err()
	}
	s := &Schema{ID: uri, Name: t.Name()}
	if f, ok := blankField(t); ok {
		s.Description = f.Tag.Get("description")
		s.Name = orDefault(f.Tag.Get("scim"), s.Name)
	}
	d := deriver{}
	s.Attributes = d.attributes(t)
	if len(d.found) == 0 {
		d.found = s.check("")
	}
	if err := d.found.err(); err != nil {
		return nil, err
	}
	return s, nil
}

func blankField(t reflect.Type) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if f := t.Field(i); f.Name == "_" {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// deriver derives attributes from struct types.
type deriver struct {
	found problems
	open  []reflect.Type // the structs around the current one
}

func (d *deriver) attributes(t reflect.Type) []Attribute {
	if slices.Contains(d.open, t) {
		d.found.add("", fmt.Sprintf("Go type %s: contains itself", t))
		return nil
	}
	top := len(d.open) == 0
	d.open = append(d.open, t)
	defer func() { d.open = d.open[:len(d.open)-1] }()
	fields, found := structFields(t)
	d.found = append(d.found, found...)
	attrs := make([]Attribute, 0, len(fields))
	for _, f := range fields {
		if top && (isCommonName(f.attr.Name) || strings.Contains(f.attr.Name, ":")) {
			continue
		}
		attrs = append(attrs, d.attribute(f))
	}
	return attrs
}

func (d *deriver) attribute(f structField) Attribute {
	a, t := f.attr, pointee(f.typ)
	if isList(t) {
		a.MultiValued, t = true, pointee(t.Elem())
	}
	own := typeOf(t)
	switch {
	case own == "":
		d.found.add("", fmt.Sprintf("Go field %s: a %s holds no attribute", f.goName, f.typ))
	case a.Type != "" && own != TypeString:
		d.found.add("", fmt.Sprintf("Go field %s: only text can stand for another type, and a %s is none", f.goName, f.typ))
	case a.Type == "":
		a.Type = own
	}
	if own == TypeComplex {
		a.SubAttributes = d.attributes(t)
	}
	return a
}
