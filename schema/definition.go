package schema

import "slices"

// Attribute defines one attribute (RFC 7643 §7). It is plain data: write it as
// a Go literal, read it from JSON, or derive it from a struct. The zero value
// of each characteristic is the default of RFC 7643 §2.2.
type Attribute struct {
	// Name is the attribute's name, unique in any letter case where it is used.
	Name string `json:"name" validate:"attributename"`
	// Type is the data type of a single value; zero means TypeString.
	Type Type `json:"type" validate:"omitempty,oneof=string boolean decimal integer dateTime binary reference complex"`
	// SubAttributes are the parts of a complex attribute; no other type has any.
	SubAttributes []Attribute `json:"subAttributes" validate:"max=65535,dive"`
	// MultiValued says that the attribute holds a list.
	MultiValued bool `json:"multiValued"`
	// Description is for people.
	Description string `json:"description" validate:"utf8"`
	// Required says that the attribute must have a value after every write.
	Required bool `json:"required"`
	// CanonicalValues are suggested values; enforcing them is up to the caller of
	// the checks.
	CanonicalValues []string `json:"canonicalValues" validate:"dive,min=1,utf8"`
	// CaseExact says that letter case counts. References and binary data are case
	// exact whatever it says.
	CaseExact bool `json:"caseExact"`
	// Mutability says when the attribute can be written; zero means ReadWrite, but
	// Immutable for the "display" of a multi-valued attribute (RFC 7643 §2.4).
	Mutability Mutability `json:"mutability" validate:"omitempty,oneof=readWrite readOnly immutable writeOnly"`
	// Returned says when the attribute is in a response; zero means
	// ReturnedDefault, but ReturnedNever for what is WriteOnly.
	Returned Returned `json:"returned" validate:"omitempty,oneof=default always never request"`
	// Uniqueness says among which resources a value is unique; zero means
	// UniquenessNone.
	Uniqueness Uniqueness `json:"uniqueness" validate:"omitempty,oneof=none server global"`
	// ReferenceTypes says what a reference can point to: names of resource types,
	// "external" or "uri". Every reference has at least one, and nothing else has
	// any.
	ReferenceTypes []string `json:"referenceTypes" validate:"unique,dive,typename"`
}

// Schema is a named set of attributes (RFC 7643 §7).
type Schema struct {
	// ID is the schema's URI, in general a URN.
	ID string `json:"id" validate:"schemauri"`
	// Name is the schema's name for people.
	Name string `json:"name" validate:"utf8"`
	// Description is for people.
	Description string `json:"description" validate:"utf8"`
	// Attributes may list common ones such as "id"; what RFC 7643 §3.1 says about
	// those wins.
	Attributes []Attribute `json:"attributes" validate:"max=65535,dive"`
}

// Extension adds the attributes of a schema to a resource type, under the
// schema's URI (RFC 7643 §3.3).
type Extension struct {
	// Schema has the attributes.
	Schema *Schema
	// Required says that a resource without data for the extension is refused.
	Required bool
	// Extensions are those whose data lies inside the data of this one, again
	// under their URIs, as in RFC 9944 §7.1.3. They are not named in "schemas" and
	// have no extensions of their own; to the rest of the module each is a complex
	// attribute that has its URI as name.
	Extensions []Extension
}

// Definition is a resource type as its author writes it (RFC 7643 §6): a base
// schema and its extensions under an endpoint. Compile turns it into the
// ResourceType that the rest of the module works with.
type Definition struct {
	// ID identifies the resource type in /ResourceTypes; empty means Name.
	ID string `json:"id" validate:"omitempty,typename"`
	// Name is the type's name, used in meta.resourceType. Like ID it consists of
	// letters, digits, "_", "-" and ".".
	Name string `json:"name" validate:"typename"`
	// Endpoint is the collection's path below the base URL, such as "/Users": a
	// slash and one path segment that needs no escaping.
	Endpoint string `json:"endpoint" validate:"endpoint"`
	// Description is for people.
	Description string `json:"description" validate:"utf8"`
	// Schema is the base schema: its attributes are at the top of a resource.
	Schema *Schema `json:"schema" validate:"-"`
	// Extensions are the further schemas that a resource can have.
	Extensions []Extension `json:"schemaExtensions" validate:"-"`
}

// schemas lists the base schema, then each extension's followed by those
// nested in it.
func (d Definition) schemas() []*Schema {
	list := []*Schema{d.Schema}
	for _, e := range d.Extensions {
		list = append(list, e.Schema)
		for _, nested := range e.Extensions {
			list = append(list, nested.Schema)
		}
	}
	return slices.DeleteFunc(list, func(s *Schema) bool { return s == nil })
}
