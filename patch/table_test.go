package patch_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

var update = flag.Bool("update", false, "write the outcomes of testdata/table.txt")

// minTable is the least number of cases that the table must have.
const minTable = 200

// tableOptions are the words that may follow the document's name.
var tableOptions = map[string]patch.Options{
	"":              {},
	"strict":        {Off: schema.Strict},
	"removeall":     {RemoveValue: patch.RemoveAll},
	"removereject":  {RemoveValue: patch.RemoveReject},
	"emptykept":     {EmptyString: patch.EmptyKept},
	"caseignored":   {LetterCase: patch.CaseIgnored},
	"rejectunknown": {Unknown: schema.RejectUnknown},
	"rejectprimary": {Primary: schema.RejectPrimary},
	"passprimary":   {Primary: schema.PassPrimary},
}

// tableCase is one block of the table.
type tableCase struct {
	name, document, option string
	operations             []string
	outcome                string
}

func readTable(t *testing.T) (head string, cases []tableCase) {
	t.Helper()
	text, err := os.ReadFile("testdata/table.txt")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "## ")
	for _, block := range blocks[1:] {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		c := tableCase{name: lines[0], operations: lines[2 : len(lines)-1], outcome: lines[len(lines)-1]}
		c.document, c.option, _ = strings.Cut(lines[1], " ")
		cases = append(cases, c)
	}
	return blocks[0], cases
}

func TestTable(t *testing.T) {
	head, cases := readTable(t)
	if len(cases) < minTable {
		t.Errorf("the table has %d cases, want %d", len(cases), minTable)
	}
	var out strings.Builder
	out.WriteString(head)
	for _, c := range cases {
		got := c.run(t)
		if got != c.outcome && !*update {
			t.Errorf("%s\n%s: %s\ngot  %s\nwant %s", c.name, c.document, strings.Join(c.operations, "\n"), got, c.outcome)
		}
		fmt.Fprintf(&out, "## %s\n%s\n%s\n%s\n\n", c.name, strings.TrimSpace(c.document+" "+c.option), strings.Join(c.operations, "\n"), got)
	}
	if *update {
		if err := os.WriteFile("testdata/table.txt", []byte(strings.TrimSuffix(out.String(), "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// run applies the case and returns its outcome as the table writes it.
func (c tableCase) run(t *testing.T) string {
	options, ok := tableOptions[c.option]
	if !ok || documents[c.document] == "" {
		t.Fatalf("%s: unknown document or option %q %q", c.name, c.document, c.option)
	}
	before := decode(t, thing, documents[c.document])
	frozen := encode(t, before)
	after, err := applyBody(before, body(c.operations...), &options)
	if encode(t, before) != frozen {
		t.Errorf("%s: Apply changed its input", c.name)
	}
	var fault *patch.Error
	if errors.As(err, &fault) {
		return strings.TrimSpace(fmt.Sprintf("! %s %d %s", fault.Reason, fault.Operation, fault.Path))
	}
	if err != nil {
		t.Fatalf("%s: not a *patch.Error: %v", c.name, err)
	}
	return "= " + difference(t, frozen, encode(t, after))
}

// applyBody does what a server does with a request.
func applyBody(r *schema.Resource, body []byte, o *patch.Options) (*schema.Resource, error) {
	request, err := patch.Parse(body, o)
	if err != nil {
		return nil, err
	}
	changes, err := request.Compile(r.Type(), o)
	if err != nil {
		return nil, err
	}
	result, err := changes.Apply(r)
	if err != nil {
		return nil, err
	}
	return result.Resource, nil
}

// difference returns the top-level members of b that a does not have like
// that, with null for those that are gone.
func difference(t *testing.T, a, b string) string {
	t.Helper()
	var before, after map[string]any
	if err := errors.Join(json.Unmarshal([]byte(a), &before), json.Unmarshal([]byte(b), &after)); err != nil {
		t.Fatal(err)
	}
	changed := map[string]any{}
	for name, v := range after {
		if !reflect.DeepEqual(before[name], v) {
			changed[name] = v
		}
	}
	for name := range before {
		if _, kept := after[name]; !kept {
			changed[name] = nil
		}
	}
	text, err := json.Marshal(changed)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
