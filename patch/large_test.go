package patch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// TestLongLists edits lists that are long enough to be kept in chunks and
// looked up by index, and compares them with plain slices.
func TestLongLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attr := rapid.SampledFrom([]string{"crew", "words"}).Draw(t, "attribute")
		var ids, operations []string
		for i := range rapid.IntRange(500, 1100).Draw(t, "size") {
			ids = append(ids, fmt.Sprintf("u%d", i))
		}
		r := longList(t, attr, ids)
		for range rapid.IntRange(1, 12).Draw(t, "operations") {
			var named []string
			for range rapid.SampledFrom([]int{1, 1, 2, 30}).Draw(t, "values") {
				named = append(named, fmt.Sprintf("u%d", rapid.IntRange(0, 1200).Draw(t, "id")))
			}
			op := rapid.SampledFrom([]string{"add", "remove", "filter", "replace one"}).Draw(t, "op")
			operations = append(operations, longOperation(attr, op, named))
			ids = longModel(op, attr, ids, named)
		}
		after, err := applyBody(r, body(operations...), nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := longList(t, attr, ids); !after.Equal(want) {
			t.Fatalf("after %v\ngot  %v\nwant %v", operations, after.Get(thing.MustPath(attr)).Len(), len(ids))
		}
	})
}

func longList(t tester, attr string, ids []string) *schema.Resource {
	t.Helper()
	b := decode(t, thing, documents["bare"]).Edit()
	if err := b.Set(thing.MustPath(attr), listOf(attr, ids)); err != nil {
		t.Fatal(err)
	}
	return b.Resource()
}

func listOf(attr string, ids []string) schema.Value {
	var values []schema.Value
	for _, id := range ids {
		v := schema.String(id)
		if attr == "crew" {
			v = schema.Value{}.With(thing.MustPath("crew.value"), v)
		}
		values = append(values, v)
	}
	return schema.List(values...)
}

func longOperation(attr, op string, ids []string) string {
	p := thing.MustPath(attr)
	text, err := p.AppendJSON(nil, listOf(attr, ids))
	if err != nil {
		return err.Error()
	}
	switch op {
	case "filter":
		return fmt.Sprintf(`{"op":"remove","path":"%s[value sw \"%s\"]"}`, attr, ids[0])
	case "replace one":
		if attr == "words" {
			return fmt.Sprintf(`{"op":"replace","path":"words[value eq \"%s\"]","value":"%s!"}`, ids[0], ids[0])
		}
		return fmt.Sprintf(`{"op":"remove","path":"crew[value eq \"%s\"]"}`, ids[0])
	}
	return fmt.Sprintf(`{"op":"%s","path":"%s","value":%s}`, op, attr, text)
}

func longModel(op, attr string, ids, named []string) []string {
	ids = slices.Clone(ids)
	switch op {
	case "add":
		for _, id := range named {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		return ids
	case "remove":
		return slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(named, id) })
	case "filter":
		return slices.DeleteFunc(ids, func(id string) bool { return len(id) >= len(named[0]) && id[:len(named[0])] == named[0] })
	}
	at := slices.Index(ids, named[0])
	switch {
	case attr == "crew" && at >= 0:
		return slices.Delete(ids, at, at+1)
	case attr == "crew":
		return ids
	case at >= 0 && !slices.Contains(ids, named[0]+"!"):
		ids[at] = named[0] + "!"
	case at >= 0:
		return dropLater(ids, at, named[0]+"!")
	case !slices.Contains(ids, named[0]+"!"):
		ids = append(ids, named[0]+"!")
	}
	return ids
}

// dropLater is what becomes of two values that a replacement makes the same:
// the first of them stays.
func dropLater(ids []string, at int, value string) []string {
	ids[at] = value
	first := slices.Index(ids, value)
	for i := len(ids) - 1; i > first; i-- {
		if ids[i] == value {
			ids = slices.Delete(ids, i, i+1)
		}
	}
	return ids
}

