package patch

import (
	"testing"

	"github.com/muster-scim/muster/schema"
)

// TestSame compares values of an attribute as the attribute does.
func TestSame(t *testing.T) {
	const box = `{"value":"a","type":"x","tags":["t","u"]}`
	for _, c := range []struct {
		path, v, w string
		want       bool
	}{
		{"words", `"a"`, `"A"`, true},
		{"words", `"a"`, `"b"`, false},
		{"boxes", box, box, true},
		{"boxes", box, `{"value":"A","type":"X","tags":["T","U"]}`, true},
		{"boxes", box, `{"value":"b","type":"x","tags":["t","u"]}`, false},
		{"boxes", box, `{"value":"a","type":"x","tags":["t","v"]}`, false},
		{"boxes", box, `{"value":"a","type":"x","tags":["t"]}`, false},
		{"boxes", box, `{"value":"a","type":"x"}`, false},
		{"crew", `{"value":"a"}`, `{"value":"A"}`, false},
		{"crew", `{"value":"a","type":"User"}`, `{"value":"a","type":"user"}`, true},
		{"crew", `{"value":"a","type":"User"}`, `{"value":"a"}`, false},
	} {
		p := shelf.MustPath(c.path)
		element := func(text string) schema.Value {
			v, _, err := p.DecodeElement([]byte(text), nil)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		if v, w := element(c.v), element(c.w); same(p, v, w) != c.want || same(p, w, v) != c.want {
			t.Errorf("%s and %s are the same: %v", c.v, c.w, !c.want)
		}
	}
}

// TestDiffOfListsInside: a list within a value is replaced where it is.
func TestDiffOfListsInside(t *testing.T) {
	from := shelfResource(t)
	result, err := shelfChanges(t, `{"op":"replace","path":"boxes[value eq \"a\"].tags","value":["v"]}`).Apply(from)
	if err != nil {
		t.Fatal(err)
	}
	ops := Diff(from, result.Resource).Operations
	if len(ops) != 1 || ops[0].Op != Replace || ops[0].Path != `boxes[value eq "a"].tags` || string(ops[0].Value) != `["v"]` {
		t.Errorf("got %v", ops)
	}
}

// TestRawJSON: what is not what it is taken for has no parts.
func TestRawJSON(t *testing.T) {
	for _, text := range []string{``, `7`, `"x"`, `null`} {
		for range members([]byte(text)) {
			t.Errorf("%s has members", text)
		}
		for range items([]byte(text)) {
			t.Errorf("%s has items", text)
		}
	}
	for text, want := range map[string]string{`"a\n"`: "a\n", `""`: "", `7`: "", `"a\q"`: "", `["a"]`: ""} {
		if got := stringOf([]byte(text)); got != want {
			t.Errorf("the text of %s is %q", text, got)
		}
	}
}
