package schema

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestShorten repeats up to 200 bytes of a text, and whole letters of it only.
func TestShorten(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""}, {"a", "a"}, {strings.Repeat("a", 200), strings.Repeat("a", 200)}, {strings.Repeat("a", 201), strings.Repeat("a", 200) + "…"},
		{strings.Repeat("a", 199) + "äb", strings.Repeat("a", 199) + "…"}, {strings.Repeat("ä", 101), strings.Repeat("ä", 100) + "…"},
	} {
		if got := shorten(c.text); got != c.want || !utf8.ValidString(got) {
			t.Errorf("%q becomes %q", c.text, got)
		}
	}
}

// TestSchemaURIs are absolute URIs that can stand in a path, of up to 1000 bytes.
func TestSchemaURIs(t *testing.T) {
	long := "urn:example:" + strings.Repeat("a", 988)
	for text, want := range map[string]bool{
		"urn:example:a": true, "URN:EXAMPLE:A": true, "https://example.com/a": true, long: true, long + "a": false, "": false, "a": false, "urn:a": false, "urn:a:b": false,
		"urn:example:a:": false, "urn:example:a b": false, "urn:example:a[": false, "urn:ietf:params:scim:api:a": false, "URN:IETF:params:scim:API:a": false,
		"urn:ietf:params:scim:schemas:core:2.0:User": true, "http:": false,
	} {
		if got := isSchemaURI(text); got != want {
			t.Errorf("%.50q can be the id of a schema: %v", text, got)
		}
	}
}
