package schema

import (
	"errors"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
)

type doorTags struct {
	Value   string `scim:"value,caseExact"`
	Display string `scim:"display"`
	Ref     string `scim:"$ref,ref=Door"`
	Primary bool   `scim:"primary,omitzero"`
}

type badgeTags struct {
	_      struct{}   `scim:"Badge"`
	ID     string     `scim:"id"`
	Secret string     // no tag: not an attribute
	Serial string     `scim:"serial,required,caseExact,immutable,uniqueness=server"`
	Doors  []doorTags `scim:"doors"`
	Pin    string     `scim:"pin,writeOnly"`
	Photo  *photoTags `scim:"urn:example:scim:2.0:Photo"`
}

type photoTags struct {
	Image []byte `scim:"image"`
}

// The same definition in Go literals, in JSON and in tags.
func TestThreeWaysAreEqual(t *testing.T) {
	literal := badge()
	tagged := badge()
	tagged.Schema = MustFor[badgeTags]("urn:example:scim:2.0:Badge")
	tagged.Extensions[0].Schema = MustFor[photoTags]("urn:example:scim:2.0:Photo")
	document, err := ParseDefinition([]byte(`{
		"resourceType": {"name": "Badge", "endpoint": "/Badges", "description": "Access badge", "schema": "urn:example:scim:2.0:Badge",
			"schemaExtensions": [{"schema": "urn:example:scim:2.0:Photo", "required": false}]},
		"schemas": [
			{"id": "urn:example:scim:2.0:Badge", "name": "Badge", "attributes": [
				{"name": "serial", "required": true, "caseExact": true, "mutability": "immutable", "uniqueness": "server"},
				{"name": "doors", "type": "complex", "multiValued": true, "subAttributes": [
					{"name": "value", "caseExact": true}, {"name": "display"},
					{"name": "$ref", "type": "reference", "referenceTypes": ["Door"]}, {"name": "primary", "type": "boolean"}]},
				{"name": "pin", "mutability": "writeOnly"}]},
			{"id": "urn:example:scim:2.0:Photo", "attributes": [{"name": "image", "type": "binary"}]}
		]}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := describe(literal.MustCompile())
	for name, d := range map[string]Definition{"tags": tagged, "document": document} {
		if got := describe(d.MustCompile()); got != want {
			t.Errorf("%s:\ngot:\n%s\nwant:\n%s", name, got, want)
		}
	}
}

type everything struct {
	Text    string      `scim:"text"`
	Maybe   *string     `scim:"maybe"`
	Flag    bool        `scim:"flag"`
	Small   int8        `scim:"small"`
	Large   uint64      `scim:"large"`
	Ratio   float64     `scim:"ratio"`
	When    time.Time   `scim:"when"`
	Data    []byte      `scim:"data"`
	Address netip.Addr  `scim:"address"`
	Huge    *big.Int    `scim:"huge,type=integer"`
	Exact   string      `scim:"exact,type=decimal"`
	Tags    []string    `scim:"tags"`
	Blobs   [][]byte    `scim:"blobs"`
	Times   []time.Time `scim:"times"`
	Embedded
	Inner  inner    `scim:"inner"`
	Inners []*inner `scim:"inners"`
}

// Embedded is inlined.
type Embedded struct {
	URLPath string `scim:",returned=request"`
}

type inner struct {
	Value string `scim:"value"`
	Level int    `scim:"level,omitzero"`
}

func everythingType(t *testing.T) *ResourceType {
	t.Helper()
	return Definition{Name: "Everything", Endpoint: "/Everything", Schema: MustFor[everything]("urn:example:everything")}.MustCompile()
}

func TestForTypes(t *testing.T) {
	typ := everythingType(t)
	for path, want := range map[string]string{
		"text": "string", "maybe": "string", "flag": "boolean", "small": "integer", "large": "integer", "ratio": "decimal",
		"when": "dateTime", "data": "binary", "address": "string", "huge": "integer", "exact": "decimal", "tags": "a list of string",
		"blobs": "a list of binary", "times": "a list of dateTime", "urlPath": "string", "inner": "complex", "inners": "a list of complex",
		"inner.level": "integer",
	} {
		if got := describeType(typ.MustPath(path).a); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if typ.MustPath("urlpath").Returned() != ReturnedRequest {
		t.Error("the option of a tag without name is lost")
	}
}

func TestStructValues(t *testing.T) {
	typ := everythingType(t)
	empty := ""
	want := everything{
		Text: "x\u0000y", Maybe: &empty, Small: -128, Large: 1<<64 - 1, Ratio: 0.1, When: time.Date(2020, 2, 29, 1, 2, 3, 4, time.FixedZone("", 3600)),
		Data: []byte{0, 255}, Address: netip.MustParseAddr("::1"), Huge: new(big.Int).Lsh(big.NewInt(1), 100), Exact: "1.50e-7",
		Tags: []string{"", "b"}, Blobs: [][]byte{{1}, {2}}, Times: []time.Time{time.Unix(0, 0).UTC()},
		Embedded: Embedded{URLPath: "/x"}, Inner: inner{Value: "v"}, Inners: []*inner{{Value: "a"}, {Level: 2}},
	}
	r, err := FromStruct(typ, &want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := As[everything](r)
	if err != nil {
		t.Fatal(err)
	}
	if !got.When.Equal(want.When) {
		t.Errorf("time %v, want %v", got.When, want.When)
	}
	got.When = want.When
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if v := r.Get(typ.MustPath("when")).Text(); v != "2020-02-29T01:02:03.000000004+01:00" {
		t.Errorf("time is written as %s", v)
	}
	if r.Get(typ.MustPath("flag")).IsZero() || !r.Get(typ.MustPath("inner.level")).IsZero() {
		t.Error("false is not a value, or a zero that the tag omits is one")
	}
}

// SetStruct changes what the struct covers and keeps the rest.
func TestSetStructKeepsTheRest(t *testing.T) {
	typ := everythingType(t)
	r, err := FromStruct(typ, everything{Text: "a", Inner: inner{Value: "v", Level: 3}, Tags: []string{"x"}})
	if err != nil {
		t.Fatal(err)
	}
	type part struct {
		Tags  []string `scim:"tags"`
		Inner struct {
			Value string `scim:"value"`
		} `scim:"inner"`
	}
	b := r.Edit()
	var p part
	p.Inner.Value = "w"
	if err := b.SetStruct(&p); err != nil {
		t.Fatal(err)
	}
	got, err := As[everything](b.Resource())
	if err != nil {
		t.Fatal(err)
	}
	if got.Text != "a" || got.Inner != (inner{"w", 3}) || got.Tags != nil {
		t.Errorf("%+v", got)
	}
	if again, _ := As[everything](r); again.Inner.Value != "v" {
		t.Error("the resource that was edited has changed")
	}
}

func TestStructValueErrors(t *testing.T) {
	typ := everythingType(t)
	for _, test := range []struct{ name, path, value, want string }{
		{"integer too large", "small", "128", "small: the value does not fit into a Go int8"},
		{"negative integer", "large", "-1", "large: the value does not fit into a Go uint64"},
		{"decimal too large", "ratio", "1e400", "ratio: the value does not fit into a Go float64"},
		{"text that its type refuses", "address", "nowhere", "address: the value does not fit into a Go netip.Addr"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := typ.MustPath(test.path)
			v, _ := ParseValue(p.Kind(), test.value)
			b := typ.New()
			if err := b.Set(p, v); err != nil {
				t.Fatal(err)
			}
			_, err := As[everything](b.Resource())
			if !errors.Is(err, ErrValue) || err.Error() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
	for _, test := range []struct {
		name string
		v    any
		want string
	}{
		{"not UTF-8", everything{Text: "\xff"}, "text: the Go value is not a string"},
		{"not a number", everything{Exact: "1,5"}, "exact: the Go value is not a decimal"},
		{"year 10000", everything{When: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "when: the Go value is not a dateTime"},
		{"infinite", everything{Ratio: math.Inf(1)}, "ratio: +Inf is not a decimal"},
		{"element of an element", everything{Inners: []*inner{nil, {Value: "\xff"}}}, "inners[1].value: the Go value is not a string"},
		{"element", everything{Tags: []string{"a", "\xff"}}, "tags[1]: the Go value is not a string"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := typ.New()
			b.SetID("1")
			before := b.Resource()
			err := b.SetStruct(test.v)
			if !errors.Is(err, ErrValue) || err.Error() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
			if !b.Resource().Equal(before) {
				t.Error("the builder has changed")
			}
		})
	}
}

type badTag struct {
	B string `scim:"b,exact"`
}

func TestBadTags(t *testing.T) {
	type node struct {
		Children []node `scim:"children"`
	}
	for _, test := range []struct {
		name   string
		schema func() (*Schema, error)
		want   []string
	}{
		{"not a struct", func() (*Schema, error) { return For[int]("urn:example:a") }, []string{"int is not a struct"}},
		{"every kind of mistake", func() (*Schema, error) {
			return For[struct {
				A map[string]string `scim:"a"`
				b string            `scim:"b"`
				C int               `scim:"c,type=string"`
				D string            `scim:"d,requird"`
			}]("urn:example:a")
		}, []string{
			"Go field .b: has a scim tag but is not exported",
			`Go field .D: "requird" is not an option of the scim tag`,
			"Go field .A: a map[string]string holds no attribute",
			"Go field .C: only text can stand for another type, and a int is none",
		}},
		{"a mistake in an embedded struct", func() (*Schema, error) {
			return For[struct {
				badTag
				A string `scim:"a"`
			}]("urn:example:a")
		}, []string{`Go field badTag.B: "exact" is not an option of the scim tag`}},
		{"a type in itself", func() (*Schema, error) { return For[node]("urn:example:a") }, []string{"Go type schema.node: contains itself"}},
		{"the rules of definitions", func() (*Schema, error) {
			return For[struct {
				A string `scim:"a,type=date,uniqueness=always"`
				B string `scim:"A b"`
			}]("nowhere")
		}, []string{
			`/id: "nowhere" is not the URI of a schema, as in "urn:example:scim:2.0:Badge"`,
			`/attributes/0/type: "date" is none of string boolean decimal integer dateTime binary reference complex`,
			`/attributes/0/uniqueness: "always" is none of none server global`,
			`/attributes/1/name: "A b" is not an attribute name: a letter or "$", then letters, digits, "$", "-" and "_"`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := test.schema()
			checkProblems(t, err, test.want)
		})
	}
}

func TestStructsThatDoNotFit(t *testing.T) {
	typ := everythingType(t)
	r := typ.New().Resource()
	for _, test := range []struct {
		name string
		v    any
		want []string
	}{
		{"not a pointer", everything{}, []string{"schema.everything is not a pointer to a struct"}},
		{"nil", (*everything)(nil), []string{"*schema.everything is not a pointer to a struct"}},
		{"a pointer to something else", new(int), []string{"int is not a struct"}},
		{"other fields", &struct {
			A int      `scim:"text"`
			B string   `scim:"tags"`
			C []string `scim:"inners"`
			D string   `scim:"nothing"`
			E struct {
				F string `scim:"other"`
			} `scim:"inner"`
			G string `scim:"text,exact"`
		}{}, []string{
			`Go field .G: "exact" is not an option of the scim tag`,
			"Go field .A: a int cannot hold text, which is string",
			"Go field .B: a string cannot hold tags, which is a list of string",
			"Go field .C: a []string cannot hold inners, which is a list of complex",
			`Go field .D: Everything has no attribute "nothing"`,
			`Go field .F: inner has no attribute "other"`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) { checkProblems(t, r.Unmarshal(test.v), test.want) })
	}
	for _, test := range []struct {
		v    any
		want string
	}{
		{(*everything)(nil), "*schema.everything is not a struct"}, {nil, "<nil> is not a struct"}, {5, "int is not a struct"},
		{badTag{}, `Go field badTag.B: "exact" is not an option of the scim tag`},
	} {
		if _, err := FromStruct(typ, test.v); !errors.Is(err, ErrDefinition) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("FromStruct(%v): %v", test.v, err)
		}
	}
}

func TestLowerFirst(t *testing.T) {
	for name, want := range map[string]string{"UserName": "userName", "ID": "id", "URLPath": "urlPath", "A": "a", "X509": "x509", "ZA": "za", "AZ": "az", "ABa": "aBa", "ABzy": "aBzy", "Émile": "Émile"} {
		if got := lowerFirst(name); got != want || strings.Contains(got, " ") {
			t.Errorf("lowerFirst(%q) = %q, want %q", name, got, want)
		}
	}
}

type numbers struct {
	I   int64   `scim:"i"`
	I16 *int16  `scim:"i16"`
	U   uint64  `scim:"u"`
	U8  uint8   `scim:"u8"`
	F32 float32 `scim:"f32"`
}

// TestStructNumbers: a Go number takes what it can hold, to the last one, and
// gives it back.
func TestStructNumbers(t *testing.T) {
	typ := Definition{Name: "Numbers", Endpoint: "/Numbers", Schema: MustFor[numbers]("urn:example:numbers")}.MustCompile()
	for _, c := range []struct {
		path, text string
		fits       bool
	}{
		{"i", "9223372036854775807", true}, {"i", "-9223372036854775808", true}, {"i", "9223372036854775808", false}, {"i16", "32767", true}, {"i16", "32768", false},
		{"u", "18446744073709551615", true}, {"u", "18446744073709551616", false}, {"u", "-1", false}, {"u8", "255", true}, {"u8", "256", false},
		{"f32", "0.1", true}, {"f32", "16777216", true}, {"f32", "1e39", false},
	} {
		p := typ.MustPath(c.path)
		v, _ := ParseValue(p.Kind(), c.text)
		b := typ.New()
		if err := b.Set(p, v); err != nil {
			t.Fatal(err)
		}
		n, err := As[numbers](b.Resource())
		if (err == nil) != c.fits {
			t.Errorf("%s %s: %+v, %v", c.path, c.text, n, err)
		} else if err == nil {
			if r, err := FromStruct(typ, n); err != nil || r.Get(p).Text() != c.text {
				t.Errorf("%s %s comes back as %v, %v", c.path, c.text, r.Get(p), err)
			}
		}
	}
	for f, want := range map[float32]string{float32(math.Inf(1)): "f32: +Inf is not a decimal", float32(math.Inf(-1)): "f32: -Inf is not a decimal"} {
		if _, err := FromStruct(typ, numbers{F32: f}); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := FromStruct(typ, numbers{F32: float32(math.NaN())}); err == nil || err.Error() != "f32: NaN is not a decimal" {
		t.Error(err)
	}
}

// A text must be written and read: these two are structs like others.
type (
	marshals struct {
		Text string `scim:"text"`
	}
	unmarshals struct {
		Text string `scim:"text"`
	}
)

func (marshals) MarshalText() ([]byte, error)  { return nil, nil }
func (*unmarshals) UnmarshalText([]byte) error { return nil }

// TestTagOptions: each option sets its characteristic, and what a tag does not say
// is left to the defaults.
func TestTagOptions(t *testing.T) {
	type base struct {
		A string `scim:"a,required,caseExact" description:"An A"`
		X string `scim:"-"`
	}
	s := MustFor[struct {
		_ struct{} `scim:"Named" description:"A type"`
		base
		B        string `scim:"b,readOnly,returned=always,uniqueness=global"`
		C        string `scim:"c,immutable,canonical=x|y"`
		D        string `scim:"d,writeOnly"`
		E        string `scim:"e,readWrite,ref=User|Group"`
		F        string `scim:"f,type=dateTime"`
		G        string `scim:",omitzero"`
		H        []byte `scim:"-"`
		I        base   // not embedded, no tag
		J        string `scim:"meta"`
		K        string `scim:"urn:example:x"`
		Embedded `scim:"part"`
		L        marshals   `scim:"l"`
		M        unmarshals `scim:"m"`
	}]("urn:example:tags")
	want := &Schema{ID: "urn:example:tags", Name: "Named", Description: "A type", Attributes: []Attribute{
		{Name: "a", Type: TypeString, Required: true, CaseExact: true, Description: "An A"},
		{Name: "b", Type: TypeString, Mutability: ReadOnly, Returned: ReturnedAlways, Uniqueness: UniquenessGlobal},
		{Name: "c", Type: TypeString, Mutability: Immutable, CanonicalValues: []string{"x", "y"}},
		{Name: "d", Type: TypeString, Mutability: WriteOnly},
		{Name: "e", Type: TypeReference, Mutability: ReadWrite, ReferenceTypes: []string{"User", "Group"}},
		{Name: "f", Type: TypeDateTime},
		{Name: "g", Type: TypeString},
		{Name: "part", Type: TypeComplex, SubAttributes: []Attribute{{Name: "urlPath", Type: TypeString, Returned: ReturnedRequest}}},
		{Name: "l", Type: TypeComplex, SubAttributes: []Attribute{{Name: "text", Type: TypeString}}},
		{Name: "m", Type: TypeComplex, SubAttributes: []Attribute{{Name: "text", Type: TypeString}}},
	}}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
	if s := MustFor[inner]("urn:example:inner"); s.Name != "inner" || s.Description != "" {
		t.Errorf("the schema is named %q, %q", s.Name, s.Description)
	}
}

// TestUnmarshalSetsAll: fields without a value are cleared, others stay, and what
// does not fit is named with its place.
func TestUnmarshalSetsAll(t *testing.T) {
	typ := everythingType(t)
	v := everything{Text: "old", Tags: []string{"old"}, Inner: inner{Value: "old", Level: 1}}
	if err := typ.New().Resource().Unmarshal(&v); err != nil || !reflect.DeepEqual(v, everything{}) {
		t.Errorf("%+v, %v", v, err)
	}
	b := typ.New()
	if err := b.Set(typ.MustPath("inner.level"), scalar(KindInteger, "9223372036854775808")); err != nil {
		t.Fatal(err)
	}
	if _, err := As[everything](b.Resource()); err == nil || err.Error() != "inner.level: the value does not fit into a Go int" {
		t.Errorf("inside: %v", err)
	}
	b = typ.New()
	if err := b.Set(typ.MustPath("tags"), List(String("1"), String("x"))); err != nil {
		t.Fatal(err)
	}
	type addresses struct {
		Tags    []netip.Addr `scim:"tags"`
		Schemas []string     `scim:"schemas"`
	}
	if _, err := As[addresses](b.Resource()); err == nil || err.Error() != "tags[0]: the value does not fit into a Go netip.Addr" {
		t.Errorf("in a list: %v", err)
	}
	a := addresses{Tags: []netip.Addr{netip.MustParseAddr("::1")}, Schemas: []string{"urn:example:other"}}
	if r, err := FromStruct(typ, a); err != nil || stored(t, r) != `"tags":["::1"]` || r.Get(typ.SchemasPath()).String() != "[urn:example:everything]" {
		t.Errorf("schemas do not follow from the data: %v", err)
	}
}
