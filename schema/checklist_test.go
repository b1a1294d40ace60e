package schema

import (
	"errors"
	"slices"
	"testing"
)

// listsOf is a type with lists of every kind: of words, of elements with parts
// that are immutable or lists, and of references with and without a value.
func listsOf() *ResourceType {
	ref := Attribute{Name: "$ref", Type: TypeReference, ReferenceTypes: []string{"external"}}
	return Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
		{Name: "words", MultiValued: true},
		{Name: "c", Type: TypeComplex, MultiValued: true, SubAttributes: []Attribute{
			{Name: "value"}, {Name: "primary", Type: TypeBoolean}, {Name: "fixed", Mutability: Immutable}, {Name: "tags", MultiValued: true}, {Name: "given", Mutability: ReadOnly},
		}},
		{Name: "links", Type: TypeComplex, MultiValued: true, SubAttributes: []Attribute{ref}},
		{Name: "refs", Type: TypeComplex, MultiValued: true, SubAttributes: []Attribute{{Name: "value"}, ref}},
	}}}.MustCompile()
}

// TestDuplicates covers 7643-2.4-11: what counts as the same value of a list.
func TestDuplicates(t *testing.T) {
	typ := listsOf()
	for _, c := range []struct{ name, body, want, dropped string }{
		{"words", `"words":["a","b","A"]`, `"words":["a","b"]`, "words"},
		{"a list in an element", `"c":[{"value":"a","tags":["x","X"]},{"value":"b","tags":["x","y"]}]`, `"c":[{"value":"a","tags":["x"]},{"value":"b","tags":["x","y"]}]`, "c.tags"},
		{"a list in each of two", `"c":[{"value":"a","tags":["x","X"]},{"value":"b","tags":["y","z","Y"]}]`, `"c":[{"value":"a","tags":["x"]},{"value":"b","tags":["y","z"]}]`, "c.tags"},
		{"not primary is the same as no primary", `"c":[{"value":"a","primary":false},{"value":"a"}]`, `"c":[{"value":"a","primary":false}]`, "c"},
		{"the one that is primary is another", `"c":[{"value":"a","primary":true},{"value":"a"}]`, "", ""},
		{"an unknown part differs", `"c":[{"value":"a","x":1},{"value":"a","x":2}]`, "", ""},
		{"an unknown part is the same", `"c":[{"value":"a","x":1},{"value":"a","x":1}]`, `"c":[{"value":"a","x":1}]`, "c"},
		{"a reference without a value", `"links":[{"$ref":"a"},{"$ref":"b"},{"$ref":"a"}]`, `"links":[{"$ref":"a"},{"$ref":"b"}]`, "links"},
		{"a reference is its value", `"refs":[{"value":"1","$ref":"a"},{"value":"1"}]`, `"refs":[{"value":"1","$ref":"a"}]`, "refs"},
		{"one reference has no value", `"refs":[{"$ref":"a"},{"value":"1","$ref":"a"}]`, "", ""},
	} {
		r, _, err := typ.Decode([]byte("{"+c.body+"}"), &DecodeOptions{Unknown: PreserveUnknown})
		if err != nil {
			t.Fatal(err)
		}
		var rewrites []Rewrite
		if c.want == "" {
			c.want = c.body
		} else {
			rewrites = []Rewrite{{DuplicateValue, c.dropped}}
		}
		r, report, err := CheckCreate(r, nil)
		if err != nil || stored(t, r) != c.want || !slices.Equal(report.Rewrites, rewrites) {
			t.Errorf("%s: %v, %v, %v", c.name, err, r, report.Rewrites)
		}
	}
}

// TestLongListOfValues: an element of a long list that is no reference is a
// duplicate only if all of it is the same.
func TestLongListOfValues(t *testing.T) {
	user := UserDefinition().MustCompile()
	emails := user.MustPath("emails")
	email := func(value, kind string) Value {
		return Complex(Field{user.MustPath("emails.value"), String(value)}, Field{user.MustPath("emails.type"), String(kind)})
	}
	var elements []Value
	for _, id := range ids(2 * chunkSize) {
		elements = append(elements, email(id, "work"))
	}
	with := func(list Value) *Resource {
		b := user.New()
		if err := errors.Join(b.Set(user.MustPath("userName"), String("a")), b.Set(emails, list)); err != nil {
			t.Fatal(err)
		}
		return b.Resource()
	}
	old := with(List(elements...))
	r, _, err := CheckReplace(old, with(old.Get(emails).Append(email("7", "home"), email("7", "WORK"))), nil)
	if err != nil || r.Get(emails).Len() != 2*chunkSize+1 {
		t.Errorf("%v, %d emails", err, r.Get(emails).Len())
	}
}

// TestImmutableInElements covers 7643-7-20 and AMB-44 where nothing was filled
// in before: a part may come or go, but not change.
func TestImmutableInElements(t *testing.T) {
	typ := listsOf()
	old := mustDecode(t, typ, `{"c":[{"value":"a"},{"value":"b","fixed":"1"},{"value":"d","fixed":"2"}]}`)
	for body, want := range map[string]string{
		`{"c":[{"value":"a","fixed":"new"},{"value":"b"}]}`:                           "",
		`{"c":[{"value":"d","fixed":"x"},{"value":"a"}]}`:                             "c[0].fixed: is immutable and has a value already",
		`{"c":[{"value":"new"},{"value":"b","fixed":"x"},{"value":"d","fixed":"y"}]}`: "c[1].fixed: is immutable and has a value already; c[2].fixed: is immutable and has a value already",
	} {
		if _, _, err := CheckReplace(old, mustDecode(t, typ, body), nil); errorText(err) != want {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
}

// TestLongListAmbiguous is TestReplaceAmbiguous for a long list.
func TestLongListAmbiguous(t *testing.T) {
	typ := listsOf()
	c, value, fixed := typ.MustPath("c"), typ.MustPath("c.value"), typ.MustPath("c.fixed")
	element := func(key, text string) Value { return Complex(Field{value, String(key)}, Field{fixed, String(text)}) }
	elements := []Value{element("a", "1"), element("a", "2")}
	for _, id := range ids(2 * chunkSize) {
		elements = append(elements, element(id, "3"))
	}
	old := mustDecode(t, typ, `{"words":["w"]}`).Edit()
	if err := old.Set(c, List(elements...)); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[int]string{0: "", 5: "c[5].fixed: is immutable and has a value already"} {
		b := old.Resource().Edit()
		e := old.Resource().Get(c).At(at)
		if err := b.Set(c, old.Resource().Get(c).WithAt(at, element(e.Get(value).Text(), "4"))); err != nil {
			t.Fatal(err)
		}
		if _, _, err := CheckReplace(old.Resource(), b.Resource(), nil); errorText(err) != want {
			t.Errorf("element %d: %v, want %q", at, err, want)
		}
	}
}
