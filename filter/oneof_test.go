package filter

import (
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
)

func TestOpString(t *testing.T) {
	for op, want := range map[Op]string{Eq: "eq", Le: "le", 0: "", Le + 1: "", 255: ""} {
		if got := op.String(); got != want {
			t.Errorf("operator %d is %q", op, got)
		}
	}
}

// Whether equalities are merged shows in the time only, so it is asked here.
func TestMergeEqual(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	seven := strings.Repeat(`userName eq "a" or `, 7)
	tests := []struct {
		text   string
		merged bool
	}{
		{seven + `userName eq "b"`, true},
		{`(` + seven + `userName eq "b") or userName eq "c"`, true},
		{strings.Repeat(`profileUrl eq "a" or `, 7) + `profileUrl eq "b"`, true},
		{strings.TrimSuffix(seven, " or "), false},
		{seven + `title eq "b"`, false},
		{seven + `userName sw "b"`, false},
		{seven + `title pr`, false},
		{`title pr or ` + seven + `userName eq "b"`, false},
		{strings.Repeat(`meta.created eq "2011-05-13T04:42:34Z" or `, 7) + `meta.created eq "2011-05-13T04:42:35Z"`, false},
	}
	for _, tt := range tests {
		or, ok := MustParse(user, tt.text).Expr().(*Or)
		if !ok || (or.oneOf != nil) != tt.merged {
			t.Errorf("%s: merged is %t", tt.text, !tt.merged)
		}
	}
}
