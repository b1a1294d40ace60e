package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// maxNesting is the depth of sub-attributes up to which a definition is looked
// at: one more than the schema of schemas has.
const maxNesting = 4

// maxAttributes is the number of attributes of one resource or complex
// attribute that a value can hold.
const maxAttributes = 65535

func (d Definition) validate() error {
	found := d.check("/resourceType")
	checked := map[*Schema]bool{}
	for i, s := range d.schemas() {
		if !checked[s] {
			found = append(found, s.check("/schemas/"+strconv.Itoa(i))...)
			checked[s] = true
		}
	}
	return found.err()
}

// check returns the mistakes in the resource type itself; where points to it.
func (d Definition) check(where string) problems {
	var found problems
	found.apply(&d, where)
	if d.Schema == nil {
		found.add(where+"/schema", "is missing")
		return found
	}
	links := linkChecker{found: &found, owner: map[string]string{}}
	links.claim(where+"/schema", d.Schema.ID, "the base schema")
	links.extensions(where, d.Extensions, false)
	if n := len(commonAttributes()) + len(d.Schema.Attributes) + len(d.Extensions); n > maxAttributes {
		found.add(where, fmt.Sprintf("has %d attributes and extensions, more than %d", n, maxAttributes))
	}
	return found
}

// check returns the mistakes in s itself.
func (s *Schema) check(where string) problems {
	var found problems
	if deeper(s.Attributes, maxNesting) {
		found.add(where+"/attributes", "has sub-attributes nested too deeply")
		return found
	}
	found.apply(s, where)
	return found
}

// deeper reports whether attrs have sub-attributes below the given depth.
func deeper(attrs []Attribute, depth int) bool {
	for i := range attrs {
		if subs := attrs[i].SubAttributes; len(subs) > 0 && (depth <= 1 || deeper(subs, depth-1)) {
			return true
		}
	}
	return false
}

// linkChecker checks how a resource type uses its schemas.
type linkChecker struct {
	found *problems
	owner map[string]string // what uses a URI, by URI in lower case
}

func (c linkChecker) claim(pointer, uri, user string) {
	folded := strings.ToLower(uri)
	if other, twice := c.owner[folded]; twice {
		c.found.add(pointer, fmt.Sprintf("%s is the URI of %s already", shorten(uri), other))
		return
	}
	c.owner[folded] = user
}

func (c linkChecker) extensions(where string, extensions []Extension, nested bool) {
	for i, e := range extensions {
		pointer := where + "/schemaExtensions/" + strconv.Itoa(i)
		if e.Schema == nil {
			c.found.add(pointer+"/schema", "is missing")
			continue
		}
		c.claim(pointer+"/schema", e.Schema.ID, "another extension")
		c.identifiers(pointer+"/schema", e.Schema)
		if nested && len(e.Extensions) > 0 {
			c.found.add(pointer+"/schemaExtensions", "an extension inside an extension has no extensions of its own")
			continue
		}
		c.extensions(pointer, e.Extensions, true)
	}
}

// identifiers reports an extension that has an "id" or "externalId" of its
// own: every resource has them once, at the top (RFC 7643 §3.1).
func (c linkChecker) identifiers(pointer string, s *Schema) {
	for _, a := range s.Attributes {
		if strings.EqualFold(a.Name, "id") || strings.EqualFold(a.Name, "externalId") {
			c.found.add(pointer, fmt.Sprintf("%s has an attribute %q, which is a common attribute of every resource (RFC 7643 §3.1)", shorten(s.ID), a.Name))
		}
	}
}

// checkPaths reports attributes that their own path does not lead to, because
// the URI of an extension reads like the path of an attribute of another
// schema.
func (t *ResourceType) checkPaths() error {
	var found problems
	for p := range t.AllPaths() {
		if other := t.resolve(p.String()); other != p.a {
			found.add("/schemas", fmt.Sprintf("the path %s is an attribute and the URI of an extension", p))
		}
	}
	return found.err()
}
