package patch_test

import (
	"errors"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// TestApplyJSONErrors: each step may fail, and says so.
func TestApplyJSONErrors(t *testing.T) {
	remove := string(body(`{"op":"remove","path":"text"}`))
	for _, c := range []struct {
		name, document, request string
		want                    error
	}{
		{"request that is no PATCH", documents["full"], `{`, patch.InvalidSyntax},
		{"attribute that the type lacks", documents["full"], string(body(`{"op":"remove","path":"nope"}`)), patch.InvalidPath},
		{"document that is no JSON", `{`, remove, schema.ErrSyntax},
		{"change that the document forbids", documents["full"], string(body(`{"op":"remove","path":"fixed"}`)), patch.Mutability},
	} {
		got, err := patch.ApplyJSON(thing, []byte(c.document), []byte(c.request), nil)
		if got != nil || !errors.Is(err, c.want) {
			t.Errorf("%s: %s, %v", c.name, got, err)
		}
	}
}

// TestApplyJSONUnchanged: the document itself is returned, spaces and all.
func TestApplyJSONUnchanged(t *testing.T) {
	got, err := patch.ApplyJSON(thing, []byte(documents["full"]), body(`{"op":"replace","path":"text","value":"old"}`), nil)
	if err != nil || string(got) != documents["full"] {
		t.Errorf("%s, %v", got, err)
	}
}
