package filter_test

import (
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// TestZeroFilter: the zero Filter has no text and matches nothing.
func TestZeroFilter(t *testing.T) {
	var f filter.Filter
	user := schema.UserDefinition().MustCompile().New().Resource()
	if f.Match(nil) || f.Match(user) || f.Match(new(schema.Resource)) || f.MatchValue(schema.String("a")) || f.String() != "" {
		t.Error("the zero Filter is about something")
	}
	for p := range f.Paths() {
		t.Errorf("the zero Filter asks for %s", p)
	}
}
