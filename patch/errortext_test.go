package patch_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// TestErrorTextIsShort: an error names the path once, and does not repeat what is long.
func TestErrorTextIsShort(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	for operation, want := range map[string]string{
		`{"op":"replace","path":"active","value":"maybe"}`:                                 "operation 0: active: wants true or false, not a string",
		`{"op":"add","path":"emails","value":[{"value":{}}]}`:                              "operation 0: emails[0].value: wants a string, not an object",
		`{"op":"remove","path":"` + strings.Repeat("x", 100_000) + `"}`:                    "operation 0: " + strings.Repeat("x", 200) + "…: not an attribute of User",
		`{"op":"add","value":{"userName` + strings.Repeat("x", 100_000) + `":1,"name":5}}`: "operation 0: name: takes an object with sub-attributes",
	} {
		request, err := patch.Parse([]byte(`{"schemas":["`+patch.MessageURN+`"],"Operations":[`+operation+`]}`), nil)
		if err == nil {
			_, err = request.Compile(user, nil)
		}
		if err == nil || err.Error() != want {
			t.Errorf("%.60s\ngot  %.400v\nwant %s", operation, err, want)
		}
	}
}

// TestErrorTextNamesThePathOnce: a detail may start with the path.
func TestErrorTextNamesThePathOnce(t *testing.T) {
	long := strings.Repeat("a", 200)
	for _, c := range []struct{ path, detail, want string }{
		{"text", "is wrong", "text: is wrong"},
		{"text", "text: is wrong", "text: is wrong"},
		{"text", "text.sub: is wrong", "text.sub: is wrong"},
		{"text", "text[1]: is wrong", "text[1]: is wrong"},
		{"text", "textual", "text: textual"},
		{"text", "text", "text: text"},
		{"text", ".sub", "text: .sub"},
		{long, "is wrong", long + ": is wrong"},
		{long + "b", "is wrong", long + "…: is wrong"},
	} {
		err := &patch.Error{Operation: -1, Path: c.path, Detail: c.detail, Reason: patch.InvalidValue}
		if err.Error() != c.want || slices.Contains(err.Unwrap(), nil) {
			t.Errorf("got %s, want %s", err, c.want)
		}
	}
}
