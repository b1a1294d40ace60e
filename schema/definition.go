package schema

import "iter"

// Attribute defines one attribute (RFC 7643 §7). It is plain data: write it as
// a Go literal, read it from JSON, or derive it from a struct. The zero value
// of each characteristic is the default of RFC 7643 §2.2.
type Attribute struct {
	Name            string      `json:"name" validate:"attributename"`
	Type            Type        `json:"type" validate:"omitempty,oneof=string boolean decimal integer dateTime binary reference complex"`
	SubAttributes   []Attribute `json:"subAttributes" validate:"max=65535,dive"`
	MultiValued     bool        `json:"multiValued"`
	Description     string      `json:"description" validate:"utf8"`
	Required        bool        `json:"required"`
	CanonicalValues []string    `json:"canonicalValues" validate:"dive,min=1,utf8"`
	CaseExact       bool        `json:"caseExact"`
	Mutability      Mutability  `json:"mutability" validate:"omitempty,oneof=readWrite readOnly immutable writeOnly"`
	Returned        Returned    `json:"returned" validate:"omitempty,oneof=default always never request"`
	Uniqueness      Uniqueness  `json:"uniqueness" validate:"omitempty,oneof=none server global"`
	ReferenceTypes  []string    `json:"referenceTypes" validate:"unique,dive,typename"`
}

// Schema is a named set of attributes (RFC 7643 §7). ID is its URI, in general
// a URN.
type Schema struct {
	ID          string      `json:"id" validate:"schemauri"`
	Name        string      `json:"name" validate:"utf8"`
	Description string      `json:"description" validate:"utf8"`
	Attributes  []Attribute `json:"attributes" validate:"max=65535,dive"`
}

// Extension adds the attributes of a schema to a resource type, under the
// schema's URN (RFC 7643 §3.3). Required says that a resource without data for
// the extension is refused.
//
// Extensions are the schemas whose data lies inside the data of this extension,
// again under their URNs, as in RFC 9944 §7.1.3. They are not named in
// "schemas" and have no extensions of their own; to the rest of the module each
// is a complex attribute that has its URN as name.
type Extension struct {
	Schema     *Schema
	Required   bool
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
	Endpoint    string `json:"endpoint" validate:"endpoint"`
	Description string `json:"description" validate:"utf8"`
	// Schema is the base schema.
	Schema     *Schema     `json:"schema" validate:"-"`
	Extensions []Extension `json:"schemaExtensions" validate:"-"`
}

// schemas iterates over the base schema, then each extension's followed by
// those nested in it.
func (d Definition) schemas() iter.Seq[*Schema] {
	return func(yield func(*Schema) bool) {
		_ = yieldSchema(d.Schema, yield) && yieldSchemas(d.Extensions, yield)
	}
}

func yieldSchemas(extensions []Extension, yield func(*Schema) bool) bool {
	for _, e := range extensions {
		if !yieldSchema(e.Schema, yield) {
			return false
		}
		for _, nested := range e.Extensions {
			if !yieldSchema(nested.Schema, yield) {
				return false
			}
		}
	}
	return true
}

func yieldSchema(s *Schema, yield func(*Schema) bool) bool { return s == nil || yield(s) }
