package schema

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestTolerances: each one has an entry of its own, is found by its identifier
// and is in the sets that are made with it only.
func TestTolerances(t *testing.T) {
	seen := map[string]bool{}
	for tolerance, info := range Tolerances() {
		if int(tolerance) != len(seen) || seen[info.ID] || info.ID == "" || info.Meaning == "" || info.Clause == "" || tolerance.String() != info.ID || tolerance.Info().Meaning != info.Meaning {
			t.Errorf("entry %d is %+v, %s", len(seen), info, tolerance)
		}
		seen[info.ID] = true
		if found, err := parseTolerance(info.ID); err != nil || found != tolerance {
			t.Errorf("%s is found as %s, %v", info.ID, found, err)
		}
		for other := range Tolerances() {
			if set := SetOf(tolerance); set.Has(other) != (other == tolerance) || !Strict.Has(other) || ToleranceSet(0).Has(other) {
				t.Errorf("the set of %s has %s: %v", tolerance, other, set.Has(other))
			}
		}
	}
	if len(seen) != int(toleranceCount) || toleranceCount.String() != "unknown" || Tolerance(255).String() != "unknown" || Strict.Has(toleranceCount) {
		t.Errorf("there are %d, and more", len(seen))
	}
	for range Tolerances() {
		break // going on after this would panic
	}
}

// TestToleranceSetText: a set is a list of identifiers in the order of the
// catalogue.
func TestToleranceSetText(t *testing.T) {
	for _, c := range []struct {
		data, text, fault string
		set               ToleranceSet
	}{
		{data: `[]`},
		{data: `["boolean-text"]`, text: "boolean-text", set: SetOf(BooleanText)},
		{data: `["unknown-member","boolean-text","urn-dot"]`, text: "boolean-text,urn-dot,unknown-member", set: SetOf(BooleanText, URNDot, UnknownMember)},
		{data: `"boolean-text"`, fault: "wants a list of identifiers of tolerances"},
		{data: `["a"]`, fault: `there is no tolerance "a"`},
		{data: `["boolean-text","a","b"]`, fault: `there is no tolerance "a", "b"`},
	} {
		var set ToleranceSet
		switch err := json.Unmarshal([]byte(c.data), &set); {
		case (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault):
			t.Errorf("%s: %v, want %s", c.data, err, c.fault)
		case set != c.set || set.String() != c.text:
			t.Errorf("%s is read as %s", c.data, set)
		}
	}
	if data, err := json.Marshal(SetOf(URNDot, BooleanText)); err != nil || string(data) != `["boolean-text","urn-dot"]` {
		t.Errorf("%s, %v", data, err)
	}
	if data, err := json.Marshal(ToleranceSet(0)); err != nil || string(data) != `[]` {
		t.Errorf("%s, %v", data, err)
	}
}

// TestReport lists each thing once, in order, and merges what others list.
func TestReport(t *testing.T) {
	title := UserDefinition().MustCompile().MustPath("title")
	var r Report
	for range 2 {
		r.use(URNDot, "a")
		r.use(URNDot, "b")
		r.use(BooleanText, "a")
		r.ignore("x")
		r.ignore("y")
	}
	r.Merge(nil)
	r.Merge(&Report{Rewrites: []Rewrite{{NumberText, "c"}}, Ignored: []string{"z"}, Unassigned: []Path{title}})
	if !slices.Equal(r.Rewrites, []Rewrite{{URNDot, "a"}, {URNDot, "b"}, {BooleanText, "a"}, {NumberText, "c"}}) ||
		!slices.Equal(r.Ignored, []string{"x", "y", "z"}) || !slices.Equal(r.Unassigned, []Path{title}) {
		t.Errorf("%+v", r)
	}
}
