package patch_test

import (
	"os"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

var (
	user  = schema.UserDefinition().MustCompile()
	group = schema.GroupDefinition().MustCompile()
)

// TestRFC applies the examples of the RFC; the strict reading gives the same,
// but for the one that removes what is not there.
func TestRFC(t *testing.T) {
	text, err := os.ReadFile("testdata/rfc.txt")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "## ")
	out := blocks[0]
	for _, block := range blocks[1:] {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		name, typ, before, request, want := lines[0], user, lines[2], lines[3], lines[4]
		if lines[1] == "Group" {
			typ = group
		}
		got, err := patch.ApplyJSON(typ, []byte(before), []byte(request), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if string(got) != want && !*update {
			t.Errorf("%s\ngot  %s\nwant %s", name, got, want)
		}
		strict, err := patch.ApplyJSON(typ, []byte(before), []byte(request), &patch.Options{Off: schema.Strict &^ schema.SetOf(schema.RemoveNoMatch, schema.FilterSpacing)})
		if err != nil || string(strict) != string(got) {
			t.Errorf("%s, strict: %v\ngot  %s\nwant %s", name, err, strict, got)
		}
		out += "## " + strings.Join([]string{name, lines[1], before, request, string(got)}, "\n") + "\n\n"
	}
	if *update {
		if err := os.WriteFile("testdata/rfc.txt", []byte(strings.TrimSuffix(out, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
