package store

import "github.com/muster-scim/muster/schema"

// Links are the paths of one attribute whose values are other resources, at
// either end of a Relation. Type, Display and Ref are the zero Path where the
// schema does not have them.
type Links struct {
	List    schema.Path // the attribute itself
	Value   schema.Path // its "value", the id
	Type    schema.Path // its "type"
	Display schema.Path // its "display"
	Ref     schema.Path // its "$ref"
}

// LinksOf finds the attribute with the given name in t. It reports false if
// there is none, or if it is not a list with a "value".
func LinksOf(t *schema.ResourceType, attribute string) (Links, bool) {
	list, err := t.Path(attribute)
	if attribute == "" || err != nil || !list.MultiValued() {
		return Links{}, false
	}
	l := Links{List: list}
	var ok bool
	l.Value, ok = list.Sub("value")
	l.Type, _ = list.Sub("type")
	l.Display, _ = list.Sub("display")
	l.Ref, _ = list.Sub("$ref")
	return l, ok
}

// ID returns the id that an element names.
func (l Links) ID(element schema.Value) schema.ID { return schema.ID(element.Get(l.Value).Text()) }

// Hint returns the type that an element names, or "".
func (l Links) Hint(element schema.Value) string { return element.Get(l.Type).Text() }

// Element makes an element. Whatever is "" or not in the schema is left out.
func (l Links) Element(id schema.ID, label, display string) schema.Value {
	fields := make([]schema.Field, 0, 3)
	for _, f := range [...]struct {
		path schema.Path
		text string
	}{{l.Value, string(id)}, {l.Type, label}, {l.Display, display}} {
		if !f.path.IsZero() && f.text != "" {
			fields = append(fields, schema.Field{Path: f.path, Value: schema.String(f.text)})
		}
	}
	return schema.Complex(fields...)
}

// Holds reports whether p is the list or lies in it.
func (l Links) Holds(p schema.Path) bool { return l.List.Contains(p) }
