package patch_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// toleranceCases show each tolerance that PATCH uses: a request that needs it,
// where it is reported, and what happens without it: the reason why the request
// is refused, or "" if it is read in another way.
var toleranceCases = []struct {
	tolerance schema.Tolerance
	name      string
	operation string
	reported  string
	otherwise patch.Reason
}{
	{schema.OperationCase, "C1 AMB-12", `{"op":"Replace","path":"text","value":"x"}`, "Operations[0].op", patch.InvalidSyntax},
	{schema.BooleanText, "C2", `{"op":"replace","path":"flag","value":"True"}`, "flag", patch.InvalidValue},
	{schema.NumberText, "C3", `{"op":"replace","path":"text","value":7}`, "text", patch.InvalidValue},
	{schema.BareComplex, "C4", `{"op":"replace","path":"boss","value":"b2"}`, "boss", patch.InvalidValue},
	{schema.BareComplex, "entra-052", `{"op":"add","path":"crew","value":["u9"]}`, "crew", patch.InvalidValue},
	{schema.SingleInArray, "C4", `{"op":"replace","path":"boss","value":[{"value":"b2"}]}`, "boss", patch.InvalidValue},
	{schema.ArrayMissing, "C5", `{"op":"add","path":"mails","value":{"value":"x"}}`, "mails", patch.InvalidValue},
	{schema.JSONInString, "entra-021", `{"op":"replace","path":"person","value":"{\"first\":\"x\"}"}`, "person", patch.InvalidValue},
	{schema.EmptyText, "A3", `{"op":"replace","path":"text","value":""}`, "text", ""},
	{schema.EmptyText, "A3", `{"op":"replace","path":"boss","value":""}`, "boss", ""},
	{schema.DottedKey, "C6 AMB-41", `{"op":"replace","value":{"person.first":"x"}}`, "person.first", patch.InvalidValue},
	{schema.QualifiedKey, "C6 AMB-41", `{"op":"replace","value":{"urn:example:ext:Thing:dept":"x"}}`, extURN + ":dept", patch.InvalidValue},
	{schema.QualifiedKey, "C6 AMB-41", `{"op":"replace","value":{"urn:example:Thing":{"text":"x"}}}`, "", patch.InvalidValue},
	{schema.BareExtensionName, "C9", `{"op":"replace","value":{"dept":"x"}}`, extURN + ":dept", ""},
	{schema.ReadOnlyIgnored, "C7 AMB-43", `{"op":"replace","value":{"id":"9","text":"x"}}`, "id", patch.Mutability},
	{schema.URNDot, "C9", `{"op":"replace","path":"urn:example:ext:Thing.dept","value":"x"}`, extURN + ":dept", patch.InvalidPath},
	{schema.BareExtensionName, "C9", `{"op":"replace","path":"dept","value":"x"}`, extURN + ":dept", patch.InvalidPath},
	{schema.UnquotedLiteral, "C11", `{"op":"remove","path":"mails[type eq work]"}`, "mails.type", patch.InvalidFilter},
	{schema.SimpleValueFilter, "AMB-49", `{"op":"remove","path":"words[value eq \"alpha\"]"}`, "words", patch.InvalidPath},
	{schema.WrappedValue, "C17", `{"op":"add","path":"crew","value":{"crew":[{"value":"u9"}]}}`, "crew", ""},
	{schema.RemoveWithValue, "A1 AMB-39", `{"op":"remove","path":"crew","value":[{"value":"u1"}]}`, "crew", ""},
	{schema.ReplaceReferenceWhole, "A4", `{"op":"replace","path":"boss","value":{"value":"b2"}}`, "boss", ""},
	{schema.DuplicateValue, "C19", `{"op":"add","path":"words","value":["x","X"]}`, "words", ""},
	{schema.SecondPrimary, "C20 AMB-33", `{"op":"add","path":"mails","value":[{"value":"x","primary":true},{"value":"y","primary":true}]}`, "mails", patch.InvalidValue},
	{schema.SchemasUnknown, "C10 AMB-46", `{"op":"add","path":"schemas","value":["urn:x"]}`, "schemas", patch.InvalidValue},
	{schema.CreateForFilter, "C8 AMB-37 AMB-36", `{"op":"replace","path":"mails[type eq \"fax\"].value","value":"x"}`, "mails", patch.NoTarget},
	{schema.RemoveNoMatch, "AMB-38", `{"op":"remove","path":"mails[type eq \"fax\"]"}`, "mails", patch.NoTarget},
	{schema.RemoveNoMatch, "AMB-38", `{"op":"remove","path":"mails[type eq \"fax\"].value"}`, "mails", patch.NoTarget},
}

