package schema

import (
	"fmt"
	"reflect"
)

// As returns the values of r in a struct with scim tags (see For). Attributes
// that T has no field for are left out; unassigned ones give the zero value, so
// a pointer tells them from zero. Text can hold any scalar, in its lexical form.
// The *DefinitionError lists fields that do not fit the type of r; a *PathError
// names a value that its field cannot hold, such as a large integer.
func As[T any](r *Resource) (T, error) {
	var v T
	err := r.Unmarshal(&v)
	return v, err
}

// Unmarshal is As for a struct that exists: it sets all its tagged fields. v
// must be a pointer to a struct. After an error the contents are undefined.
func (r *Resource) Unmarshal(v any) error {
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return problems{{Offset: -1, Detail: fmt.Sprintf("%T is not a pointer to a struct", v)}}.err()
	}
	plan, err := r.typ.planFor(p.Type().Elem())
	if err != nil {
		return err
	}
	for _, f := range plan.fields {
		if err := f.get(p.Elem(), r.Get(Path{f.attr})); err != nil {
			return err
		}
	}
	return nil
}

// FromStruct makes a resource of type t from a struct with scim tags, or a
// pointer to one: the reverse of As. Nil pointers, empty strings and lists, and
// zero times are unassigned; false and 0 are values, unless the tag says
// omitzero. A field for "schemas" is ignored, because that follows from the
// data. Errors are as for As. As for a Builder, required attributes are not
// asked for.
func FromStruct(t *ResourceType, v any) (*Resource, error) {
	b := t.New()
	if err := b.SetStruct(v); err != nil {
		return nil, err
	}
	return b.Resource(), nil
}

// SetStruct assigns what the struct v holds, as FromStruct reads it, and leaves
// alone what v has no field for. After an error nothing is changed.
func (b *Builder) SetStruct(v any) error {
	src := reflect.ValueOf(v)
	for src.Kind() == reflect.Pointer && !src.IsNil() {
		src = src.Elem()
	}
	if src.Kind() != reflect.Struct {
		return problems{{Offset: -1, Detail: fmt.Sprintf("%T is not a struct", v)}}.err()
	}
	plan, err := b.typ.planFor(src.Type())
	if err != nil {
		return err
	}
	fields := b.fields
	for _, f := range plan.fields {
		if f.attr == b.typ.schemas {
			continue
		}
		v, err := f.put(src, field(fields, f.attr.index))
		if err != nil {
			return err
		}
		fields = withField(fields, f.attr.index, v)
	}
	b.fields = fields
	return nil
}
