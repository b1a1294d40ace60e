package patch_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// trace is one resource of a recorded scenario: how the client creates it, the
// PATCH requests that it sends, and what it reads in between.
type trace struct {
	Trace   string
	Type    string
	Profile string
	ID      string
	Create  json.RawMessage
	Steps   []struct {
		Patch  json.RawMessage
		Want   map[string]any
		Absent []string
	}
}

// TestTraces replays the PATCH requests of real identity providers with the
// default options. Whether the members that they add exist is for a store to
// say.
func TestTraces(t *testing.T) {
	text, err := os.ReadFile("testdata/traces.json")
	if err != nil {
		t.Fatal(err)
	}
	var traces []trace
	if err := json.Unmarshal(text, &traces); err != nil {
		t.Fatal(err)
	}
	for _, tr := range traces {
		t.Run(tr.Trace+"/"+tr.ID, func(t *testing.T) { tr.replay(t) })
	}
}

func (tr trace) replay(t *testing.T) {
	typ := user
	if tr.Type == "Group" {
		typ = group
	}
	created, _, err := typ.Decode(tr.Create, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := created.Edit()
	b.SetID(schema.ID(tr.ID))
	r := b.Resource()
	o := &patch.Options{AcceptSCIM11GroupPatch: tr.Profile == "scim11-group-patch"}
	for i, step := range tr.Steps {
		if step.Patch != nil {
			if r, err = applyBody(r, step.Patch, o); err != nil {
				t.Fatalf("step %d: %s: %v", i, step.Patch, err)
			}
			continue
		}
		tr.verify(t, r, step.Want, step.Absent)
	}
}

func (tr trace) verify(t *testing.T, r *schema.Resource, want map[string]any, absent []string) {
	var document any
	if err := json.Unmarshal([]byte(encode(t, r)), &document); err != nil {
		t.Fatal(err)
	}
	for pointer, matcher := range want {
		if got, _ := resolve(document, pointer); !matches(got, matcher) {
			t.Errorf("%s is %v, want %v\nin %v", pointer, got, matcher, document)
		}
	}
	for _, pointer := range absent {
		if got, ok := resolve(document, pointer); ok {
			t.Errorf("%s is %v, want nothing", pointer, got)
		}
	}
}

// resolve follows a JSON pointer, in which [attr=value] picks an element.
func resolve(v any, pointer string) (any, bool) {
	for _, step := range strings.Split(pointer, "/")[1:] {
		var ok bool
		switch held := v.(type) {
		case map[string]any:
			v, ok = held[step]
		case []any:
			v, ok = pick(held, step)
		}
		if !ok {
			return nil, false
		}
	}
	return v, true
}

func pick(list []any, step string) (any, bool) {
	if i, err := strconv.Atoi(step); err == nil && i < len(list) {
		return list[i], true
	}
	name, value, _ := strings.Cut(strings.Trim(step, "[]"), "=")
	for _, e := range list {
		if o, ok := e.(map[string]any); ok && strings.EqualFold(o[name].(string), value) {
			return e, true
		}
	}
	return nil, false
}

func matches(got, want any) bool {
	matcher, ok := want.(map[string]any)
	if !ok {
		return reflect.DeepEqual(got, want)
	}
	list, _ := got.([]any)
	for name, operand := range matcher {
		switch name {
		case "$emptyOrAbsent":
			return isVoid(got)
		case "$len":
			return float64(len(list)) == operand
		case "$minLen":
			return float64(len(list)) >= operand.(float64)
		case "$type":
			_, isObject := got.(map[string]any)
			return isObject == (operand == "object")
		case "$oneOf":
			for _, o := range operand.([]any) {
				if reflect.DeepEqual(got, o) {
					return true
				}
			}
		case "$contains":
			for _, e := range list {
				if reflect.DeepEqual(e, operand) {
					return true
				}
			}
		}
	}
	return false
}
