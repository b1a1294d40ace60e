package scim

import (
	"bytes"
	"iter"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// object is a JSON object whose members can be moved. Its values stay as they
// are in the text until they are opened.
type object struct{ members []objectMember }

type objectMember struct {
	name  string
	value jsontext.Value
	inner *object // instead of value, once it was opened
}

// parseObject returns false for anything but one valid JSON object.
func parseObject(text jsontext.Value) (*object, bool) {
	if !text.IsValid() || text.Kind() != '{' {
		return nil, false
	}
	o := &object{}
	for name, value := range objectMembers(text) {
		o.members = append(o.members, objectMember{name: name, value: value})
	}
	return o, true
}

// objectMembers iterates over the members of a valid JSON object.
func objectMembers(text jsontext.Value) iter.Seq2[string, jsontext.Value] {
	return func(yield func(string, jsontext.Value) bool) {
		dec := jsontext.NewDecoder(bytes.NewReader(text))
		if _, err := dec.ReadToken(); err != nil {
			return
		}
		for dec.PeekKind() == '"' {
			token, err := dec.ReadToken()
			if err != nil {
				return
			}
			name := token.String()
			value, err := dec.ReadValue()
			if err != nil || !yield(name, bytes.Clone(value)) {
				return
			}
		}
	}
}

// arrayItems returns the values of a valid JSON array.
func arrayItems(text jsontext.Value) []jsontext.Value {
	var items []jsontext.Value
	dec := jsontext.NewDecoder(bytes.NewReader(text))
	if _, err := dec.ReadToken(); err != nil {
		return nil
	}
	for dec.PeekKind() != ']' {
		value, err := dec.ReadValue()
		if err != nil {
			return items
		}
		items = append(items, bytes.Clone(value))
	}
	return items
}

func appendArray(dst []byte, items []jsontext.Value) []byte {
	dst = append(dst, '[')
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, item...)
	}
	return append(dst, ']')
}

// find returns the member with a name in any letter case, or nil.
func (o *object) find(name string) *objectMember {
	for i := range o.members {
		if strings.EqualFold(o.members[i].name, name) {
			return &o.members[i]
		}
	}
	return nil
}

// open returns the object that a member is, or nil.
func (o *object) open(name string) *object {
	m := o.find(name)
	if m == nil {
		return nil
	}
	if m.inner == nil {
		m.inner, _ = parseObject(m.value)
	}
	return m.inner
}

// take removes a member and returns its value, or nil.
func (o *object) take(name string) jsontext.Value {
	for i, m := range o.members {
		if strings.EqualFold(m.name, name) {
			o.members = append(o.members[:i:i], o.members[i+1:]...)
			return m.text()
		}
	}
	return nil
}

// put adds a member at the end, without looking for another one of its name: a
// value that is there twice must not be lost unseen.
func (o *object) put(name string, value jsontext.Value) {
	o.members = append(o.members, objectMember{name: name, value: value})
}

// container returns the object that holds the attributes of a schema. If it is
// not there it is added, or nil.
func (o *object) container(urn string, add bool) *object {
	if urn == "" {
		return o
	}
	if add {
		o.ensure(urn)
	}
	return o.open(urn)
}

// ensure adds an empty object as a member that is not there, or null.
func (o *object) ensure(name string) {
	m := o.find(name)
	switch {
	case m == nil:
		o.members = append(o.members, objectMember{name: name, inner: &object{}})
	case m.inner == nil && m.value.Kind() == 'n':
		m.inner = &object{}
	}
}

func (m *objectMember) text() jsontext.Value {
	if m.inner == nil {
		return m.value
	}
	return m.inner.append(nil)
}

func (o *object) append(dst []byte) []byte {
	dst = append(dst, '{')
	for i, m := range o.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, m.name), ':')
		if m.inner == nil {
			dst = append(dst, m.value...)
		} else {
			dst = m.inner.append(dst)
		}
	}
	return append(dst, '}')
}
