package schema

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// URNs of the schemas of the discovery resources (RFC 7643 §8.7.2).
const (
	ServiceProviderConfigURN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	ResourceTypeURN          = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	SchemaURN                = "urn:ietf:params:scim:schemas:core:2.0:Schema"
)

// AppendJSON appends s as a resource of /Schemas (RFC 7643 §7). location is
// the absolute URL for meta.location; "" leaves it out. Equal schemas give
// equal bytes, and characteristics that are at their default are spelled out
// where they mean something for the type, because many clients know no
// defaults.
func (s *Schema) AppendJSON(dst []byte, location string) []byte {
	o := openObject(dst)
	o.discovery(SchemaURN, s.ID)
	o.text("name", s.Name)
	o.text("description", s.Description)
	o.attributes("attributes", nil, s.Attributes)
	o.meta("Schema", location)
	return o.close()
}

// MarshalJSON is AppendJSON without a location.
func (s *Schema) MarshalJSON() ([]byte, error) { return s.AppendJSON(nil, ""), nil }

// AppendJSON appends t as a resource of /ResourceTypes (RFC 7643 §6). location
// is the absolute URL for meta.location; "" leaves it out. Nested extensions
// are left out, because the RFC has no place for them.
func (t *ResourceType) AppendJSON(dst []byte, location string) []byte {
	return t.def.appendType(dst, location, false)
}

// MarshalJSON is AppendJSON without a location.
func (t *ResourceType) MarshalJSON() ([]byte, error) { return t.AppendJSON(nil, ""), nil }

// MarshalJSON returns the document that ParseDefinition reads:
// {"resourceType": {…}, "schemas": [{…}, …]}. It fails for a definition with
// mistakes.
func (d Definition) MarshalJSON() ([]byte, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	o := openObject(nil)
	o.dst = d.clone().appendType(o.name("resourceType"), "", true)
	o.dst = append(o.name("schemas"), '[')
	for i, s := range d.schemas() {
		if i > 0 {
			o.dst = append(o.dst, ',')
		}
		o.dst = s.AppendJSON(o.dst, "")
	}
	o.dst = append(o.dst, ']')
	return o.close(), nil
}

func (d Definition) appendType(dst []byte, location string, nested bool) []byte {
	o := openObject(dst)
	o.discovery(ResourceTypeURN, d.ID)
	o.text("name", d.Name)
	o.text("description", d.Description)
	o.text("endpoint", d.Endpoint)
	o.text("schema", d.Schema.ID)
	o.extensions(d.Extensions, nested)
	o.meta("ResourceType", location)
	return o.close()
}

// object appends the members of one JSON object.
type object struct {
	dst   []byte
	empty bool
}

func openObject(dst []byte) object { return object{dst: append(dst, '{'), empty: true} }

func (o *object) close() []byte { return append(o.dst, '}') }

// name appends a member's name and returns the bytes for its value to be
// appended to.
func (o *object) name(name string) []byte {
	if !o.empty {
		o.dst = append(o.dst, ',')
	}
	o.empty = false
	return append(appendQuoted(o.dst, name), ':')
}

// text appends a member unless it is empty.
func (o *object) text(name, value string) {
	if value != "" {
		o.dst = appendQuoted(o.name(name), value)
	}
}

func (o *object) flag(name string, value bool) {
	o.dst = strconv.AppendBool(o.name(name), value)
}

// texts appends a list unless it is empty.
func (o *object) texts(name string, values []string) {
	if len(values) == 0 {
		return
	}
	dst := append(o.name(name), '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendQuoted(dst, v)
	}
	o.dst = append(dst, ']')
}

func (o *object) discovery(uri, id string) {
	o.texts("schemas", []string{uri})
	o.text("id", id)
}

func (o *object) meta(resourceType, location string) {
	m := openObject(o.name("meta"))
	m.text("resourceType", resourceType)
	m.text("location", location)
	o.dst = m.close()
}

func (o *object) extensions(extensions []Extension, nested bool) {
	if len(extensions) == 0 {
		return
	}
	dst := append(o.name("schemaExtensions"), '[')
	for i, e := range extensions {
		if i > 0 {
			dst = append(dst, ',')
		}
		x := openObject(dst)
		x.text("schema", e.Schema.ID)
		x.flag("required", e.Required)
		if nested {
			x.extensions(e.Extensions, nested)
		}
		dst = x.close()
	}
	o.dst = append(dst, ']')
}

func (o *object) attributes(name string, parent *Attribute, attrs []Attribute) {
	dst := append(o.name(name), '[')
	for i := range attrs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = attrs[i].appendJSON(dst, parent)
	}
	o.dst = append(dst, ']')
}

// MarshalJSON returns a as an entry of "attributes" (RFC 7643 §7), with the
// defaults of unstated characteristics filled in.
func (a Attribute) MarshalJSON() ([]byte, error) { return a.appendJSON(nil, nil), nil }

func (a Attribute) appendJSON(dst []byte, parent *Attribute) []byte {
	a = a.withDefaults(parent)
	o := openObject(dst)
	o.text("name", a.Name)
	o.text("type", string(a.Type))
	o.texts("referenceTypes", a.ReferenceTypes)
	o.flag("multiValued", a.MultiValued)
	o.text("description", a.Description)
	o.flag("required", a.Required)
	o.texts("canonicalValues", a.CanonicalValues)
	if a.Type.hasCase() || a.CaseExact {
		o.flag("caseExact", a.CaseExact)
	}
	o.text("mutability", string(a.Mutability))
	o.text("returned", string(a.Returned))
	if a.Type.comparable() || a.Uniqueness != UniquenessNone {
		o.text("uniqueness", string(a.Uniqueness))
	}
	if a.Type == TypeComplex {
		o.attributes("subAttributes", &a, a.SubAttributes)
	}
	return o.close()
}

// appendQuoted appends text as a JSON string; bytes that are not UTF-8 become
// U+FFFD.
func appendQuoted(dst []byte, text string) []byte {
	dst, _ = jsontext.AppendQuote(dst, text)
	return dst
}
