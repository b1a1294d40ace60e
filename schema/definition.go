package schema

import "iter"

// Attribute defines one attribute (RFC 7643 §7). It is plain data: write it as
// a Go literal, read it from JSON, or derive it from a struct. The zero value
// of each characteristic is the default of RFC 7643 §2.2.
type Attribute struct {
	Name            string      `json:"name"`
	Type            Type        `json:"type,omitempty"`
	SubAttributes   []Attribute `json:"subAttributes,omitempty"`
	MultiValued     bool        `json:"multiValued"`
	Description     string      `json:"description,omitempty"`
	Required        bool        `json:"required"`
	CanonicalValues []string    `json:"canonicalValues,omitempty"`
	CaseExact       bool        `json:"caseExact"`
	Mutability      Mutability  `json:"mutability,omitempty"`
	Returned        Returned    `json:"returned,omitempty"`
	Uniqueness      Uniqueness  `json:"uniqueness,omitempty"`
	ReferenceTypes  []string    `json:"referenceTypes,omitempty"`
}

// Schema is a named set of attributes (RFC 7643 §7). ID is its URN.
type Schema struct {
	ID          string      `json:"id"`
	Name        string      `json:"name,omitempty"`
	Description string      `json:"description,omitempty"`
	Attributes  []Attribute `json:"attributes"`
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
	ID string
	// Name is the type's name, used in meta.resourceType.
	Name string
	// Endpoint is the collection's path below the base URL, such as "/Users".
	Endpoint    string
	Description string
	// Schema is the base schema.
	Schema     *Schema
	Extensions []Extension
}

// schemas iterates over the base schema, then each extension's followed by
// those nested in it.
func (d Definition) schemas() iter.Seq[*Schema] {
	return func(yield func(*Schema) bool) {
		_ = (d.Schema == nil || yield(d.Schema)) && yieldSchemas(d.Extensions, yield)
	}
}

func yieldSchemas(extensions []Extension, yield func(*Schema) bool) bool {
	for _, e := range extensions {
		if e.Schema != nil && !yield(e.Schema) || !yieldSchemas(e.Extensions, yield) {
			return false
		}
	}
	return true
}