// TestRemoveRepeated: a removal takes every value away that it lists, however
// often it is there and however many others are listed.
func TestRemoveRepeated(t *testing.T) {
	r := longList(t, "words", []string{"a", "b", "A", "c"})
	absent := `"1","2","3","4","5","6","7","8","9"`
	after, err := applyBody(r, body(`{"op":"remove","path":"words","value":[`+absent+`,"a"]}`), nil)
	if err != nil || !after.Equal(longList(t, "words", []string{"b", "c"})) {
		t.Errorf("got %v, %v", after, err)
	}
	got, err := rewritesOf(t, body(`{"op":"remove","path":"words","value":[`+absent+`,"10"]}`), nil)
	if err != nil || !slices.Contains(got, schema.Rewrite{Tolerance: schema.RemoveNoMatch, Path: "words"}) {
		t.Errorf("nothing is found: %v, %v", got, err)
	}
	for _, n := range []int{1, 17} {
		members := make([]string, n)
		for i := range members {
			members[i] = fmt.Sprintf(`{"value":"absent%d"}`, i)
		}
		got, err := rewritesOf(t, body(`{"op":"remove","path":"crew","value":[`+strings.Join(members, ",")+`]}`), nil)
		if err != nil || !slices.Contains(got, schema.Rewrite{Tolerance: schema.RemoveNoMatch, Path: "crew"}) {
			t.Errorf("none of %d members is found: %v, %v", n, got, err)
		}
	}
}

// fixedThing has what is immutable as a whole.
var fixedThing = schema.Definition{
	Name: "Fixed", Endpoint: "/Fixed",
	Schema: &schema.Schema{ID: "urn:example:Fixed", Name: "Fixed", Attributes: []schema.Attribute{
		{Name: "words", MultiValued: true, Mutability: schema.Immutable},
		{Name: "mails", Type: schema.TypeComplex, MultiValued: true, Mutability: schema.Immutable, SubAttributes: listAttributes()},
		{Name: "person", Type: schema.TypeComplex, Mutability: schema.Immutable, SubAttributes: []schema.Attribute{{Name: "first"}, {Name: "last"}}},
		{Name: "refs", Type: schema.TypeComplex, MultiValued: true, Mutability: schema.Immutable, SubAttributes: crewAttributes(schema.Immutable)},
		{Name: "mixed", Type: schema.TypeComplex, SubAttributes: []schema.Attribute{{Name: "once", Mutability: schema.Immutable}, {Name: "often"}}},
	}},
}.MustCompile()

func TestImmutable(t *testing.T) {
	const absent = `{"schemas":["urn:example:Fixed"],"id":"1"}`
	const present = `{"schemas":["urn:example:Fixed"],"id":"1","words":["a","b"],"mails":[{"value":"m","type":"work"}],"person":{"first":"Ann"},"refs":[{"value":"r1"}],"mixed":{"once":"o","often":"x"}}`
	for _, c := range []struct {
		operation string
		refused   bool // where there is a value; the attribute can always be set once
	}{
		{`{"op":"add","path":"words","value":["a"]}`, false},
		{`{"op":"add","path":"words","value":["c"]}`, true},
		{`{"op":"replace","path":"words","value":["A","B"]}`, false},
		{`{"op":"replace","path":"words","value":["a"]}`, true},
		{`{"op":"remove","path":"words"}`, true},
		{`{"op":"remove","path":"words","value":["a"]}`, true},
		{`{"op":"remove","path":"words","value":["c"]}`, false},
		{`{"op":"replace","path":"words[value eq \"a\"]","value":"c"}`, true},
		{`{"op":"remove","path":"mails[value sw \"m\"]"}`, true},
		{`{"op":"replace","path":"mails[type eq \"work\"].value","value":"n"}`, true},
		{`{"op":"replace","path":"mails[type eq \"work\"].value","value":"M"}`, true},
		{`{"op":"add","path":"person","value":{"first":"Eve","last":"Lee"}}`, true},
		{`{"op":"add","path":"person","value":{"first":"Ann"}}`, false},
		{`{"op":"add","path":"person.last","value":"Lee"}`, true},
		{`{"op":"remove","path":"person"}`, true},
		{`{"op":"add","path":"refs","value":[{"value":"r1"}]}`, false},
		{`{"op":"add","path":"refs","value":[{"value":"r2"}]}`, true},
		{`{"op":"replace","path":"mixed","value":{"often":"y"}}`, false},
		{`{"op":"replace","path":"mixed.once","value":"p"}`, true},
		{`{"op":"remove","path":"mixed"}`, true},
	} {
		if _, err := applyBody(decode(t, fixedThing, absent), body(c.operation), nil); err != nil {
			t.Errorf("7644-3.5.2-13 %s on nothing: %v", c.operation, err)
		}
		_, err := applyBody(decode(t, fixedThing, present), body(c.operation), nil)
		if c.refused != (err != nil) || err != nil && patchReason(err) != patch.Mutability {
			t.Errorf("7644-3.5.2-12 %s: %v", c.operation, err)
		}
	}
}

func patchReason(err error) patch.Reason {
	if fault, ok := err.(*patch.Error); ok {
		return fault.Reason
	}
	return ""
}
