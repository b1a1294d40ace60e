package patch_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

const schemasMember = `"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]`

func TestParseFaults(t *testing.T) {
	for _, c := range []struct {
		name, body string
		reason     patch.Reason
		operation  int
		detail     string
	}{
		{"empty body", ``, patch.InvalidSyntax, -1, "byte 0"},
		{"not JSON", `{"schemas":`, patch.InvalidSyntax, -1, "not valid JSON"},
		{"not an object", `[]`, patch.InvalidSyntax, -1, "must be an object"},
		{"something after", `{` + schemasMember + `,"Operations":[{"op":"remove","path":"x"}]} {}`, patch.InvalidSyntax, -1, "after the message"},
		{"7644-3.5.2-04 AMB-50 no Operations", `{` + schemasMember + `}`, patch.InvalidSyntax, -1, "at least one"},
		{"7644-3.5.2-04 AMB-50 empty Operations", `{` + schemasMember + `,"Operations":[]}`, patch.InvalidSyntax, -1, "at least one"},
		{"7644-3.5.2-04 Operations is an object", `{"Operations":{"op":"add"}}`, patch.InvalidSyntax, -1, "must be an array"},
		{"AMB-30 Operations twice", `{"Operations":[{"op":"remove","path":"x"}],"operations":[]}`, patch.InvalidSyntax, -1, "twice"},
		{"operation is a string", `{"Operations":["add"]}`, patch.InvalidSyntax, 0, "must be an object"},
		{"7644-3.5.2-05 op missing", `{"Operations":[{"op":"remove","path":"x"},{"path":"x","value":1}]}`, patch.InvalidSyntax, 1, "op is missing"},
		{"7644-3.5.2-05 op twice", `{"Operations":[{"op":"add","OP":"remove","path":"x"}]}`, patch.InvalidSyntax, 0, "twice"},
		{"7644-3.5.2-06 op a number", `{"Operations":[{"op":1,"path":"x"}]}`, patch.InvalidSyntax, 0, "op must be"},
		{"7644-3.5.2-02 7644-3.5.2-06 op move", `{"Operations":[{"op":"move","path":"x"}]}`, patch.InvalidSyntax, 0, "add, remove or replace"},
		{"path a number", `{"Operations":[{"op":"add","path":1,"value":1}]}`, patch.InvalidSyntax, 0, "path must be"},
		{"7644-3.5.2.2-01 7644-3.5.2-07 remove without path", `{"Operations":[{"op":"remove"}]}`, patch.NoTarget, 0, "needs a path"},
		{"remove with null for a path", `{"Operations":[{"op":"remove","path":null}]}`, patch.NoTarget, 0, "needs a path"},
		{"7644-3.5.2.1-01 add without value", `{"Operations":[{"op":"add","path":"x"}]}`, patch.InvalidValue, 0, "needs a value"},
		{"replace without value", `{"Operations":[{"op":"replace","path":"x"}]}`, patch.InvalidValue, 0, "needs a value"},
		{"schemas a string", `{"schemas":"urn:x","Operations":[{"op":"remove","path":"x"}]}`, patch.InvalidSyntax, -1, "list of strings"},
		{"schemas with a number", `{"schemas":[1],"Operations":[{"op":"remove","path":"x"}]}`, patch.InvalidSyntax, -1, "list of strings"},
		{"member twice in a value", `{"Operations":[{"op":"add","value":{"a":1,"a":2}}]}`, patch.InvalidSyntax, 0, "not valid JSON"},
		{"value not UTF-8", "{\"Operations\":[{\"op\":\"add\",\"value\":\"\xff\"}]}", patch.InvalidSyntax, 0, "not valid JSON"},
		{"value cut off", `{"Operations":[{"op":"add","path":"x","value":[1,`, patch.InvalidSyntax, 0, "not valid JSON"},
		{"SCIM 1.1", `{"members":[{"value":"1","operation":"delete"}]}`, patch.InvalidSyntax, -1, "at least one"},
	} {
		r, err := patch.Parse([]byte(c.body), nil)
		var fault *patch.Error
		if !errors.As(err, &fault) || r != nil {
			t.Errorf("%s: %v, %v", c.name, r, err)
			continue
		}
		if fault.Reason != c.reason || fault.Operation != c.operation || !strings.Contains(fault.Detail, c.detail) {
			t.Errorf("%s: %s of operation %d: %s; want %s of %d: %s", c.name, fault.Reason, fault.Operation, fault.Detail, c.reason, c.operation, c.detail)
		}
	}
}

