package patch_test

import (
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
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
