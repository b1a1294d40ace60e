package patch_test

import (
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// TestZeroChanges: the zero Changes are about nothing, on any resource.
func TestZeroChanges(t *testing.T) {
	var c patch.Changes
	for _, r := range []*schema.Resource{nil, thing.New().Resource()} {
		if result, err := c.Apply(r); err != nil || result.Changed || result.Resource != r || len(result.Diffs) > 0 {
			t.Errorf("%v, %v", result, err)
		}
	}
	text := thing.MustPath("text")
	if _, members := c.Delta(text); c.Type() != nil || len(c.Edits()) > 0 || len(c.Paths()) > 0 || c.Touches(text) || c.Only(text) || members && c.RemovesAll(text) {
		t.Error("the zero Changes are about something")
	}
}
