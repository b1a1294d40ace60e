package schema

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// badge is a correct definition that the tests damage.
func badge() Definition {
	return Definition{
		Name: "Badge", Endpoint: "/Badges", Description: "Access badge",
		Schema: &Schema{ID: "urn:example:scim:2.0:Badge", Name: "Badge", Attributes: []Attribute{
			{Name: "serial", Required: true, CaseExact: true, Mutability: Immutable, Uniqueness: UniquenessServer},
			{Name: "doors", Type: TypeComplex, MultiValued: true, SubAttributes: []Attribute{
				{Name: "value", CaseExact: true},
				{Name: "display"},
				{Name: "$ref", Type: TypeReference, ReferenceTypes: []string{"Door"}},
				{Name: "primary", Type: TypeBoolean},
			}},
			{Name: "pin", Mutability: WriteOnly},
		}},
		Extensions: []Extension{
			{Schema: &Schema{ID: "urn:example:scim:2.0:Photo", Attributes: []Attribute{{Name: "image", Type: TypeBinary}}}},
		},
	}
}

func checkProblems(t *testing.T, err error, want []string) {
	t.Helper()
	if len(want) == 0 && err == nil {
		return
	}
	var de *DefinitionError
	if !errors.As(err, &de) || !errors.Is(err, ErrDefinition) {
		t.Fatalf("error %v, want a DefinitionError", err)
	}
	var got []string
	for _, p := range de.Problems {
		got = append(got, p.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

var badDefinitions = []struct {
	name   string // begins with the requirement where there is one
	damage func(d *Definition)
	want   []string
}{
	{"nothing", func(d *Definition) {}, nil},
	{"empty", func(d *Definition) { *d = Definition{} }, []string{
		`/resourceType/name: is not a name: a letter, then letters, digits, ".", "-" and "_"`,
		`/resourceType/endpoint: is not an endpoint: "/" and one path segment, as in "/Users"`,
		`/resourceType/schema: is missing`,
	}},
	{"7643-6-06 endpoint", func(d *Definition) { d.Endpoint = "/Badges/" }, []string{
		`/resourceType/endpoint: "/Badges/" is not an endpoint: "/" and one path segment, as in "/Users"`,
	}},
	{"endpoint ..", func(d *Definition) { d.Endpoint = "/.." }, []string{
		`/resourceType/endpoint: "/.." is not an endpoint: "/" and one path segment, as in "/Users"`,
	}},
	{"7643-2.1-02 AMB-03 name", func(d *Definition) {
		d.Schema.Attributes[0].Name = "2nd"
		d.Schema.Attributes[1].SubAttributes[0].Name = "a.b"
		d.Schema.Attributes[2].Name = "$"
	}, []string{
		`/schemas/0/attributes/0/name: "2nd" is not an attribute name: a letter or "$", then letters, digits, "$", "-" and "_"`,
		`/schemas/0/attributes/1/subAttributes/0/name: "a.b" is not an attribute name: a letter or "$", then letters, digits, "$", "-" and "_"`,
		`/schemas/0/attributes/2/name: "$" is not an attribute name: a letter or "$", then letters, digits, "$", "-" and "_"`,
	}},
	{"name twice", func(d *Definition) {
		d.Schema.Attributes[2].Name = "SERIAL"
		d.Schema.Attributes[1].SubAttributes[1].Name = "Value"
	}, []string{
		`/schemas/0/attributes/1/subAttributes/1/name: "Value" is the name of another attribute, value`,
		`/schemas/0/attributes/2/name: "SERIAL" is the name of another attribute, serial`,
	}},
	{"7643-1.2-01 sub-attributes of a simple attribute", func(d *Definition) {
		d.Schema.Attributes[0].SubAttributes = []Attribute{{Name: "x"}}
	}, []string{`/schemas/0/attributes/0/subAttributes: is for complex attributes only`}},
	{"7643-7-10 complex without sub-attributes", func(d *Definition) {
		d.Schema.Attributes[1].SubAttributes = nil
	}, []string{`/schemas/0/attributes/1/subAttributes: is missing: a complex attribute has sub-attributes`}},
	{"7643-2.3.8-02 7643-7-11 complex in complex", func(d *Definition) {
		d.Schema.Attributes[1].SubAttributes[1] = Attribute{Name: "site", Type: TypeComplex, SubAttributes: []Attribute{{Name: "x"}}}
	}, []string{`/schemas/0/attributes/1/subAttributes/1/type: is complex inside a complex attribute (RFC 7643 §2.3.8)`}},
	{"7643-2.3-01 7643-7-09 unknown type", func(d *Definition) { d.Schema.Attributes[0].Type = "bool" }, []string{
		`/schemas/0/attributes/0/type: "bool" is none of string boolean decimal integer dateTime binary reference complex`,
	}},
	{"unknown characteristics", func(d *Definition) {
		a := &d.Schema.Attributes[0]
		a.Mutability, a.Returned, a.Uniqueness = "write", "maybe", "Manufacturer"
	}, []string{
		`/schemas/0/attributes/0/mutability: "write" is none of readWrite readOnly immutable writeOnly`,
		`/schemas/0/attributes/0/returned: "maybe" is none of default always never request`,
		`/schemas/0/attributes/0/uniqueness: "Manufacturer" is none of none server global`,
	}},
	{"7643-2.3.8-03 case and uniqueness of complex", func(d *Definition) {
		d.Schema.Attributes[1].CaseExact, d.Schema.Attributes[1].Uniqueness = true, UniquenessServer
	}, []string{
		`/schemas/0/attributes/1/caseExact: has no meaning for type complex`,
		`/schemas/0/attributes/1/uniqueness: has no meaning for type complex`,
	}},
	{"7643-2.3.5-03 case and uniqueness of dateTime", func(d *Definition) {
		a := &d.Schema.Attributes[0]
		a.Type, a.Mutability = TypeDateTime, Immutable
	}, []string{
		`/schemas/0/attributes/0/caseExact: has no meaning for type dateTime`,
		`/schemas/0/attributes/0/uniqueness: has no meaning for type dateTime`,
	}},
	{"7643-2.3.6-04 7643-3.3-04 uniqueness of binary", func(d *Definition) {
		d.Extensions[0].Schema.Attributes[0].Uniqueness = UniquenessGlobal
	}, []string{`/schemas/1/attributes/0/uniqueness: has no meaning for type binary`}},
	{"7643-2.3.7-06 7643-7-31 referenceTypes", func(d *Definition) {
		d.Schema.Attributes[0].ReferenceTypes = []string{"User"}
		d.Schema.Attributes[1].SubAttributes[2].ReferenceTypes = nil
	}, []string{
		`/schemas/0/attributes/0/referenceTypes: is for references only`,
		`/schemas/0/attributes/1/subAttributes/2/referenceTypes: is missing: a reference names resource types, "external" or "uri" (RFC 7643 §7)`,
	}},
	{"referenceTypes entries", func(d *Definition) {
		d.Schema.Attributes[1].SubAttributes[2].ReferenceTypes = []string{"a b"}
	}, []string{
		`/schemas/0/attributes/1/subAttributes/2/referenceTypes/0: "a b" is not a name: a letter, then letters, digits, ".", "-" and "_"`,
	}},
	{"canonicalValues", func(d *Definition) {
		d.Schema.Attributes[0].CanonicalValues = []string{"a", "A", "", "a"}
		d.Schema.Attributes[1].SubAttributes[3].CanonicalValues = []string{"true"}
		d.Schema.Attributes[2].CanonicalValues = []string{"a", "A"}
	}, []string{
		`/schemas/0/attributes/0/canonicalValues/2: is empty`,
		`/schemas/0/attributes/0/canonicalValues: has "a" twice`,
		`/schemas/0/attributes/1/subAttributes/3/canonicalValues: is for strings and references, not for type boolean`,
		`/schemas/0/attributes/2/canonicalValues: has "A" twice`,
	}},
	{"writeOnly returned", func(d *Definition) { d.Schema.Attributes[2].Returned = ReturnedDefault }, []string{
		`/schemas/0/attributes/2/returned: must be never, because the attribute is writeOnly`,
	}},
	{"7643-2.4-03 predefined sub-attributes", func(d *Definition) {
		subs := d.Schema.Attributes[1].SubAttributes
		subs[1].MultiValued = true
		subs[2] = Attribute{Name: "$REF"}
		subs[3].Type = TypeString
	}, []string{
		`/schemas/0/attributes/1/subAttributes/1/multiValued: must be single-valued, because the meaning of this sub-attribute is fixed (RFC 7643 §2.4)`,
		`/schemas/0/attributes/1/subAttributes/2/type: must be reference, because the meaning of this sub-attribute is fixed (RFC 7643 §2.4)`,
		`/schemas/0/attributes/1/subAttributes/3/type: must be boolean, because the meaning of this sub-attribute is fixed (RFC 7643 §2.4)`,
	}},
	{"7643-3.1-03 common names", func(d *Definition) {
		d.Schema.Attributes[0].Name = "META"
		d.Extensions[0].Schema.Attributes[0] = Attribute{Name: "id"}
	}, []string{
		`/resourceType/schemaExtensions/0/schema: urn:example:scim:2.0:Photo has an attribute "id", which is a common attribute of every resource (RFC 7643 §3.1)`,
		`/schemas/0/attributes/0/name: "META" is a common attribute of every resource and cannot be another one (RFC 7643 §3.1)`,
	}},
	{"7643-7-06 7643-10.2-01 schema URI", func(d *Definition) {
		d.Schema.ID = "urn:ietf:params:scim:api:messages:2.0:Badge"
		d.Extensions[0].Schema.ID = "Photo"
	}, []string{
		`/schemas/0/id: "urn:ietf:params:scim:api:messages:2.0:Badge" is not the URI of a schema, as in "urn:example:scim:2.0:Badge"`,
		`/schemas/1/id: "Photo" is not the URI of a schema, as in "urn:example:scim:2.0:Badge"`,
	}},
	{"extensions that clash", func(d *Definition) {
		again := Extension{Schema: &Schema{ID: "URN:EXAMPLE:SCIM:2.0:PHOTO"}}
		d.Extensions = append(d.Extensions, again, Extension{Schema: d.Schema}, Extension{})
	}, []string{
		`/resourceType/schemaExtensions/1/schema: URN:EXAMPLE:SCIM:2.0:PHOTO is the URI of another extension already`,
		`/resourceType/schemaExtensions/2/schema: urn:example:scim:2.0:Badge is the URI of the base schema already`,
		`/resourceType/schemaExtensions/3/schema: is missing`,
	}},
	{"sub-attributes below sub-attributes below sub-attributes", func(d *Definition) {
		subs := []Attribute{{Name: "a"}}
		for range 4 {
			subs = []Attribute{{Name: "c", Type: TypeComplex, SubAttributes: subs}}
		}
		d.Schema.Attributes = subs
	}, []string{`/schemas/0/attributes: has sub-attributes nested too deeply`}},
	{"three of one URI", func(d *Definition) {
		again := Extension{Schema: &Schema{ID: d.Schema.ID}}
		d.Extensions = append(d.Extensions, again, again)
	}, []string{
		`/resourceType/schemaExtensions/1/schema: urn:example:scim:2.0:Badge is the URI of the base schema already`,
		`/resourceType/schemaExtensions/2/schema: urn:example:scim:2.0:Badge is the URI of the base schema already`,
	}},
	{"a mistake in a schema that is used twice", func(d *Definition) {
		d.Schema.Attributes[0].Name = "2nd"
		d.Extensions = append(d.Extensions, Extension{Schema: d.Schema})
	}, []string{
		`/resourceType/schemaExtensions/1/schema: urn:example:scim:2.0:Badge is the URI of the base schema already`,
		`/schemas/0/attributes/0/name: "2nd" is not an attribute name: a letter or "$", then letters, digits, "$", "-" and "_"`,
	}},
	{"extension that reads like a path", func(d *Definition) {
		d.Extensions = append(d.Extensions, Extension{Schema: &Schema{ID: "urn:example:scim:2.0:Photo:image"}})
	}, []string{`/schemas: the path urn:example:scim:2.0:Photo:image is an attribute and the URI of an extension`}},
	{"AMB-71 nesting has one level", func(d *Definition) {
		inner := Extension{Schema: &Schema{ID: "urn:example:c"}}
		d.Extensions[0].Extensions = []Extension{{Schema: &Schema{ID: "urn:example:b"}, Extensions: []Extension{inner}}}
	}, []string{
		`/resourceType/schemaExtensions/0/schemaExtensions/0/schemaExtensions: an extension inside an extension has no extensions of its own`,
	}},
	{"not UTF-8", func(d *Definition) { d.Description = "\xff" }, []string{
		"/resourceType/description: \"\\xff\" is not UTF-8",
	}},
	{"more attributes than a value can hold", func(d *Definition) {
		attrs := make([]Attribute, 65536)
		for i := range attrs {
			attrs[i].Name = "a" + strconv.Itoa(i)
		}
		d.Schema.Attributes[1] = Attribute{Name: "many", Type: TypeComplex, SubAttributes: attrs}
	}, []string{`/schemas/0/attributes/1/subAttributes: has more than 65535 entries`}},
}

func TestDefinitionMistakes(t *testing.T) {
	for _, test := range badDefinitions {
		t.Run(test.name, func(t *testing.T) {
			d := badge()
			test.damage(&d)
			_, err := d.Compile()
			checkProblems(t, err, test.want)
		})
	}
}

// TestDeeper: sub-attributes are nested as deep as the limit, or deeper.
func TestDeeper(t *testing.T) {
	var attrs []Attribute
	for depth := range 6 {
		for limit := 1; limit < 7; limit++ {
			if got := deeper(append([]Attribute{{Name: "a"}}, attrs...), limit); got != (depth > limit) {
				t.Errorf("%d levels are deeper than %d: %v", depth, limit, got)
			}
		}
		attrs = []Attribute{{Name: "b"}, {Name: "c", SubAttributes: attrs}}
	}
}

// TestMaxAttributes counts the common attributes, those of the schema and the
// extensions.
func TestMaxAttributes(t *testing.T) {
	d := badge()
	d.Schema.Attributes = make([]Attribute, maxAttributes-len(commonAttributes())-1)
	for extra, want := range []string{"", "/t: has 65536 attributes and extensions, more than 65535"} {
		d.Schema.Attributes = append(d.Schema.Attributes, make([]Attribute, extra)...)
		texts := []string{}
		for _, p := range d.check("/t") {
			texts = append(texts, p.String())
		}
		if got := strings.Join(texts, ", "); got != want {
			t.Errorf("%d attributes: %.300s", len(d.Schema.Attributes), got)
		}
	}
}

// A slice can contain itself; that must not run out of stack.
func TestDefinitionCycles(t *testing.T) {
	d := badge()
	attrs := []Attribute{{Name: "loop", Type: TypeComplex}}
	attrs[0].SubAttributes = attrs
	d.Schema.Attributes = attrs
	extensions := []Extension{{Schema: &Schema{ID: "urn:example:x"}}}
	extensions[0].Extensions = extensions
	d.Extensions = extensions
	if _, err := d.Compile(); !errors.Is(err, ErrDefinition) {
		t.Errorf("error %v", err)
	}
}

func TestDefaults(t *testing.T) {
	typ := badge().MustCompile()
	for _, test := range []struct{ name, path, want string }{
		{"7643-2.2-01", "pin", "string false writeOnly never none"},
		{"7643-2.2-01", "doors.value", "string true readWrite default none"},
		{"7643-2.4-06", "doors.display", "string false immutable default none"},
		{"7643-2.3.7-05", "doors.$ref", "reference true readWrite default none"},
		{"7643-2.3.6-04", "urn:example:scim:2.0:Photo:image", "binary true readWrite default none"},
	} {
		p := typ.MustPath(test.path)
		exact := "false"
		if p.CaseExact() {
			exact = "true"
		}
		got := strings.Join([]string{string(p.Type()), exact, string(p.Mutability()), string(p.Returned()), string(p.Uniqueness())}, " ")
		if got != test.want {
			t.Errorf("%s: %s is %s, want %s", test.name, test.path, got, test.want)
		}
	}
}

// TestCompileCopies: a definition and the type that is made from it have nothing
// in common that can change.
func TestCompileCopies(t *testing.T) {
	d := badge()
	pin := &d.Schema.Attributes[2]
	pin.CanonicalValues = []string{"0000"}
	d.Extensions[0].Schema.Attributes[0] = Attribute{Name: "of", Type: TypeReference, ReferenceTypes: []string{"User"}}
	photo := d.Extensions[0].Schema
	typ := d.MustCompile()
	if d.Extensions[0].Schema != photo || pin.Mutability != WriteOnly || pin.Type != "" || photo.Attributes[0].CaseExact {
		t.Errorf("Compile changed the definition: %+v, %+v", pin, photo)
	}
	pin.CanonicalValues[0], pin.Name = "1", "secret"
	photo.Attributes[0].ReferenceTypes[0] = "Group"
	d.Extensions[0] = Extension{Schema: &Schema{ID: "urn:example:other"}}
	if got := typ.MustPath("pin").Attribute().CanonicalValues; !slices.Equal(got, []string{"0000"}) {
		t.Errorf("the canonical values became %v", got)
	}
	if got := typ.MustPath("urn:example:scim:2.0:Photo:of").Attribute().ReferenceTypes; !slices.Equal(got, []string{"User"}) {
		t.Errorf("the reference types became %v", got)
	}
}

// AMB-71: the data of an extension can lie inside another extension.
func TestNestedExtensions(t *testing.T) {
	const id = "AMB-71"
	d := badge()
	inner := &Schema{ID: "urn:example:scim:2.0:Exif", Attributes: []Attribute{
		{Name: "camera", Type: TypeComplex, SubAttributes: []Attribute{{Name: "maker"}}},
	}}
	d.Extensions[0].Extensions = []Extension{{Schema: inner}}
	typ := d.MustCompile()
	maker := typ.MustPath("urn:example:scim:2.0:photo:URN:example:scim:2.0:Exif:camera.MAKER")
	if want := "urn:example:scim:2.0:Photo:urn:example:scim:2.0:Exif:camera.maker"; maker.String() != want {
		t.Errorf("%s: path %s, want %s", id, maker, want)
	}
	if got := maker.Extension(); got != "urn:example:scim:2.0:Photo" {
		t.Errorf("belongs to %s", got)
	}
	container := maker.Parent().Parent()
	if container.Required() || container.Mutability() != ReadWrite || container.Returned() != ReturnedDefault || container.Uniqueness() != UniquenessNone || maker.IsCommon() {
		t.Errorf("the characteristics of %s are not the default ones", container)
	}
	b := typ.New()
	if err := b.Set(maker, String("x")); err != nil {
		t.Fatal(err)
	}
	r := b.Resource()
	if got := r.Get(maker).Text(); got != "x" {
		t.Errorf("value %q", got)
	}
	if got := slices.Collect(r.Schemas()); !slices.Equal(got, []string{d.Schema.ID, "urn:example:scim:2.0:Photo"}) {
		t.Errorf("schemas %v", got)
	}
	body := `{"urn:example:scim:2.0:Photo":{"urn:old":{"camera":{"maker":"x"}}}}`
	old, _, err := typ.Decode([]byte(body), &DecodeOptions{URNAliases: map[string]string{"urn:old": inner.ID}})
	if err != nil || !old.Equal(r) {
		t.Errorf("A8 under an old URN: %v, %v", old, err)
	}
	if _, err := typ.Path("urn:example:scim:2.0:Exif:camera"); err == nil {
		t.Error("a nested extension is addressed without the one around it")
	}
	if _, _, ok := typ.Find("urn:example:scim:2.0:Exif:camera", 0); ok {
		t.Error("a tolerance finds a nested extension without the one around it")
	}
}

// The longest URI wins, whether it is that of the base schema or not.
func TestLongestPrefix(t *testing.T) {
	d := badge()
	d.Extensions[0].Schema.ID = d.Schema.ID + ":Photo"
	typ := d.MustCompile()
	for text, want := range map[string]string{
		d.Schema.ID + ":Photo:image": d.Schema.ID + ":Photo:image",
		d.Schema.ID + ":photo":       d.Schema.ID + ":Photo",
		d.Schema.ID + ":serial":      "serial",
	} {
		if p, err := typ.Path(text); err != nil || p.String() != want {
			t.Errorf("Path(%q) = %v, %v; want %s", text, p, err, want)
		}
	}
}

// A schema may list common attributes, with URIs as references or as strings,
// but what RFC 7643 §3.1 says about them wins.
func TestListedCommonAttributes(t *testing.T) {
	for id, listed := range map[string]Attribute{
		"7643-3.1-04 id":                   {Name: "ID", Description: "listed"},
		"7643-3.1-05 schemas":              {Name: "Schemas", MultiValued: true, Mutability: Immutable},
		"7643-3.1-05 schemas as reference": {Name: "schemas", MultiValued: true, Type: TypeReference, ReferenceTypes: []string{"Badge"}},
	} {
		t.Run(id, func(t *testing.T) {
			d := badge()
			want := d.MustCompile().MustPath(listed.Name)
			d.Schema.Attributes = append(d.Schema.Attributes, listed)
			typ, err := d.Compile()
			if err != nil {
				t.Fatal(err)
			}
			if p := typ.MustPath(listed.Name); p.String() != want.String() || !reflect.DeepEqual(p.Attribute(), want.Attribute()) {
				t.Errorf("%s has the characteristics of the listing: %+v", p, p.Attribute())
			}
		})
	}
}
