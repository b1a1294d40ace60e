package sqlstore

import (
	"slices"
	"strconv"
	"testing"

	"github.com/muster-scim/muster/schema"
)

// The ranges of all numbers of digits hold what comes after a text in the
// order of bytes, and nothing else.
func TestRangeAfter(t *testing.T) {
	var all []string
	for n := range 2500 {
		all = append(all, strconv.Itoa(n+1))
	}
	for _, after := range append(all[:1200:1200], "", "0", "01", "1/", "1:", "10a", "9", "99", "999", "9999", "a", "2 ", "24:", "00", "1000000000000000000000") {
		for _, text := range all {
			n, _ := strconv.ParseInt(text, 10, 64)
			low, high, ok := rangeAfter(after, len(text))
			if got := ok && low <= n && n <= high; got != (text > after) {
				t.Fatalf("%s after %q: %t, in %d to %d (%t)", text, after, got, low, high, ok)
			}
		}
	}
}

func TestRangeAfterLargest(t *testing.T) {
	for after, want := range map[string]bool{"": true, "9223372036854775806": true, "9223372036854775807": false, "93": false} {
		low, high, ok := rangeAfter(after, 19)
		if got := ok && low <= high; got != want {
			t.Errorf("%q: %d to %d, %t", after, low, high, ok)
		}
	}
}

func TestIDs(t *testing.T) {
	uuid := schema.ID("01a210af-24a6-7bdc-8a82-6d7e8ac87eec")
	for _, tt := range []struct {
		id   ID
		text schema.ID
		ok   bool
	}{
		{ID{Kind: IntegerID}, "42", true},
		{ID{Kind: IntegerID}, "042", false},
		{ID{Kind: IntegerID}, "+42", false},
		{ID{Kind: IntegerID}, "0", false},
		{ID{Kind: IntegerID}, "-1", false},
		{ID{Kind: IntegerID}, "9223372036854775808", false},
		{ID{Kind: IntegerID, Prefix: "g"}, "g42", true},
		{ID{Kind: IntegerID, Prefix: "g"}, "42", false},
		{ID{Kind: UUIDID}, uuid, true},
		{ID{Kind: UUIDID}, "01A210AF-24A6-7BDC-8A82-6D7E8AC87EEC", false},
		{ID{Kind: UUIDID}, "urn:uuid:" + uuid, false},
		{ID{}, "any text", true},
		{ID{}, "", false},
		{ID{}, "a\x00b", false},
		{ID{}, "ä", false},
	} {
		arg, ok := tt.id.param(tt.text)
		if ok != tt.ok {
			t.Errorf("%+v, %q: %t", tt.id, tt.text, ok)
		}
		if ok && tt.id.text(arg) != tt.text {
			t.Errorf("%+v, %q comes back as %q", tt.id, tt.text, tt.id.text(arg))
		}
	}
	if !slices.Equal(ID{Kind: IntegerID}.params([]schema.ID{"1", "x", "2"}), []any{int64(1), int64(2)}) {
		t.Error("params leaves out ids that no row has")
	}
}
