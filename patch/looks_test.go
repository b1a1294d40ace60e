package patch

import (
	"errors"
	"testing"

	"github.com/muster-scim/muster/schema"
)

// shelf is a resource type whose boxes have lists of their own.
var shelf = schema.Definition{
	Name: "Shelf", Endpoint: "/Shelves",
	Schema: &schema.Schema{ID: "urn:example:Shelf", Name: "Shelf", Attributes: []schema.Attribute{
		{Name: "words", MultiValued: true},
		{Name: "owner", Type: schema.TypeComplex, Required: true, SubAttributes: []schema.Attribute{
			{Name: "value", CaseExact: true}, {Name: "$ref", Type: schema.TypeReference, ReferenceTypes: []string{"User"}}, {Name: "primary", Type: schema.TypeBoolean},
		}},
		{Name: "label", Type: schema.TypeComplex, SubAttributes: []schema.Attribute{{Name: "label"}, {Name: "color"}}},
		{Name: "crew", Type: schema.TypeComplex, MultiValued: true, SubAttributes: []schema.Attribute{
			{Name: "value", CaseExact: true}, {Name: "$ref", Type: schema.TypeReference, ReferenceTypes: []string{"User"}}, {Name: "type"}, {Name: "display", Mutability: schema.ReadWrite},
		}},
		{Name: "boxes", Type: schema.TypeComplex, MultiValued: true, SubAttributes: []schema.Attribute{
			{Name: "value"}, {Name: "type"}, {Name: "tags", MultiValued: true}, {Name: "display", Mutability: schema.Immutable},
		}},
	}},
}.MustCompile()

const shelfDocument = `{"schemas":["urn:example:Shelf"],"id":"1","owner":{"value":"o"},"words":["a","b","c"],
	"crew":[{"value":"a","type":"User"},{"value":"b"},{"value":"c"}],
	"boxes":[{"value":"a","type":"x","tags":["t","u"],"display":"A"},{"value":"b","type":"x"},{"value":"c"}]}`

