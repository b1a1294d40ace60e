package schema

import (
	"slices"
	"strings"
)

// Compile checks the definition and turns it into a ResourceType. It copies
// what it needs: later changes to d have no effect. The error lists every
// mistake (see DefinitionError).
func (d Definition) Compile() (*ResourceType, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	d = d.clone()
	t := &ResourceType{def: d}
	c := compiler{owner: t}
	t.root = &attr{owner: t, kind: KindComplex, def: &Attribute{Type: TypeComplex}}
	c.addAll(t.root, completed(commonAttributes(), nil), true)
	c.addAll(t.root, d.Schema.Attributes, false)
	for _, e := range d.Extensions {
		c.addExtension(t.root, e)
	}
	finish(t.root)
	t.bindCommon()
	if err := t.checkPaths(); err != nil {
		return nil, err
	}
	t.bindTraits()
	return t, nil
}

// MustCompile is Compile for definitions that are part of the program; it
// panics if there is a mistake.
func (d Definition) MustCompile() *ResourceType {
	t, err := d.Compile()
	if err != nil {
		panic(err)
	}
	return t
}

// compiler builds the attr tree of one type.
type compiler struct {
	owner *ResourceType
}

func (c compiler) addAll(parent *attr, defs []Attribute, common bool) {
	for i := range defs {
		if !common && parent == c.owner.root && isCommonName(defs[i].Name) {
			continue // RFC 7643 §3.1: the common characteristics win
		}
		c.add(parent, defs[i], common)
	}
}

func (c compiler) add(parent *attr, def Attribute, common bool) {
	a := &attr{
		owner: c.owner, def: &def, parent: topLevel(parent), kind: kinds[def.Type],
		index: uint16(len(parent.subs)), urn: parent.urn, common: common,
		inList: parent.inList || parent.def.MultiValued,
	}
	a.canonical = canonicalPath(parent, def.Name)
	parent.subs = append(parent.subs, a)
	for _, sub := range def.SubAttributes {
		c.add(a, sub, common)
	}
}

func (c compiler) addExtension(root *attr, e Extension) {
	def := e.container()
	a := &attr{
		owner: c.owner, def: &def, kind: KindComplex, index: uint16(len(root.subs)),
		urn: e.Schema.ID, canonical: e.Schema.ID, container: true,
	}
	root.subs = append(root.subs, a)
	for _, sub := range def.SubAttributes {
		c.add(a, sub, false)
	}
	for _, nested := range e.Extensions {
		c.add(a, nested.container(), false)
	}
}

// container returns the complex attribute that holds the data of e inside
// another extension.
func (e Extension) container() Attribute {
	def := Attribute{Name: e.Schema.ID, Type: TypeComplex, Required: e.Required, Description: e.Schema.Description}
	def = def.withDefaults(nil)
	def.SubAttributes = slices.DeleteFunc(slices.Clone(e.Schema.Attributes), func(a Attribute) bool { return isCommonName(a.Name) })
	return def
}

// finish builds the name tables, once all children are known.
func finish(a *attr) {
	a.names = newNameTable(a.subs)
	for _, sub := range a.subs {
		finish(sub)
	}
}

// topLevel hides the root, so that the parent of a top-level Path is the zero Path.
func topLevel(a *attr) *attr {
	if a.canonical == "" {
		return nil
	}
	return a
}

func canonicalPath(parent *attr, name string) string {
	switch {
	case parent.canonical == "":
		return name
	case strings.Contains(parent.def.Name, ":"): // an extension
		return parent.canonical + ":" + name
	default:
		return parent.canonical + "." + name
	}
}

func (t *ResourceType) bindCommon() {
	t.schemas, t.id = t.root.names.find("schemas"), t.root.names.find("id")
	t.externalID, t.meta = t.root.names.find("externalId"), t.root.names.find("meta")
	t.metaType, t.location = t.meta.names.find("resourceType"), t.meta.names.find("location")
	t.created, t.modified = t.meta.names.find("created"), t.meta.names.find("lastModified")
	t.version = t.meta.names.find("version")
	for _, a := range t.root.subs {
		if a.container {
			t.byURN = append(t.byURN, a)
			t.attributes = append(t.attributes, a.subs...)
		} else {
			t.attributes = append(t.attributes, a)
		}
	}
}

var kinds = map[Type]Kind{
	TypeString: KindString, TypeBoolean: KindBoolean, TypeDecimal: KindDecimal, TypeInteger: KindInteger,
	TypeDateTime: KindDateTime, TypeBinary: KindBinary, TypeReference: KindReference, TypeComplex: KindComplex,
}

// clone returns a deep copy with every default filled in.
func (d Definition) clone() Definition {
	d.ID = orDefault(d.ID, d.Name)
	d.Schema = d.Schema.clone()
	d.Extensions = cloneExtensions(d.Extensions)
	return d
}

func cloneExtensions(extensions []Extension) []Extension {
	extensions = slices.Clone(extensions)
	for i, e := range extensions {
		extensions[i].Schema = e.Schema.clone()
		extensions[i].Extensions = cloneExtensions(e.Extensions)
	}
	return extensions
}

func (s *Schema) clone() *Schema {
	return &Schema{ID: s.ID, Name: s.Name, Description: s.Description, Attributes: completed(s.Attributes, nil)}
}
