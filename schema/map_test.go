package schema_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/muster-scim/muster/internal/schemagen"
	"github.com/muster-scim/muster/schema"
	"pgregory.net/rapid"
)

// TestMapIsLossless: a resource that becomes a map and comes back is equal.
func TestMapIsLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := schemagen.Type().Draw(t, "type")
		r := schemagen.Resource(typ).Draw(t, "resource")
		again, _, err := typ.FromMap(r.Map(), &schema.DecodeOptions{KeepReadOnly: true, Off: schema.Strict})
		if err != nil || !again.Equal(r) {
			t.Fatalf("%v: %v", r.Map(), err)
		}
	})
}

func TestMapKeepsUnknown(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	r, _, err := user.Decode([]byte(`{"userName":"a","x":{"y":[1,"\u0000"]},"name":{"z":null}}`), &schema.DecodeOptions{Unknown: schema.PreserveUnknown})
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := user.FromMap(r.Map(), &schema.DecodeOptions{Unknown: schema.PreserveUnknown})
	if err != nil || !again.Equal(r) {
		t.Errorf("%v: %v", r.Map(), err)
	}
}

func TestFromMapTakesGoValues(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	r, _, err := user.FromMap(map[string]any{
		"userName":         "a",
		"meta":             map[string]any{"created": time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)},
		"emails":           []map[string]any{{"value": "x", "primary": true}},
		"x509Certificates": []any{map[string]any{"value": []byte("ab")}},
		"title":            json.Number("12"),
		"name":             struct{ GivenName string }{"G"},
		"nickName":         7,
		"locale":           int64(8),
		"schemas":          []string{schema.UserURN},
		"timezone":         nil,
	}, &schema.DecodeOptions{KeepReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	out, err := r.AppendJSON(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"schemas":["` + schema.UserURN + `"],"meta":{"created":"2026-01-02T03:04:05.000000006Z"},"userName":"a","name":{"givenName":"G"},` +
		`"nickName":"7","title":"12","locale":"8","emails":[{"value":"x","primary":true}],"x509Certificates":[{"value":"YWI="}]}`
	if string(out) != want {
		t.Errorf("got  %s\nwant %s", out, want)
	}
}

func TestFromMapRefuses(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	loop := map[string]any{}
	loop["name"] = []any{loop}
	for name, m := range map[string]map[string]any{
		"a map in itself":      loop,
		"a channel":            {"title": make(chan int)},
		"no number":            {"title": json.Number("1;")},
		"invalid UTF-8":        {"title": "\xff"},
		"invalid UTF-8 name":   {"\xff": 1},
		"not a number":         {"title": []any{math.NaN()}},
		"one name twice":       {"title": "a", "TITLE": "b"},
		"one name in a record": {"name": map[string]any{"givenName": "a", "givenname": "b"}},
	} {
		if _, _, err := user.FromMap(m, nil); !errors.As(err, new(*schema.ValidationError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