func shelfResource(t *testing.T) *schema.Resource {
	t.Helper()
	r, _, err := shelf.Decode([]byte(shelfDocument), &schema.DecodeOptions{KeepReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func shelfChanges(t *testing.T, operation string) *Changes {
	t.Helper()
	r, err := Parse([]byte(`{"schemas":["`+MessageURN+`"],"Operations":[`+operation+`]}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Compile(shelf, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestLooks: how often an edit looks at each value of its list, which counts
// towards the limit. The list itself counts as one value more.
func TestLooks(t *testing.T) {
	const listed = 3 + 1
	for operation, looks := range map[string]int{
		`{"op":"remove","path":"crew","value":[{"value":"a"},{"value":"b"}]}`:                                      0,
		`{"op":"remove","path":"crew[value eq \"a\" and type eq \"User\"]"}`:                                       1,
		`{"op":"remove","path":"words","value":["a","b"]}`:                                                         1,
		`{"op":"remove","path":"boxes","value":[{"value":"a","type":"x"},{"value":"b"},{"value":"a","type":"y"}]}`: 2,
		`{"op":"remove","path":"boxes","value":[{"type":"x"},{"type":"y"},{"type":"z"}]}`:                          3,
		`{"op":"remove","path":"boxes[type eq \"x\"]"}`:                                                            1,
		`{"op":"replace","path":"boxes[type eq \"x\"]","value":{"value":"z"}}`:                                     1,
		`{"op":"replace","path":"boxes[type eq \"x\"].value","value":"z"}`:                                         1,
		`{"op":"add","path":"boxes[type eq \"x\"]","value":{"value":"z","tags":["v","w"]}}`:                        1 + 2,
		`{"op":"remove","path":"boxes[type eq \"x\"].tags","value":["t","u","v"]}`:                                 1 + 3,
	} {
		r := shelfResource(t)
		for left, enough := range map[int]bool{looks * listed: true, looks*listed - 1: false} {
			if left < 0 {
				continue
			}
			s := state{c: shelfChanges(t, operation), old: r, b: r.Edit(), tests: maxTests - left}
			err := s.c.steps[0].edit.apply(&s)
			if enough && err != nil || !enough && !(errors.Is(err, TooLarge) && errors.Is(err, schema.ErrLimit)) {
				t.Errorf("%s with %d looks left: %v", operation, left, err)
			}
		}
	}
}

// TestListsInside changes lists within the values of a list.
func TestListsInside(t *testing.T) {
	for operation, want := range map[string]string{
		`{"op":"add","path":"boxes[value eq \"a\"].tags","value":["u","v"]}`:    "t u v",
		`{"op":"remove","path":"boxes[value eq \"a\"].tags","value":["u","v"]}`: "t",
		`{"op":"remove","path":"boxes[value eq \"a\"].tags"}`:                   "",
		`{"op":"add","path":"boxes[type eq \"new\"].tags","value":["v"]}`:       "t u v",
		`{"op":"replace","path":"boxes[value eq \"a\"].tags","value":["v"]}`:    "v",
	} {
		result, err := shelfChanges(t, operation).Apply(shelfResource(t))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for v := range result.Resource.Values(shelf.MustPath("boxes.tags")) {
			got += v.Text() + " "
		}
		if want != "" {
			want += " "
		}
		if got != want {
			t.Errorf("%s: %q, want %q", operation, got, want)
		}
	}
}

// TestOwnName: an object with a member like the attribute is not unwrapped if
// that is a sub-attribute.
func TestOwnName(t *testing.T) {
	c := shelfChanges(t, `{"op":"replace","path":"label","value":{"label":"x"}}`)
	result, err := c.Apply(shelfResource(t))
	if err != nil || len(c.Report().Rewrites) > 0 || result.Resource.Get(shelf.MustPath("label.label")).Text() != "x" {
		t.Errorf("%v, %v, %v", result, c.Report().Rewrites, err)
	}
}

// TestDisplayOfOthers: only the display of a reference that clients may not
// change is left to the service provider.
func TestDisplayOfOthers(t *testing.T) {
	result, err := shelfChanges(t, `{"op":"replace","path":"crew[value eq \"a\"].display","value":"N"}`).Apply(shelfResource(t))
	if err != nil || result.Resource.Get(shelf.MustPath("crew")).At(0).Get(shelf.MustPath("crew.display")).Text() != "N" {
		t.Errorf("a display that clients may change: %v, %v", result, err)
	}
	_, err = shelfChanges(t, `{"op":"replace","path":"boxes[value eq \"a\"].display","value":"N"}`).Apply(shelfResource(t))
	if !errors.Is(err, Mutability) {
		t.Errorf("an immutable display of a value that is no reference: %v", err)
	}
}

// TestRequiredReference: a reference that is required cannot be emptied.
func TestRequiredReference(t *testing.T) {
	for _, value := range []string{`""`, `{"value":""}`} {
		r, err := Parse([]byte(`{"schemas":["`+MessageURN+`"],"Operations":[{"op":"replace","path":"owner","value":`+value+`}]}`), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Compile(shelf, nil); !errors.Is(err, InvalidValue) || !errors.Is(err, schema.ErrRequired) {
			t.Errorf("owner %s: %v", value, err)
		}
	}
}

// TestPrimaryOf: "primary" is special as a single boolean of a list.
func TestPrimaryOf(t *testing.T) {
	list := func(name string, sub schema.Attribute) schema.Attribute {
		return schema.Attribute{Name: name, Type: schema.TypeComplex, MultiValued: true, SubAttributes: []schema.Attribute{{Name: "value"}, sub}}
	}
	typ := schema.Definition{Name: "Kinds", Endpoint: "/Kinds", Schema: &schema.Schema{ID: "urn:example:Kinds", Attributes: []schema.Attribute{
		list("good", schema.Attribute{Name: "primary", Type: schema.TypeBoolean}),
		list("other", schema.Attribute{Name: "main", Type: schema.TypeBoolean}),
	}}}.MustCompile()
	for path, want := range map[string]bool{"good.primary": true, "other.main": false, "good.value": false} {
		p := typ.MustPath(path)
		if isPrimary(p) != want {
			t.Errorf("%s is primary: %v", path, !want)
		}
		if _, ok := primaryOf(p.Parent()); ok != (p.Parent().Name() == "good") {
			t.Errorf("%s has a primary: %v", p.Parent(), ok)
		}
	}
	if isPrimary(shelf.MustPath("owner.primary")) {
		t.Error("a single value is primary")
	}
}
