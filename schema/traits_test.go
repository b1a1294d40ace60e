package schema

import (
	"strings"
	"testing"
)

// TestFixedSubs: what of an element must not change, because its value says whose
// it is: not the value itself, and not what a reference derives from it.
func TestFixedSubs(t *testing.T) {
	value, kind, display := Attribute{Name: "value", Mutability: Immutable}, Attribute{Name: "kind", Mutability: Immutable}, Attribute{Name: "DISPLAY", Mutability: Immutable}
	ref, note := Attribute{Name: "$ref", Type: TypeReference, Mutability: Immutable, ReferenceTypes: []string{"User"}}, Attribute{Name: "note"}
	for want, subs := range map[string][]Attribute{
		"kind":         {value, kind, display, ref, note},
		"kind DISPLAY": {value, kind, display, note},
		"":             {kind, display, note},
	} {
		typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
			{Name: "c", Type: TypeComplex, MultiValued: true, SubAttributes: subs}}}}.MustCompile()
		var got []string
		for _, a := range typ.MustPath("c").a.fixed {
			got = append(got, a.def.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("got %q, want %s", got, want)
		}
	}
}

// TestPredefinedSubs have their meaning where they are one value of their type
// within a complex attribute, and nowhere else.
func TestPredefinedSubs(t *testing.T) {
	one := Attribute{Name: "one", Type: TypeComplex, SubAttributes: []Attribute{
		{Name: "value", MultiValued: true}, {Name: "type", Type: TypeInteger}, {Name: "primary"}, {Name: "$ref"}}}
	usual := []Attribute{{Name: "value"}, {Name: "type"}, {Name: "primary", Type: TypeBoolean}, {Name: "$ref", Type: TypeReference, ReferenceTypes: []string{"User"}}}
	typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{one, {Name: "two", Type: TypeComplex, SubAttributes: usual}}},
		Extensions: []Extension{{Schema: &Schema{ID: "urn:example:x", Attributes: usual}}}}.MustCompile()
	for text, want := range map[string]bool{"one": false, "two": true, "urn:example:x": false, "one.value": false} {
		a := typ.MustPath(text).a
		for name, sub := range map[string]*attr{"value": a.value, "type": a.typ, "primary": a.primary, "$ref": a.ref} {
			if (sub != nil) != want {
				t.Errorf("%s has the predefined %s: %v", text, name, sub != nil)
			}
		}
	}
}

// TestTargets: a reference with one possible type of resource has its location,
// whether it may be a URI as well or not; a URI has none.
func TestTargets(t *testing.T) {
	for _, c := range []struct{ types, want string }{
		{"User", `"c":[{"value":"1","$ref":"https://example.com/v2/Users/1"}]`}, {"User External", `"c":[{"value":"1","$ref":"https://example.com/v2/Users/1"}]`},
		{"uri User", `"c":[{"value":"1","$ref":"https://example.com/v2/Users/1"}]`}, {"external", `"c":[{"value":"1"}]`}, {"uri", `"c":[{"value":"1"}]`}, {"User Group", `"c":[{"value":"1"}]`},
	} {
		typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
			{Name: "c", Type: TypeComplex, MultiValued: true, SubAttributes: []Attribute{
				{Name: "value"}, {Name: "$ref", Type: TypeReference, ReferenceTypes: strings.Fields(c.types)}}}}}}.MustCompile()
		out, err := mustDecode(t, typ, `{"c":[{"value":"1"}]}`).AppendJSON(nil, &Encoding{Location: located})
		if want := `{"schemas":["urn:example:t"],` + c.want + `}`; err != nil || string(out) != want {
			t.Errorf("%s: %s, %v", c.types, out, err)
		}
	}
}
