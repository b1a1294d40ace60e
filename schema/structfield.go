package schema

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// structField is one field of a Go struct that a tag makes an attribute.
type structField struct {
	goName   string // with the struct's name, for messages
	index    []int
	typ      reflect.Type
	attr     Attribute // what the tag says
	omitZero bool
}

// structFields returns the tagged fields of t, those of untagged embedded
// structs in their place.
func structFields(t reflect.Type) ([]structField, problems) {
	var fields []structField
	var found problems
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("scim")
		switch {
		case f.Name == "_" || tag == "-":
		case !tagged && f.Anonymous && f.Type.Kind() == reflect.Struct:
			inner, problems := structFields(f.Type)
			for _, g := range inner {
				g.index = append([]int{i}, g.index...)
				fields = append(fields, g)
			}
			found = append(found, problems...)
		case tagged && !f.IsExported():
			found.add("", fmt.Sprintf("Go field %s.%s: has a scim tag but is not exported", t.Name(), f.Name))
		case tagged:
			field := structField{goName: t.Name() + "." + f.Name, index: []int{i}, typ: f.Type}
			field.parseTag(&found, tag, f)
			fields = append(fields, field)
		}
	}
	return fields, found
}

// parseTag reads "name,option,option=value".
func (s *structField) parseTag(found *problems, tag string, f reflect.StructField) {
	name, options, _ := strings.Cut(tag, ",")
	if name == "" {
		name = lowerFirst(f.Name)
	}
	s.attr = Attribute{Name: name, Description: f.Tag.Get("description")}
	for option := range strings.SplitSeq(options, ",") {
		key, value, _ := strings.Cut(option, "=")
		switch set, known := tagOptions[key]; {
		case option == "":
		case key == "omitzero":
			s.omitZero = true
		case known:
			set(&s.attr, value)
		default:
			found.add("", fmt.Sprintf("Go field %s: %q is not an option of the scim tag", s.goName, option))
		}
	}
}

// tagOptions are what can follow the name in a tag. Values that the definition
// rules refuse are kept for them to complain about.
var tagOptions = map[string]func(a *Attribute, value string){
	"required":   func(a *Attribute, _ string) { a.Required = true },
	"caseExact":  func(a *Attribute, _ string) { a.CaseExact = true },
	"readOnly":   func(a *Attribute, _ string) { a.Mutability = ReadOnly },
	"readWrite":  func(a *Attribute, _ string) { a.Mutability = ReadWrite },
	"immutable":  func(a *Attribute, _ string) { a.Mutability = Immutable },
	"writeOnly":  func(a *Attribute, _ string) { a.Mutability = WriteOnly },
	"returned":   func(a *Attribute, value string) { a.Returned = Returned(value) },
	"uniqueness": func(a *Attribute, value string) { a.Uniqueness = Uniqueness(value) },
	"type":       func(a *Attribute, value string) { a.Type = Type(value) },
	"canonical":  func(a *Attribute, value string) { a.CanonicalValues = strings.Split(value, "|") },
	"ref": func(a *Attribute, value string) {
		a.Type, a.ReferenceTypes = TypeReference, strings.Split(value, "|")
	},
}

// lowerFirst turns a Go name into an attribute name: "UserName" into
// "userName", "ID" into "id", "URLPath" into "urlPath".
func lowerFirst(name string) string {
	n := 0
	for n < len(name) && 'A' <= name[n] && name[n] <= 'Z' {
		n++
	}
	if n > 1 && n < len(name) && 'a' <= name[n] && name[n] <= 'z' {
		n-- // the last capital begins a word
	}
	return strings.ToLower(name[:n]) + name[n:]
}

var (
	timeType        = reflect.TypeFor[time.Time]()
	marshalerType   = reflect.TypeFor[encoding.TextMarshaler]()
	unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// isText reports whether values of t write and read themselves as text.
func isText(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() != reflect.Pointer && p.Implements(marshalerType) && p.Implements(unmarshalerType)
}

// isList reports whether t holds the values of a multi-valued attribute.
func isList(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 && !isText(t)
}

// typeOf returns the data type of a single Go value, or "" if there is none.
func typeOf(t reflect.Type) Type {
	switch {
	case t == timeType:
		return TypeDateTime
	case isText(t):
		return TypeString
	}
	switch t.Kind() {
	case reflect.String:
		return TypeString
	case reflect.Bool:
		return TypeBoolean
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return TypeInteger
	case reflect.Float32, reflect.Float64:
		return TypeDecimal
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return TypeBinary
		}
	case reflect.Struct:
		return TypeComplex
	}
	return ""
}

// pointee removes the pointers of t.
func pointee(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}
