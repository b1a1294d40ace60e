package patch_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// modes are the options that fuzzing alternates between.
var modes = []*patch.Options{
	nil,
	{Off: schema.Strict},
	{AcceptSCIM11GroupPatch: true, Unknown: schema.PreserveUnknown, EmptyString: patch.EmptyKept, LetterCase: patch.CaseIgnored, Primary: schema.PassPrimary},
	{RemoveValue: patch.RemoveAll, Unknown: schema.RejectUnknown, Primary: schema.RejectPrimary},
}

// FuzzParse reads anything, and fits to a type whatever has the form of a
// request.
func FuzzParse(f *testing.F) {
	for _, request := range seeds(f) {
		f.Add([]byte(request))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, o := range modes {
			request, err := patch.Parse(text, o)
			if err != nil {
				checkError(t, err, len(text))
				if request != nil {
					t.Fatal("a request in spite of an error")
				}
				continue
			}
			changes, err := request.Compile(thing, o)
			if err != nil {
				checkError(t, err, len(request.Operations))
				continue
			}
			if _, err := patch.NewChanges(thing, changes.Edits()...); err != nil {
				t.Fatalf("Compile made an edit that does not conform: %v", err)
			}
			again, err := request.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := patch.Parse(again, o); err != nil {
				t.Fatalf("%s: not read back: %v", again, err)
			}
		}
	})
}

// FuzzApply applies requests to resources: what comes out conforms to the
// schema, and what went in stays as it was.
func FuzzApply(f *testing.F) {
	for _, request := range seeds(f) {
		for _, document := range documents {
			f.Add([]byte(document), []byte(request), byte(0))
			f.Add([]byte(document), []byte(request), byte(1))
		}
	}
	f.Fuzz(func(t *testing.T, document, text []byte, mode byte) {
		o := modes[int(mode)%len(modes)]
		before, _, err := thing.Decode(document, &schema.DecodeOptions{KeepReadOnly: true, Unknown: schema.PreserveUnknown})
		if err != nil {
			return
		}
		request, err := patch.Parse(text, o)
		if err != nil {
			return
		}
		changes, err := request.Compile(thing, o)
		if err != nil {
			return
		}
		frozen := encode(t, before)
		result, err := changes.Apply(before)
		if encode(t, before) != frozen {
			t.Fatal("Apply changed its input")
		}
		if err != nil {
			checkError(t, err, len(request.Operations))
			return
		}
		checkResult(t, before, changes, result)
	})
}

func checkResult(t *testing.T, before *schema.Resource, changes *patch.Changes, result *patch.Result) {
	if result.Changed == result.Resource.Equal(before) || result.Changed != (len(result.Diffs) > 0) {
		t.Fatalf("changed is %v with %d differences", result.Changed, len(result.Diffs))
	}
	text := encode(t, result.Resource)
	back, _, err := thing.Decode([]byte(text), &schema.DecodeOptions{KeepReadOnly: true, Unknown: schema.PreserveUnknown, Off: schema.Strict})
	if err != nil {
		t.Fatalf("the result does not conform: %v\n%s", err, text)
	}
	if !back.Equal(result.Resource) {
		t.Fatalf("the result reads back as %s\nnot as %s", encode(t, back), text)
	}
	for _, d := range result.Diffs {
		if !changes.Touches(d.Path) {
			t.Fatalf("%s changed, but is not touched", d.Path)
		}
	}
	again, err := changes.Apply(before)
	if err != nil || !again.Resource.Equal(result.Resource) {
		t.Fatalf("the second time %v %v", again, err)
	}
}

// checkError wants a complete *patch.Error about one of n operations.
func checkError(t *testing.T, err error, n int) {
	var fault *patch.Error
	if !errors.As(err, &fault) {
		t.Fatalf("%T is not an *Error: %v", err, err)
	}
	if fault.Reason == "" || fault.Detail == "" || fault.Operation < -1 || fault.Operation > n || !errors.Is(err, fault.Reason) {
		t.Fatalf("incomplete error %#v", fault)
	}
}

// seeds are the requests of the table and of the traces.
func seeds(f *testing.F) (requests []string) {
	text, err := os.ReadFile("testdata/table.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, block := range strings.Split(string(text), "## ")[1:] {
		var operations []string
		for _, line := range strings.Split(block, "\n") {
			if strings.HasPrefix(line, "{") {
				operations = append(operations, line)
			}
		}
		requests = append(requests, string(body(operations...)))
	}
	return append(requests, `{"members":[{"value":"u1","operation":"delete"}],"crew":[{"value":"u1","operation":"delete"},{"value":"u9"}],"meta":{"attributes":["text"]}}`)
}
