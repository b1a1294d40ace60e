package patch_test

import (
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// TestDiffIsSmall looks at what Diff says, which properties do not.
func TestDiffIsSmall(t *testing.T) {
	many := `"mails":[{"value":"a@x","type":"work","primary":true},{"value":"b@x","type":"home"},{"value":"c@x","type":"other"}]`
	for _, c := range []struct{ name, from, to, want string }{
		{"equal", many, many, ``},
		{"simple", `"text":"a"`, `"text":"b"`, `{"op":"replace","path":"text","value":"b"}`},
		{"gone", `"text":"a"`, ``, `{"op":"remove","path":"text"}`},
		{"part of a complex value", `"person":{"first":"a","last":"b"}`, `"person":{"first":"c","last":"b"}`, `{"op":"replace","path":"person.first","value":"c"}`},
		{"complex value gone", `"boss":{"value":"b"}`, ``, `{"op":"remove","path":"boss.value"}`},
		{"added", many, strings.Replace(many, `]`, `,{"value":"d@x"}]`, 1), `{"op":"add","path":"mails","value":[{"value":"d@x"}]}`},
		{"removed", many, strings.Replace(many, `,{"value":"b@x","type":"home"}`, ``, 1), `{"op":"remove","path":"mails[value eq \"b@x\" and type eq \"home\"]"}`},
		{"changed", many, strings.Replace(many, `b@x`, `new@x`, 1), `{"op":"replace","path":"mails[type eq \"home\"].value","value":"new@x"}`},
		{"changed in two", many, strings.Replace(many, `"value":"b@x"`, `"value":"n@x","display":"N"`, 1), `{"op":"add","path":"mails[type eq \"home\"]","value":{"value":"n@x","display":"N"}}`},
		{"part of a value gone", many, strings.Replace(many, `,"type":"other"`, ``, 1), `{"op":"remove","path":"mails[value eq \"c@x\"].type"}`},
		{"most changed", `"words":["a","b"]`, `"words":["c","d"]`, `{"op":"replace","path":"words","value":["c","d"]}`},
		{"reordered", `"words":["a","b"]`, `"words":["b","a"]`, `{"op":"replace","path":"words","value":["b","a"]}`},
		{"member", `"crew":[{"value":"1"},{"value":"2"},{"value":"3"}]`, `"crew":[{"value":"1"},{"value":"3"},{"value":"4"}]`,
			`{"op":"remove","path":"crew[value eq \"2\"]"},{"op":"add","path":"crew","value":[{"value":"4"}]}`},
		{"new list", ``, `"words":["a"]`, `{"op":"replace","path":"words","value":["a"]}`},
		{"list gone", `"words":["a"]`, ``, `{"op":"remove","path":"words"}`},
		{"one word more", `"words":["a","b","c"]`, `"words":["a","b","c","d"]`, `{"op":"add","path":"words","value":["d"]}`},
		{"one word less", `"words":["a","b","c"]`, `"words":["a","b"]`, `{"op":"replace","path":"words","value":["a","b"]}`},
		{"half of the members", `"crew":[{"value":"1"},{"value":"2"}]`, `"crew":[{"value":"2"},{"value":"3"}]`,
			`{"op":"replace","path":"crew","value":[{"value":"2"},{"value":"3"}]}`},
		{"what is immutable in a member", `"crew":[{"value":"1","type":"User"},{"value":"2","type":"User"}]`, `"crew":[{"value":"1","type":"Group"},{"value":"2","type":"User"}]`,
			`{"op":"replace","path":"crew","value":[{"value":"1","type":"Group"},{"value":"2","type":"User"}]}`},
		{"changes that are longer than the list", `"mails":[{"value":"a","type":"t"},{"value":"b","type":"u"}]`, `"mails":[{"value":"c","type":"t"},{"value":"d","type":"u"}]`,
			`{"op":"replace","path":"mails","value":[{"value":"c","type":"t"},{"value":"d","type":"u"}]}`},
		{"removed by what identifies it", strings.Replace(many, `"home"`, `"home","display":"B"`, 1), strings.Replace(many, `,{"value":"b@x","type":"home"}`, ``, 1),
			`{"op":"remove","path":"mails[value eq \"b@x\" and type eq \"home\"]"}`},
		{"complex value with a readOnly part gone", `"person":{"first":"a","calc":"c"}`, `"person":{"calc":"c"}`, `{"op":"remove","path":"person.first"}`},
		{"complex value without one gone", `"urn:example:ext:Thing":{"dept":"x","chief":{"value":"c","$ref":"https://x/c"}}`, `"urn:example:ext:Thing":{"dept":"x"}`,
			`{"op":"remove","path":"urn:example:ext:Thing:chief"}`},
		{"readOnly", `"calc":"a"`, `"calc":"b"`, ``},
		{"extension", ``, `"urn:example:ext:Thing":{"dept":"x"}`, `{"op":"replace","path":"urn:example:ext:Thing:dept","value":"x"}`},
	} {
		from, to := decode(t, thing, diffDocument(c.from)), decode(t, thing, diffDocument(c.to))
		text, err := patch.Diff(from, to).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if want := string(body(c.want)); string(text) != want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, text, want)
		}
	}
}

