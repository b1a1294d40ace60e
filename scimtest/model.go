package scimtest

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// model is what a server says about itself; the RFC cases are built from it.
type model struct {
	config  object // ServiceProviderConfig; nil when it could not be read
	schemas map[string]object
	types   []*resType
}

var urnPattern = regexp.MustCompile(`urn:[^\s,;]+`)

// lacks returns the first schema named in a text that the server does not list,
// or "". A server that lists none at all may have any.
func (m *model) lacks(text string) string {
	for _, urn := range urnPattern.FindAllString(text, -1) {
		if _, ok := m.schemas[strings.ToLower(urn)]; !ok && len(m.schemas) > 0 {
			return urn
		}
	}
	return ""
}

// resType is a resource type with its attributes, extensions included.
type resType struct {
	name, endpoint, schema string
	extensions             []extension
	attrs                  []*attr
}

type extension struct {
	urn      string
	required bool
}

// attr is one attribute of a resource type. Absent characteristics have the
// defaults of RFC 7643 §2.2.
type attr struct {
	name       string
	urn        string // of the extension that defines it; empty for core attributes
	parent     *attr
	typ        string
	multi      bool
	required   bool
	caseExact  bool
	mutability string
	returned   string
	uniqueness string
	canonical  []string
	refTypes   []string
	subs       []*attr
}

// path is the attribute in the notation of RFC 7644 §3.10.
func (a *attr) path() string {
	switch {
	case a.parent != nil:
		return a.parent.path() + "." + a.name
	case a.urn != "":
		return a.urn + ":" + a.name
	}
	return a.name
}

// pointer is the place of the attribute in a representation.
func (a *attr) pointer() string {
	switch {
	case a.parent != nil:
		return a.parent.pointer() + "/" + a.name
	case a.urn != "":
		return "/" + a.urn + "/" + a.name
	}
	return "/" + a.name
}

// sub returns the sub-attribute of that name, or nil.
func (a *attr) sub(name string) *attr {
	for _, s := range a.subs {
		if strings.EqualFold(s.name, name) {
			return s
		}
	}
	return nil
}

func (a *attr) writable() bool { return a.mutability == "readWrite" }

// plainText reports whether a is a single, writable, returned string.
func (a *attr) plainText() bool {
	return a.typ == "string" && !a.multi && a.writable() && a.returned != "never" && a.returned != "request" && len(a.canonical) == 0
}

// discover reads the three discovery endpoints. What cannot be read is left
// out; without any usable resource type the core ones of RFC 7643 are assumed.
func (s *session) discover(ctx context.Context) *model {
	m := &model{}
	m.config, _ = s.fetch(ctx, "/ServiceProviderConfig").(object)
	m.schemas = map[string]object{}
	for _, doc := range resourcesOf(s.fetch(ctx, "/Schemas")) {
		m.schemas[strings.ToLower(textAt(doc, "id"))] = doc
	}
	for _, doc := range resourcesOf(s.fetch(ctx, "/ResourceTypes")) {
		if t := newResType(doc, m.schemas, s.wire.base); t != nil {
			m.types = append(m.types, t)
		}
	}
	if len(m.types) == 0 {
		m.types = coreTypes()
	}
	return m
}

func (s *session) fetch(ctx context.Context, target string) any {
	e := s.wire.send(ctx, message{http.MethodGet, target, s.header, nil})
	if e.Status != http.StatusOK {
		return nil
	}
	v, _ := decodeJSON(e.raw)
	return v
}

// resourcesOf returns the objects in a ListResponse.
func resourcesOf(list any) []object {
	all, _ := member(list, "Resources").([]any)
	var out []object
	for _, v := range all {
		if o, ok := v.(object); ok {
			out = append(out, o)
		}
	}
	return out
}

func newResType(doc object, schemas map[string]object, base *url.URL) *resType {
	t := &resType{name: textAt(doc, "name"), endpoint: relative(textAt(doc, "endpoint"), base), schema: textAt(doc, "schema")}
	core, ok := schemas[strings.ToLower(t.schema)]
	if !ok || t.endpoint == "" {
		return nil
	}
	t.attrs = newAttrs(core, "", nil)
	list, _ := doc["schemaExtensions"].([]any)
	for _, v := range list {
		urn := textAt(v, "schema")
		t.extensions = append(t.extensions, extension{urn, member(v, "required") == true})
		t.attrs = append(t.attrs, newAttrs(schemas[strings.ToLower(urn)], urn, nil)...)
	}
	return t
}

// relative turns an endpoint, which may be an absolute URL, into a path below
// the base URL.
func relative(endpoint string, base *url.URL) string {
	rest, ok := strings.CutPrefix(endpoint, base.String())
	if !ok && strings.Contains(endpoint, "://") {
		return ""
	}
	if rest != "" && !strings.HasPrefix(rest, "/") {
		rest = "/" + rest
	}
	return strings.TrimRight(rest, "/")
}

func newAttrs(doc object, urn string, parent *attr) []*attr {
	list, ok := doc["attributes"].([]any)
	if parent != nil {
		list, ok = doc["subAttributes"].([]any)
	}
	var out []*attr
	for _, v := range list {
		o, _ := v.(object)
		if name := textAt(o, "name"); ok && name != "" && !(parent == nil && common(name)) {
			out = append(out, newAttr(o, name, urn, parent))
		}
	}
	return out
}

// common reports whether a schema lists one of the attributes of RFC 7643 §3.1,
// which are there whatever it says.
func common(name string) bool {
	switch strings.ToLower(name) {
	case "id", "externalid", "meta", "schemas":
		return true
	}
	return false
}

func newAttr(o object, name, urn string, parent *attr) *attr {
	a := &attr{
		name: name, urn: urn, parent: parent,
		typ:        cmp.Or(textAt(o, "type"), "string"),
		multi:      o["multiValued"] == true,
		required:   o["required"] == true,
		caseExact:  o["caseExact"] == true,
		mutability: cmp.Or(textAt(o, "mutability"), "readWrite"),
		returned:   cmp.Or(textAt(o, "returned"), "default"),
		uniqueness: cmp.Or(textAt(o, "uniqueness"), "none"),
		canonical:  texts(o["canonicalValues"]),
		refTypes:   texts(o["referenceTypes"]),
	}
	a.subs = newAttrs(o, urn, a)
	return a
}

// supports reports whether ServiceProviderConfig announces a feature. A server
// without a readable configuration is asked for everything.
func (m *model) supports(feature string) bool {
	switch feature {
	case "":
		return true
	case "cursor":
		return member(m.config["pagination"], "cursor") == true
	case "async":
		return asksLater(member(m.config["securityEvents"], "asyncRequest"))
	case "index":
		return m.config["pagination"] == nil || member(m.config["pagination"], "index") != false
	}
	return m.config == nil || member(m.config[feature], "supported") == true
}

// limit returns an integer of a feature's configuration, or other.
func (m *model) limit(feature, name string, other int) int {
	n, ok := member(m.config[feature], name).(json.Number)
	i, err := strconv.Atoi(string(n))
	if !ok || err != nil || i <= 0 {
		return other
	}
	return i
}

// typeNamed returns a resource type, or nil.
func (m *model) typeNamed(name string) *resType {
	for _, t := range m.types {
		if strings.EqualFold(t.name, name) {
			return t
		}
	}
	return nil
}
