package patch_test

import (
	"slices"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// TestDifferences: what the client cannot write is no difference, and a state
// that is missing has no values.
func TestDifferences(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	read := func(text string) *schema.Resource {
		if text == "" {
			return nil
		}
		r, _, err := user.Decode([]byte(text), &schema.DecodeOptions{KeepReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	const ann = `{"id":"1","userName":"ann","title":"a","meta":{"version":"W/\"1\""},"groups":[{"value":"g"}]}`
	for _, c := range []struct {
		name, before, after string
		paths               []string
	}{
		{"nothing", "", "", nil},
		{"created", "", ann, []string{"userName", "title"}},
		{"deleted", ann, "", []string{"userName", "title"}},
		{"same", ann, `{"id":"1","userName":"ann","title":"a","meta":{"version":"W/\"2\""}}`, nil},
		{"changed", ann, `{"id":"1","userName":"ann","title":"b","emails":[{"value":"x"}]}`, []string{"title", "emails"}},
	} {
		before, after := read(c.before), read(c.after)
		var paths []string
		for _, d := range patch.Differences(before, after) {
			paths = append(paths, d.Path.String())
			if before == nil && !d.Old.IsZero() || after == nil && !d.New.IsZero() {
				t.Errorf("%s: %s was %v and is %v", c.name, d.Path, d.Old, d.New)
			}
		}
		if !slices.Equal(paths, c.paths) {
			t.Errorf("%s: %v differ, want %v", c.name, paths, c.paths)
		}
	}
}