func diffDocument(members string) string {
	document := `{"schemas":["urn:example:Thing"],"id":"1","must":"x"`
	if members != "" {
		document += "," + members
	}
	return document + "}"
}

// TestBetween: the edits that a store carries out for a PUT.
func TestBetween(t *testing.T) {
	mails := `"mails":[{"value":"a@x","type":"work"},{"value":"b@x","type":"home"},{"value":"c@x","type":"other"}]`
	for _, c := range []struct{ name, from, to, want string }{
		{"readOnly", `"calc":"a"`, `"calc":"b"`, "Set calc"},
		{"complex value with a readOnly part", `"person":{"first":"a","calc":"c"}`, ``, "Clear person"},
		{"one word less", `"words":["a","b","c"]`, `"words":["a","b"]`, "RemoveValues words"},
		{"one word more", `"words":["a","b","c"]`, `"words":["a","b","c","d"]`, "AddValues words"},
		{"changed", mails, strings.Replace(mails, "b@x", "n@x", 1), "UpdateMatching mails"},
	} {
		changes := patch.Between(decode(t, thing, diffDocument(c.from)), decode(t, thing, diffDocument(c.to)))
		if got := describe(changes); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		for _, e := range changes.Edits() {
			if update, ok := e.(*patch.UpdateMatching); ok && !update.MustMatch {
				t.Errorf("%s: what is not there may be missed", c.name)
			}
		}
	}
}

// TestDiffOfDerivedParts: a client cannot change what is readOnly within a
// value, a store can.
func TestDiffOfDerivedParts(t *testing.T) {
	typ := schema.Definition{Name: "Box", Endpoint: "/Boxes", Schema: &schema.Schema{ID: "urn:example:Box", Attributes: []schema.Attribute{
		{Name: "parts", Type: schema.TypeComplex, MultiValued: true, SubAttributes: []schema.Attribute{{Name: "value"}, {Name: "note", Mutability: schema.ReadOnly}}}}}}.MustCompile()
	document := `{"schemas":["urn:example:Box"],"id":"1","parts":[{"value":"first part","note":"a"},{"value":"second part"}]}`
	from, to := decode(t, typ, document), decode(t, typ, strings.Replace(document, `"a"`, `"b"`, 1))
	if got := describe(patch.Between(from, to)); got != "UpdateMatching parts" {
		t.Errorf("a store does %s", got)
	}
	if ops := patch.Diff(from, to).Operations; len(ops) != 1 || ops[0].Path != "parts" {
		t.Errorf("a client sends %v", ops)
	}
}

// TestDiffOfImmutableList: what cannot change is sent as a whole.
func TestDiffOfImmutableList(t *testing.T) {
	const document = `{"schemas":["urn:example:Fixed"],"id":"1","words":["a","b","c"]}`
	from, to := decode(t, fixedThing, document), decode(t, fixedThing, strings.Replace(document, `"c"`, `"c","d"`, 1))
	if got := describe(patch.Between(from, to)); got != "Set words" {
		t.Errorf("got %s", got)
	}
}
