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

// TestCompactIsLossless: the compact form of a resource is equal to it, and stays
// so when a copy is changed.
func TestCompactIsLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := schemagen.Type().Draw(t, "type")
		r := schemagen.Resource(typ).Draw(t, "resource")
		data := encode(t, r, &schema.Encoding{All: true})
		compact := r.Compact()
		compact.Edit().SetID("changed")
		if got := encode(t, compact, &schema.Encoding{All: true}); !compact.Equal(r) || string(got) != string(data) {
			t.Fatalf("compact  %s\noriginal %s", got, data)
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

// TestProjectionNeverLeaks: whatever a client asks for, no attribute that is
// never returned or writeOnly is written, those that are always returned are,
// and what Includes excludes is not there.
func TestProjectionNeverLeaks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := schemagen.Type().Draw(t, "type")
		r := schemagen.Resource(typ).Draw(t, "resource")
		var names [2][]string
		list := rapid.IntRange(0, 1).Draw(t, "list")
		for _, p := range rapid.SliceOfN(schemagen.Path(typ), 0, 4).Draw(t, "names") {
			names[list] = append(names[list], schemagen.Spelling(p.String()).Draw(t, "spelling"))
		}
		projection, err := typ.NewProjection(names[0], names[1])
		if err != nil {
			t.Fatal(err)
		}
		data := encode(t, r, &schema.Encoding{Projection: projection})
		shown, err := typ.DecodeStored(data)
		if err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		for p := range typ.AllPaths() {
			checkShown(t, projection, p, r.Get(p), shown.Get(p))
		}
	})
}

func checkShown(t *rapid.T, projection *schema.Projection, p schema.Path, stored, shown schema.Value) {
	if p == p.Owner().SchemasPath() {
		return // it follows from what is shown
	}
	hidden := p.Returned() == schema.ReturnedNever || p.Mutability() == schema.WriteOnly
	switch {
	case hidden && (!shown.IsZero() || projection.Includes(p)):
		t.Fatalf("%s is never returned, but %v is", p, shown)
	case !projection.Includes(p) && !shown.IsZero():
		t.Fatalf("%s is not included, but is %v", p, shown)
	case p.Parent().IsZero() && p.Returned() == schema.ReturnedAlways && p.Kind() != schema.KindComplex && !shown.Equal(stored):
		t.Fatalf("%s is always returned, but is %v, not %v", p, shown, stored)
	}
}

// TestChecksSettle: what a check has corrected is right, and what a PUT of the
// resource itself leaves in place is the resource.
func TestChecksSettle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := schemagen.Type().Draw(t, "type")
		r, _, err := schema.CheckCreate(schemagen.Resource(typ).Draw(t, "resource"), nil)
		if err != nil {
			t.Fatal(err)
		}
		again, report, err := schema.CheckCreate(r, &schema.CheckOptions{Off: schema.Strict})
		if err != nil || !again.Equal(r) || len(report.Rewrites) > 0 {
			t.Fatalf("checking again: %v, %v", report, err)
		}
		if put := schema.Replacement(r, r, nil); !put.Equal(r) {
			t.Fatalf("%s\nbecomes\n%s", encode(t, r, &schema.Encoding{All: true}), encode(t, put, &schema.Encoding{All: true}))
		}
		other := schemagen.Resource(typ).Draw(t, "other")
		put := schema.Replacement(r, other, nil)
		if twice := schema.Replacement(r, put, nil); !twice.Equal(put) {
			t.Fatalf("%s\nbecomes\n%s", encode(t, put, &schema.Encoding{All: true}), encode(t, twice, &schema.Encoding{All: true}))
		}
	})
}

// TestPartsDecode: every value of a resource decodes by itself, and so does
// every element.
func TestPartsDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := schemagen.Type().Draw(t, "type")
		r := schemagen.Resource(typ).Draw(t, "resource")
		strict := &schema.DecodeOptions{Off: schema.Strict, KeepReadOnly: true}
		for p := range typ.Paths() {
			if p == typ.SchemasPath() {
				continue
			}
			data, err := p.AppendJSON(nil, r.Get(p))
			if err != nil {
				t.Fatal(err)
			}
			if v, _, err := p.DecodeValue(data, strict); err != nil || !v.Equal(r.Get(p)) {
				t.Fatalf("%s: %s: %v, %v", p, data, v, err)
			}
			for e := range r.Values(p) {
				data, _ := p.AppendJSON(nil, e)
				if v, _, err := p.DecodeElement(data, strict); err != nil || !v.Equal(e) || p.FoldValue(v) != p.FoldValue(e) {
					t.Fatalf("%s: %s: %v, %v", p, data, v, err)
				}
			}
		}
	})
}
