package schema

import (
	"fmt"
	"slices"
	"strings"
)

// The keywords of each object of a document. They are functions because lists
// of attributes contain lists of attributes.

func schemaKeywords() []keyword[Schema] {
	return []keyword[Schema]{
		{"schemas", func(r *documentReader, _ *Schema) { r.discovery(SchemaURN) }},
		{"id", func(r *documentReader, s *Schema) { r.text(&s.ID) }},
		{"name", func(r *documentReader, s *Schema) { r.text(&s.Name) }},
		{"description", func(r *documentReader, s *Schema) { r.text(&s.Description) }},
		{"attributes", func(r *documentReader, s *Schema) { r.attributeList(&s.Attributes) }},
		{"meta", func(r *documentReader, _ *Schema) { r.meta() }},
	}
}

func attributeKeywords() []keyword[Attribute] {
	return []keyword[Attribute]{
		{"name", func(r *documentReader, a *Attribute) { r.text(&a.Name) }},
		{"type", func(r *documentReader, a *Attribute) { readEnum(r, &a.Type, types) }},
		{"subAttributes", func(r *documentReader, a *Attribute) { r.attributeList(&a.SubAttributes) }},
		{"multiValued", func(r *documentReader, a *Attribute) { r.flag(&a.MultiValued) }},
		{"description", func(r *documentReader, a *Attribute) { r.text(&a.Description) }},
		{"required", func(r *documentReader, a *Attribute) { r.flag(&a.Required) }},
		{"canonicalValues", func(r *documentReader, a *Attribute) { r.texts(&a.CanonicalValues) }},
		{"caseExact", func(r *documentReader, a *Attribute) { r.flag(&a.CaseExact) }},
		{"mutability", func(r *documentReader, a *Attribute) { readEnum(r, &a.Mutability, mutabilities) }},
		{"returned", func(r *documentReader, a *Attribute) { readEnum(r, &a.Returned, returneds) }},
		{"uniqueness", func(r *documentReader, a *Attribute) { readEnum(r, &a.Uniqueness, uniquenesses) }},
		{"referenceTypes", func(r *documentReader, a *Attribute) { r.texts(&a.ReferenceTypes) }},
	}
}

func typeKeywords() []keyword[typeDocument] {
	return []keyword[typeDocument]{
		{"schemas", func(r *documentReader, _ *typeDocument) { r.discovery(ResourceTypeURN) }},
		{"id", func(r *documentReader, t *typeDocument) { r.text(&t.def.ID) }},
		{"name", func(r *documentReader, t *typeDocument) { r.text(&t.def.Name) }},
		{"description", func(r *documentReader, t *typeDocument) { r.text(&t.def.Description) }},
		{"endpoint", func(r *documentReader, t *typeDocument) { r.text(&t.def.Endpoint) }},
		{"schema", func(r *documentReader, t *typeDocument) { r.text(&t.base) }},
		{"schemaExtensions", func(r *documentReader, t *typeDocument) { r.links(&t.links, true) }},
		{"meta", func(r *documentReader, _ *typeDocument) { r.meta() }},
	}
}

// linkKeywords allows a level of nested extensions for entries at the top.
func linkKeywords(top bool) []keyword[link] {
	keywords := []keyword[link]{
		{"schema", func(r *documentReader, l *link) { r.text(&l.uri) }},
		{"required", func(r *documentReader, l *link) { l.required = new(bool); r.flag(l.required) }},
	}
	if top {
		keywords = append(keywords, keyword[link]{"schemaExtensions", func(r *documentReader, l *link) { r.links(&l.nested, false) }})
	}
	return keywords
}

func metaKeywords() []keyword[struct{}] {
	var keywords []keyword[struct{}]
	for _, name := range []string{"resourceType", "created", "lastModified", "location", "version"} {
		keywords = append(keywords, keyword[struct{}]{name, func(r *documentReader, _ *struct{}) { r.text(new(string)) }})
	}
	return keywords
}

func (r *documentReader) schema(s *Schema) { readObject(r, s, schemaKeywords()) }

func (r *documentReader) meta() { readObject(r, &struct{}{}, metaKeywords()) }

func (r *documentReader) links(into *[]link, top bool) {
	r.list(func(int) {
		var l link
		readObject(r, &l, linkKeywords(top))
		*into = append(*into, l)
	})
}

// discovery reads the member "schemas" of a discovery resource.
func (r *documentReader) discovery(uri string) {
	var uris []string
	r.texts(&uris)
	if uris != nil && !slices.ContainsFunc(uris, func(s string) bool { return strings.EqualFold(s, uri) }) {
		r.report(0, fmt.Sprintf("does not name %s", uri))
	}
}

func (r *documentReader) attributeList(into *[]Attribute) {
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > maxNesting {
		if v := r.read(); v != nil {
			r.report(len(v), "has sub-attributes nested too deeply")
		}
		return
	}
	if r.expect("[", "a list") {
		*into = []Attribute{}
		r.list(func(int) { r.attribute(into) })
	}
}

func (r *documentReader) attribute(into *[]Attribute) {
	if r.attributes++; r.attributes > maxDocumentAttributes {
		r.stop(fmt.Sprintf("there are more than %d attributes", maxDocumentAttributes))
	}
	var a Attribute
	readObject(r, &a, attributeKeywords())
	*into = append(*into, a)
}

var (
	types        = []Type{TypeString, TypeBoolean, TypeDecimal, TypeInteger, TypeDateTime, TypeBinary, TypeReference, TypeComplex}
	mutabilities = []Mutability{ReadWrite, ReadOnly, Immutable, WriteOnly}
	returneds    = []Returned{ReturnedDefault, ReturnedAlways, ReturnedNever, ReturnedRequest}
	uniquenesses = []Uniqueness{UniquenessNone, UniquenessServer, UniquenessGlobal}
)

// readEnum reads one of the given values in any letter case (RFC 7643 §7). Any
// other text is kept, for the rules to complain about.
func readEnum[T ~string](r *documentReader, into *T, values []T) {
	var text string
	r.text(&text)
	*into = T(text)
	for _, v := range values {
		if strings.EqualFold(string(v), text) {
			*into = v
		}
	}
}