func TestParseLimits(t *testing.T) {
	one := `{"op":"remove","path":"text"}`
	for _, c := range []struct {
		name   string
		body   []byte
		o      *patch.Options
		reason patch.Reason
	}{
		{"operations at the limit", body(one, one), &patch.Options{MaxOperations: 2}, ""},
		{"operations above the limit", body(one, one, one), &patch.Options{MaxOperations: 2}, patch.TooLarge},
		{"bytes at the limit", body(one), &patch.Options{MaxBytes: len(body(one))}, ""},
		{"bytes above the limit", body(one), &patch.Options{MaxBytes: len(body(one)) - 1}, patch.TooLarge},
		{"the default number of operations", body(slicesRepeat(one, patch.DefaultMaxOperations)...), nil, ""},
		{"one more", body(slicesRepeat(one, patch.DefaultMaxOperations+1)...), nil, patch.TooLarge},
		{"the default number of bytes", append(body(one), make([]byte, patch.DefaultMaxBytes)...), nil, patch.TooLarge},
		{"deep nesting", []byte(strings.Repeat(`{"Operations":`, 1<<16)), nil, patch.InvalidSyntax},
		{"a deeply nested value", body(`{"op":"add","path":"text","value":` + strings.Repeat("[", 1<<18)), nil, patch.InvalidSyntax},
	} {
		_, err := patch.Parse(c.body, c.o)
		if c.reason == "" && err != nil || c.reason != "" && !errors.Is(err, c.reason) {
			t.Errorf("%s: %v, want %q", c.name, err, c.reason)
		}
		var fault *patch.Error
		if errors.As(err, &fault) && strings.Contains(c.name, "bytes") && fault.Operation != -1 {
			t.Errorf("%s: %v names an operation", c.name, err)
		}
		if c.reason == patch.TooLarge && !errors.Is(err, schema.ErrLimit) {
			t.Errorf("%s: %v is not an ErrLimit", c.name, err)
		}
	}
}

// Work that a single operation can ask for is limited too.
func TestKeysWithFilters(t *testing.T) {
	keys := func(n int) []byte {
		value := object{}
		for i := range n {
			value[fmt.Sprintf(`mails[value eq "%d"].type`, i)] = "x"
		}
		return body(`{"op":"add","value":` + string(mustJSON(t, value)) + `}`)
	}
	o := &patch.Options{MaxOperations: 10}
	if _, err := applyBody(decode(t, thing, documents["bare"]), keys(10), o); err != nil {
		t.Error(err)
	}
	if _, err := applyBody(decode(t, thing, documents["bare"]), keys(11), o); !errors.Is(err, patch.TooLarge) {
		t.Errorf("11 keys with filters: %v", err)
	}
	for _, c := range []struct {
		key    string
		reason patch.Reason
	}{
		{`wrong[type eq "x"].value`, ""}, // unknown, so ignored
		{`mails[type eq "x"`, patch.InvalidFilter},
		{`mails[type xx "x"].value`, patch.InvalidFilter},
	} {
		_, err := applyBody(decode(t, thing, documents["bare"]), body(`{"op":"add","value":`+string(mustJSON(t, object{c.key: "y"}))+`}`), nil)
		if c.reason == "" && err != nil || c.reason != "" && !errors.Is(err, c.reason) {
			t.Errorf("C6 %s: %v, want %q", c.key, err, c.reason)
		}
	}
}

// Neither can the values of a request and of a resource multiply.
func TestWorkIsBounded(t *testing.T) {
	const n = 5000
	list := func(member string) string {
		values := make([]string, n)
		for i := range values {
			values[i] = fmt.Sprintf(`{"%s":"x%d"}`, member, i)
		}
		return "[" + strings.Join(values, ",") + "]"
	}
	for _, c := range []struct {
		attr, member string
		reason       patch.Reason
	}{
		{"crew", "value", ""},
		{"mails", "value", ""},
		{"places", "city", patch.TooLarge},
	} {
		values := list(c.member)
		full, err := applyBody(decode(t, thing, documents["bare"]), body(`{"op":"add","path":"`+c.attr+`","value":`+values+`}`), nil)
		if err != nil {
			t.Fatal(err)
		}
		empty, err := applyBody(full, body(`{"op":"remove","path":"`+c.attr+`","value":`+values+`}`), nil)
		if c.reason == "" && (err != nil || !empty.Get(thing.MustPath(c.attr)).IsZero()) || c.reason != "" && !errors.Is(err, c.reason) {
			t.Errorf("removing %d values of %s: %v, want %q", n, c.attr, err, c.reason)
		}
	}
}

