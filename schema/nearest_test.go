package schema

import (
	"strings"
	"testing"
)

// TestEditDistance counts letters that are changed, left out or added, up to a
// limit.
func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"", "", 5, 0},
		{"abc", "abc", 5, 0},
		{"abc", "", 5, 3},
		{"", "abc", 5, 3},
		{"abc", "axc", 5, 1},
		{"abc", "ac", 5, 1},
		{"ac", "abc", 5, 1},
		{"xbc", "abc", 5, 1},
		{"abcd", "bcde", 5, 2},
		{"kitten", "sitting", 9, 3},
		{"username", "user", 9, 4},
		{"abc", "xyz", 9, 3},
		{"abc", "xyz", 2, 2},
		{"abcdef", "abc", 3, 3},
		{"abc", "abcdef", 3, 3},
	} {
		if got := editDistance(c.a, c.b, c.limit); got != c.want {
			t.Errorf("from %q to %q it is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// TestNearest suggests a name for a likely typing mistake only.
func TestNearest(t *testing.T) {
	typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
		{Name: "title"}, {Name: strings.Repeat("a", 128)}}}}.MustCompile()
	for text, want := range map[string]string{
		"title": "title", "TITLY": "title", "titel": "", "titl": "title", "titlexy": "title", "totla": "", "tatte": "", "x": "",
		strings.Repeat("a", 127) + "b": strings.Repeat("a", 128), strings.Repeat("a", 128) + "b": "",
	} {
		if got := typ.nearest(text); got != want {
			t.Errorf("near %q is %q, want %q", text, got, want)
		}
	}
}

// TestAppendElement writes one value of a list as a part of its resource.
func TestAppendElement(t *testing.T) {
	group := GroupDefinition().MustCompile()
	members := group.MustPath("members")
	v, _, err := members.DecodeElement([]byte(`{"value":"1","type":"User","display":"One"}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	some, err := group.NewProjection([]string{"members.value"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	nothing, err := group.NewProjection(nil, []string{"members.value", "members.type", "members.display"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		e    *Encoding
		want string
	}{
		{&Encoding{Projection: nothing}, "prefix"},
		{nil, `prefix{"value":"1","type":"User","display":"One"}`},
		{&Encoding{Location: located}, `prefix{"value":"1","$ref":"https://example.com/v2/Users/1","type":"User","display":"One"}`},
		{&Encoding{Projection: some}, `prefix{"value":"1"}`},
	} {
		out, err := members.AppendElement([]byte("prefix"), v, c.e)
		if err != nil || string(out) != c.want {
			t.Errorf("got  %s, %v\nwant %s", out, err, c.want)
		}
	}
}
