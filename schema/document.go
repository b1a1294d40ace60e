package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// DocumentOptions adjusts how schema documents are read. The zero value and a
// nil pointer read strictly.
type DocumentOptions struct {
	// Known lists schemas that a resource type may use although the document
	// does not contain them.
	Known []*Schema
	// Warn, if not nil, turns unknown keywords from mistakes into warnings: each
	// is ignored and passed to Warn. Unknown values stay mistakes.
	Warn func(DefinitionProblem)
}

// ParseSchema reads a schema in the form that /Schemas serves (RFC 7643 §7).
//
// It is strict: the *DefinitionError lists unknown and repeated keywords,
// values of the wrong type and everything that Compile would refuse, each with
// its JSON pointer and byte offset. Keywords and the values of characteristics
// are accepted in any letter case; null counts as absent; meta is ignored.
func ParseSchema(data []byte, o *DocumentOptions) (*Schema, error) {
	r := newDocumentReader(data, o)
	var s Schema
	r.schema(&s)
	r.end()
	if !r.stopped {
		r.addNew(s.check(""), missingAttributes(&s, ""))
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return &s, nil
}

// ParseDefinition reads a resource type together with its schemas:
//
//	{"resourceType": {…}, "schemas": [{…}, …]}
//
// where the first is in the form of /ResourceTypes (RFC 7643 §6) and the
// others are in that of /Schemas. An entry of schemaExtensions can have
// schemaExtensions of its own (see Extension). Every schema that is named must
// be there or be in DocumentOptions.Known, and every one that is there must be
// named. Errors are as for ParseSchema.
func ParseDefinition(data []byte, o *DocumentOptions) (Definition, error) {
	definitions, err := parseDefinitions(data, o, []keyword[document]{
		{"resourceType", func(r *documentReader, d *document) { d.readType(r, "/resourceType") }},
		{"schemas", func(r *documentReader, d *document) { d.readSchemas(r) }},
	})
	if err != nil {
		return Definition{}, err
	}
	return definitions[0], nil
}

// ParseDefinitions reads several resource types that may share schemas:
//
//	{"resourceTypes": [{…}, …], "schemas": [{…}, …]}
//
// Errors are as for ParseSchema.
func ParseDefinitions(data []byte, o *DocumentOptions) ([]Definition, error) {
	return parseDefinitions(data, o, []keyword[document]{
		{"resourceTypes", func(r *documentReader, d *document) {
			r.list(func(i int) { d.readType(r, "/resourceTypes/"+strconv.Itoa(i)) })
		}},
		{"schemas", func(r *documentReader, d *document) { d.readSchemas(r) }},
	})
}

// UnmarshalJSON is ParseSchema without options.
func (s *Schema) UnmarshalJSON(data []byte) error {
	parsed, err := ParseSchema(data, nil)
	if err == nil {
		*s = *parsed
	}
	return err
}

// UnmarshalJSON is ParseDefinition without options.
func (d *Definition) UnmarshalJSON(data []byte) error {
	parsed, err := ParseDefinition(data, nil)
	if err == nil {
		*d = parsed
	}
	return err
}

// document is what a definition document holds, before names are followed.
type document struct {
	types   []typeDocument
	schemas []*Schema
}

// typeDocument is a resource type whose schemas are known by URI only.
type typeDocument struct {
	where string // pointer
	def   Definition
	base  string
	links []link
}

// link is an entry of schemaExtensions.
type link struct {
	uri      string
	required *bool
	nested   []link
}

func parseDefinitions(data []byte, o *DocumentOptions, keywords []keyword[document]) ([]Definition, error) {
	r := newDocumentReader(data, o)
	var d document
	readObject(r, &d, keywords)
	r.end()
	var definitions []Definition
	if !r.stopped {
		definitions = d.connect(r)
	}
	if len(definitions) == 0 && len(r.found) == 0 {
		r.addNew(problems{{Detail: "has no " + keywords[0].name}})
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return definitions, nil
}

func (d *document) readType(r *documentReader, where string) {
	t := typeDocument{where: where}
	readObject(r, &t, typeKeywords())
	d.types = append(d.types, t)
}

func (d *document) readSchemas(r *documentReader) {
	r.list(func(int) {
		s := &Schema{}
		r.schema(s)
		d.schemas = append(d.schemas, s)
	})
}

// connect replaces URIs by schemas and checks everything.
func (d *document) connect(r *documentReader) []Definition {
	c := connector{schemas: map[string]*Schema{}, used: map[*Schema]bool{}}
	for i, s := range d.schemas {
		where := "/schemas/" + strconv.Itoa(i)
		folded := strings.ToLower(s.ID)
		if c.schemas[folded] != nil {
			c.found.add(where+"/id", fmt.Sprintf("%s is the URI of another schema of the document", shorten(s.ID)))
			c.used[s] = true // one mistake is enough
		} else {
			c.schemas[folded] = s
		}
		c.found = append(c.found, s.check(where)...)
		c.found = append(c.found, missingAttributes(s, where)...)
	}
	for _, s := range r.known {
		if folded := strings.ToLower(s.ID); c.schemas[folded] == nil {
			c.schemas[folded] = s
		}
	}
	definitions := make([]Definition, len(d.types))
	for i, t := range d.types {
		t.def.Schema = c.find(t.where+"/schema", t.base)
		t.def.Extensions = c.extensions(t.where, t.links)
		c.found = append(c.found, t.def.check(t.where)...)
		definitions[i] = t.def
	}
	for i, s := range d.schemas {
		if !c.used[s] {
			c.found.add("/schemas/"+strconv.Itoa(i), "is used by no resource type of the document")
		}
	}
	r.addNew(c.found)
	return definitions
}

// missingAttributes reports a schema of a document that does not list its
// attributes. In Go, no attributes and an empty list are the same.
func missingAttributes(s *Schema, where string) (found problems) {
	if s.Attributes == nil {
		found.add(where+"/attributes", "is missing")
	}
	return found
}

// connector finds the schemas that resource types name.
type connector struct {
	found   problems
	schemas map[string]*Schema // by URI in lower case
	used    map[*Schema]bool
}

// find returns an empty schema if there is none, so that further checks can
// run.
func (c *connector) find(where, uri string) *Schema {
	s := c.schemas[strings.ToLower(uri)]
	switch {
	case uri == "":
		c.found.add(where, "is missing")
	case s == nil:
		c.found.add(where, fmt.Sprintf("%s is not among the schemas", shorten(uri)))
	default:
		c.used[s] = true
		return s
	}
	return &Schema{ID: uri}
}

func (c *connector) extensions(where string, links []link) []Extension {
	var extensions []Extension
	for i, l := range links {
		pointer := where + "/schemaExtensions/" + strconv.Itoa(i)
		if l.required == nil {
			c.found.add(pointer+"/required", "is missing")
			l.required = new(bool)
		}
		extensions = append(extensions, Extension{
			Schema: c.find(pointer+"/schema", l.uri), Required: *l.required, Extensions: c.extensions(pointer, l.nested),
		})
	}
	return extensions
}