func slicesRepeat(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

func TestParseKeeps(t *testing.T) {
	r, err := patch.Parse([]byte(`{"ID":"7", "operations" : [ {"OP":"ADD","Path":"a\"b","VALUE": {"x" : [1, null]} ,"extra":1}, {"op":"replace","path":"","value":""} ] }`), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []patch.Operation{{Op: patch.Add, Path: `a"b`, Value: []byte(`{"x" : [1, null]}`)}, {Op: patch.Replace, Value: []byte(`""`)}}
	if !reflect.DeepEqual(r.Operations, want) {
		t.Errorf("got %v, want %v", r.Operations, want)
	}
	text, err := json.Marshal(r)
	if err != nil || string(text) != `{`+schemasMember+`,"Operations":[{"op":"add","path":"a\"b","value":{"x":[1,null]}},{"op":"replace","value":""}]}` {
		t.Errorf("written as %s, %v", text, err)
	}
}

// A request that a program wrote is checked as well.
func TestCompileOwnRequest(t *testing.T) {
	remove := patch.Operation{Op: patch.Remove, Path: "text"}
	for _, c := range []struct {
		name       string
		operations []patch.Operation
		reason     patch.Reason
		operation  int
	}{
		{"no operations", nil, patch.InvalidSyntax, -1},
		{"no op", []patch.Operation{remove, {Path: "text"}}, patch.InvalidSyntax, 1},
		{"other op", []patch.Operation{{Op: "move", Path: "text"}}, patch.InvalidSyntax, 0},
		{"value not JSON", []patch.Operation{{Op: patch.Add, Path: "text", Value: []byte(`{`)}}, patch.InvalidSyntax, 0},
		{"value of a removal not JSON", []patch.Operation{{Op: patch.Remove, Path: "text", Value: []byte(`{`)}}, patch.InvalidSyntax, 0},
		{"too many", make([]patch.Operation, patch.DefaultMaxOperations+1), patch.TooLarge, patch.DefaultMaxOperations},
		{"just not too many", slices.Repeat([]patch.Operation{remove}, patch.DefaultMaxOperations), "", 0},
		{"removal of what is required", []patch.Operation{{Op: patch.Remove, Path: "must"}}, patch.Mutability, 0},
		{"good", []patch.Operation{remove}, "", 0},
		{"good value", []patch.Operation{{Op: patch.Add, Path: "text", Value: []byte(`"x"`)}}, "", 0},
	} {
		_, err := (&patch.Request{Operations: c.operations}).Compile(thing, nil)
		var fault *patch.Error
		if c.reason == "" && err != nil || c.reason != "" && !(errors.As(err, &fault) && fault.Reason == c.reason && fault.Operation == c.operation) {
			t.Errorf("%s: %v, want %q of operation %d", c.name, err, c.reason, c.operation)
		}
	}
}

func TestErrorText(t *testing.T) {
	_, err := applyBody(decode(t, thing, documents["full"]), body(`{"op":"remove","path":"numbers","value":["x"]}`), nil)
	if err == nil || !strings.Contains(err.Error(), "whole number") {
		t.Errorf("got %v, want the type of numbers", err)
	}
	_, err = applyBody(decode(t, thing, documents["full"]), body(`{"op":"remove","path":"text"}`, `{"op":"replace","path":"flag","value":"secret?"}`), nil)
	if want := "operation 1: flag: "; err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "secret?") {
		t.Errorf("got %v, want %s… without the value", err, want)
	}
	if !errors.Is(err, patch.InvalidValue) || !errors.Is(err, schema.ErrValue) || errors.Is(err, patch.NoTarget) {
		t.Errorf("%v is not classified", err)
	}
	for text, want := range map[string]string{
		`{"Operations":[{"op":7}]}`:                 "op must be a string",
		`{"Operations":[{"op":"x`:                   "not valid JSON",
		`{"Operations":[{"op":"move","path":"x"}]}`: "op must be add, remove or replace",
	} {
		if _, err := patch.Parse([]byte(text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	if text, err := (&patch.Request{Operations: []patch.Operation{{Op: patch.Remove, Path: "\xff"}}}).AppendJSON(nil); err == nil {
		t.Errorf("a path that is not UTF-8 is written as %s", text)
	}
	_, err = patch.Parse([]byte(`{}`), nil)
	if err == nil || err.Error() != "Operations must have at least one operation" {
		t.Errorf("got %v", err)
	}
}
