package schema_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
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
		"nickName":         42,
		"locale":           int64(-43),
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
		`"nickName":"42","title":"12","locale":"-43","emails":[{"value":"x","primary":true}],"x509Certificates":[{"value":"YWI="}]}`
	if string(out) != want {
		t.Errorf("got  %s\nwant %s", out, want)
	}
}

// TestMap is what JSON would be read into.
func TestMap(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	r, _, err := user.Decode([]byte(`{"userName":"a","active":false,"emails":[{"value":"x","primary":true},{"value":"y"}],"x":1}`), &schema.DecodeOptions{Unknown: schema.PreserveUnknown})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"schemas": []any{schema.UserURN}, "userName": "a", "active": false, "x": 1.0,
		"emails": []any{map[string]any{"value": "x", "primary": true}, map[string]any{"value": "y"}},
	}
	if got := r.Map(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestFromMapRefuses says what is wrong with values that are no JSON, before
// anything is decoded.
func TestFromMapRefuses(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	loop := map[string]any{}
	loop["name"] = []any{loop}
	lists, maps := any("x"), any("x")
	for range 1000 {
		lists, maps = []any{lists}, map[string]any{"a": maps}
	}
	for name, c := range map[string]struct {
		m    map[string]any
		text string
	}{
		"a map in itself":      {loop, "nested deeper than 1000 levels"},
		"many lists":           {map[string]any{"title": lists}, "nested deeper than 1000 levels"},
		"many maps":            {map[string]any{"title": maps}, "nested deeper than 1000 levels"},
		"one map less":         {maps.(map[string]any), "nested deeper than 32 levels"},
		"a channel":            {map[string]any{"title": make(chan int)}, "chan int"},
		"no number":            {map[string]any{"title": json.Number("1;")}, `"1;" is not a number`},
		"invalid UTF-8":        {map[string]any{"title": "\xff"}, "invalid UTF-8"},
		"invalid UTF-8 name":   {map[string]any{"\xff": 1}, "invalid UTF-8"},
		"not a number":         {map[string]any{"title": []any{math.NaN()}}, "NaN"},
		"one name twice":       {map[string]any{"title": "a", "TITLE": "b"}, "twice"},
		"one name in a record": {map[string]any{"name": map[string]any{"givenName": "a", "givenname": "b"}}, "twice"},
	} {
		if _, _, err := user.FromMap(c.m, nil); !errors.As(err, new(*schema.ValidationError)) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	many := make([]any, 2000)
	for i := range many {
		many[i] = map[string]any{"value": []any{i}}
	}
	if _, _, err := user.FromMap(map[string]any{"userName": "a", "x": many}, nil); err != nil {
		t.Errorf("many values beside each other: %v", err)
	}
}