// rewritesOf applies an operation to the full document and returns what it was
// tolerated for.
func rewritesOf(t *testing.T, request []byte, o *patch.Options) ([]schema.Rewrite, error) {
	t.Helper()
	parsed, err := patch.Parse(request, o)
	if err != nil {
		return nil, err
	}
	changes, err := parsed.Compile(thing, o)
	if err != nil {
		return nil, err
	}
	result, err := changes.Apply(decode(t, thing, documents["full"]))
	if err != nil {
		return nil, err
	}
	return slices.Concat(changes.Report().Rewrites, result.Rewrites), nil
}

func TestTolerances(t *testing.T) {
	for _, c := range toleranceCases {
		request := body(c.operation)
		want := schema.Rewrite{Tolerance: c.tolerance, Path: c.reported}
		got, err := rewritesOf(t, request, nil)
		if err != nil || !slices.Contains(got, want) {
			t.Errorf("%s %s: reported %v, %v; want %v", c.name, c.operation, got, err, want)
		}
		for _, off := range []schema.ToleranceSet{schema.SetOf(c.tolerance), schema.Strict} {
			got, err := rewritesOf(t, request, &patch.Options{Off: off})
			if c.otherwise != "" && !errors.Is(err, c.otherwise) || c.otherwise == "" && off != schema.Strict && err != nil {
				t.Errorf("%s %s without %s: %v, want %q", c.name, c.operation, c.tolerance, err, c.otherwise)
			}
			if slices.ContainsFunc(got, func(r schema.Rewrite) bool { return r.Tolerance == c.tolerance }) && c.tolerance != schema.DuplicateValue {
				t.Errorf("%s %s: %s is used although it is off", c.name, c.operation, c.tolerance)
			}
		}
	}
}

// Values that differ need no tolerance.
func TestDistinctValues(t *testing.T) {
	for _, operation := range []string{`{"op":"add","path":"words","value":["x","y"]}`, `{"op":"add","path":"mails","value":[{"value":"x"},{"value":"y","primary":true}]}`} {
		if got := compile(t, nil, operation).Report().Rewrites; len(got) > 0 {
			t.Errorf("C19 C20 %s: %v", operation, got)
		}
	}
}

// What a removal does not find is all that there is to report.
func TestRemoveNoMatchOnly(t *testing.T) {
	for _, path := range []string{`mails[type eq \"fax\"]`, `mails[type eq \"fax\"].value`} {
		got, err := rewritesOf(t, body(`{"op":"remove","path":"`+path+`"}`), nil)
		if want := []schema.Rewrite{{Tolerance: schema.RemoveNoMatch, Path: "mails"}}; err != nil || !slices.Equal(got, want) {
			t.Errorf("AMB-38 %s: %v, %v", path, got, err)
		}
	}
}

// The message itself may lack its schema.
func TestToleratedSchemas(t *testing.T) {
	for text, tolerance := range map[string]schema.Tolerance{
		`{"Operations":[{"op":"remove","path":"text"}]}`:                     schema.SchemasMissing,
		`{"schemas":[],"Operations":[{"op":"remove","path":"text"}]}`:        schema.SchemasMissing,
		`{"schemas":["urn:x"],"Operations":[{"op":"remove","path":"text"}]}`: schema.SchemasUnknown,
	} {
		got, err := rewritesOf(t, []byte(text), nil)
		if err != nil || !slices.Equal(got, []schema.Rewrite{{Tolerance: tolerance, Path: "schemas"}}) {
			t.Errorf("7644-3.5.2-03 C10 %s: %v, %v; want %s", text, got, err, tolerance)
		}
		if _, err := patch.Parse([]byte(text), &patch.Options{Off: schema.SetOf(tolerance)}); !errors.Is(err, patch.InvalidSyntax) {
			t.Errorf("7644-3.5.2-03 %s without %s: %v", text, tolerance, err)
		}
	}
}

