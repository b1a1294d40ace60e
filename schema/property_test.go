package schema_test

import (
	"testing"

	"github.com/muster-scim/muster/internal/schemagen"
	"github.com/muster-scim/muster/schema"
	"pgregory.net/rapid"
)

// TestStorageFormIsLossless: what a store writes reads back to an equal
// resource, and gives the same bytes again.
func TestStorageFormIsLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := schemagen.Type().Draw(t, "type")
		r := schemagen.Resource(typ).Draw(t, "resource")
		data := encode(t, r, &schema.Encoding{All: true})
		again, err := typ.DecodeStored(data)
		if err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		if !again.Equal(r) {
			t.Fatalf("%s is not equal", data)
		}
		if twice := encode(t, again, &schema.Encoding{All: true}); string(twice) != string(data) {
			t.Fatalf("first %s\nthen  %s", data, twice)
		}
	})
}

func encode(t *rapid.T, r *schema.Resource, e *schema.Encoding) []byte {
	data, err := r.AppendJSON(nil, e)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