// Requests that follow the RFC need no tolerance and mean the same in strict
// mode.
func TestStrictAgrees(t *testing.T) {
	_, cases := readTable(t)
	agreed := 0
	for _, c := range cases {
		if c.option != "" {
			continue
		}
		rewrites, err := rewritesOf(t, body(c.operations...), nil)
		if err != nil || len(rewrites) > 0 || c.document != "full" {
			continue
		}
		agreed++
		c.option = "strict"
		if got := c.run(t); got != c.outcome {
			t.Errorf("%s needs no tolerance, but strict mode gives\n%s, not\n%s", c.name, got, c.outcome)
		}
	}
	if agreed < 80 {
		t.Errorf("only %d cases of the table need no tolerance", agreed)
	}
}

// What is left out of a request is said.
func TestIgnored(t *testing.T) {
	for operation, want := range map[string]string{
		`{"op":"replace","value":{"id":"9","schemas":["urn:x"],"wrong":1,"text":"x"}}`: "id schemas wrong",
		`{"op":"replace","path":"person","value":{"calc":"x","wrong":1}}`:              "person.calc person.wrong",
		`{"op":"replace","path":"urn:example:ext:Thing","value":{"wrong":1}}`:          extURN + ":wrong",
		`{"op":"replace","path":"crew[value eq \"u1\"].display","value":"x"}`:          "crew.display",
		`{"op":"add","path":"mails","value":[{"value":"x","wrong":1}]}`:                "mails.wrong",
		`{"op":"remove","path":"text","extra":1}`:                                      "Operations[0].extra",
	} {
		parsed, err := patch.Parse(body(operation), nil)
		if err != nil {
			t.Fatal(err)
		}
		changes, err := parsed.Compile(thing, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(changes.Report().Ignored, " "); got != want {
			t.Errorf("AMB-20 AMB-44 %s: ignored %s, want %s", operation, got, want)
		}
	}
}

// TestIgnoredInMessage: so is what a message has beside its parts.
func TestIgnoredInMessage(t *testing.T) {
	r, err := patch.Parse([]byte(`{`+schemasMember+`,"extra":{},"Operations":[{"op":"remove","path":"text"}],"more":1}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Compile(thing, nil)
	if err != nil || !slices.Equal(c.Report().Ignored, []string{"extra", "more"}) {
		t.Errorf("ignored %v, %v", c.Report().Ignored, err)
	}
}

// What a remove does not need is ignored with a report (C17).
func TestRemoveReportsItsValue(t *testing.T) {
	for op, want := range map[string]int{
		`{"op":"remove","path":"emails[type eq \"work\"]","value":[{"value":"x"}]}`: 1,
		`{"op":"remove","path":"title","value":"x"}`:                                1,
		`{"op":"remove","path":"title"}`:                                            0,
		`{"op":"remove","path":"emails","value":[]}`:                                0,
		`{"op":"remove","path":"emails","value":[{"value":"x"}]}`:                   0,
	} {
		r, err := patch.Parse([]byte(`{"schemas":["`+patch.MessageURN+`"],"Operations":[`+op+`]}`), nil)
		if err != nil {
			t.Fatal(err)
		}
		changes, err := r.Compile(schema.UserDefinition().MustCompile(), nil)
		if err != nil || len(changes.Report().Ignored) != want {
			t.Errorf("C17 %s: %v, %v", op, changes.Report(), err)
		}
	}
	all := compile(t, &patch.Options{RemoveValue: patch.RemoveAll}, `{"op":"remove","path":"crew","value":[{"value":"x"}]}`)
	if got := all.Report().Ignored; describe(all) != "Clear crew" || !slices.Equal(got, []string{"Operations[0].value"}) {
		t.Errorf("C17 with RemoveAll: %s, ignored %v", describe(all), got)
	}
}

func TestURNAliases(t *testing.T) {
	o := &patch.Options{URNAliases: map[string]string{"urn:old": extURN}}
	for _, operation := range []string{
		`{"op":"add","path":"urn:old:dept","value":"New"}`,
		`{"op":"add","path":"URN:OLD.dept","value":"New"}`,
		`{"op":"add","path":"urn:old","value":{"dept":"New"}}`,
		`{"op":"add","value":{"urn:old":{"dept":"New"}}}`,
		`{"op":"add","value":{"urn:old:dept":"New"}}`,
	} {
		r, err := applyBody(decode(t, thing, documents["bare"]), body(operation), o)
		if err != nil {
			t.Errorf("A8 %s: %v", operation, err)
			continue
		}
		if got := r.Get(thing.MustPath(extURN + ":dept")).Text(); got != "New" {
			t.Errorf("A8 %s: dept is %q", operation, got)
		}
	}
}

// TestURNAliasesFit: an alias stands for a whole URN, the longest one counts,
// and its use is reported.
func TestURNAliasesFit(t *testing.T) {
	o := &patch.Options{URNAliases: map[string]string{"urn:old": "urn:example:none", "urn:old:v2": extURN}}
	for path, want := range map[string]string{
		"text": "text", "urn:old:v2:dept": extURN + ":dept", "urn:old:v2.dept": extURN + ":dept", extURN + ":dept": extURN + ":dept",
		"urn:older:dept": "", "urn:old:dept": "", "urn:old:v2x:dept": "", "urn": "",
	} {
		r, err := patch.Parse(body(`{"op":"add","path":"`+path+`","value":"x"}`), o)
		if err != nil {
			t.Fatal(err)
		}
		c, err := r.Compile(thing, o)
		switch {
		case want == "" && !errors.Is(err, patch.InvalidPath), want != "" && err != nil:
			t.Errorf("A8 %s: %v", path, err)
		case want != "" && c.Paths()[0].String() != want:
			t.Errorf("A8 %s means %s", path, c.Paths()[0])
		case want != "":
			reported := slices.ContainsFunc(c.Report().Rewrites, func(r schema.Rewrite) bool { return r.Tolerance == schema.URNAlias })
			if reported != strings.HasPrefix(path, "urn:old") {
				t.Errorf("A8 %s: reported %v", path, c.Report().Rewrites)
			}
		}
	}
}

// checkSCIM11 reads a body with all parts that SCIM 1.1 has.
func checkSCIM11(t *testing.T) {
	t.Helper()
	text := `{"crew":[{"value":"u1","type":"User","Operation":"Delete"},"u2",{"value":"u3","operation":"add"}],"meta":{"location":["exact"],"Attributes":["link"]},"text":"x"}`
	o := &patch.Options{AcceptSCIM11GroupPatch: true, MaxOperations: 5}
	r, err := patch.Parse([]byte(text), o)
	if err != nil {
		t.Fatal(err)
	}
	want := string(body(`{"op":"remove","path":"crew","value":[{"value":"u1","type":"User"}]}`, `{"op":"add","path":"crew","value":["u2"]}`,
		`{"op":"add","path":"crew","value":[{"value":"u3"}]}`, `{"op":"remove","path":"link"}`, `{"op":"replace","path":"text","value":"x"}`))
	if got, err := r.MarshalJSON(); err != nil || string(got) != want {
		t.Errorf("A9: got %s, %v\nwant %s", got, err, want)
	}
	c, err := r.Compile(thing, o)
	if err != nil || len(c.Report().Ignored) > 0 || !slices.Contains(c.Report().Rewrites, schema.Rewrite{Tolerance: schema.SCIM11Members}) {
		t.Errorf("A9: report %v, %v", c.Report(), err)
	}
	o.MaxOperations = 4
	var fault *patch.Error
	if _, err := patch.Parse([]byte(text), o); !errors.As(err, &fault) || fault.Reason != patch.TooLarge || fault.Operation != -1 {
		t.Errorf("A9: more operations than are allowed: %v", err)
	}
}

func TestSCIM11(t *testing.T) {
	text := `{"schemas":["urn:scim:schemas:core:1.0"],"crew":[{"value":"u1","operation":"delete"},{"value":"u9"}],"text":"new","meta":{"attributes":["link"]}}`
	before := decode(t, thing, documents["full"])
	after, err := applyBody(before, []byte(text), &patch.Options{AcceptSCIM11GroupPatch: true})
	if err != nil {
		t.Fatal(err)
	}
	want := `= {"crew":[{"type":"User","value":"u2"},{"type":"Group","value":"g1"},{"value":"u9"}],"link":null,"text":"new"}`
	if got := fmt.Sprint("= ", difference(t, encode(t, before), encode(t, after))); got != want {
		t.Errorf("A9 onelogin-007: got %s, want %s", got, want)
	}
	checkSCIM11(t)
	for _, bad := range []string{`{}`, `{"schemas":["x"]}`, `{"meta":1}`} {
		if _, err := patch.Parse([]byte(bad), &patch.Options{AcceptSCIM11GroupPatch: true}); !errors.Is(err, patch.InvalidSyntax) {
			t.Errorf("A9 %s: %v", bad, err)
		}
	}
}
