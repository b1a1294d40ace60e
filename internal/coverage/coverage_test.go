package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestParseRequirements(t *testing.T) {
	got, err := parseRequirements("7643-2-01\tMUST\tcore\tA\n7644-7.1-02\tMAY\thost\tB\n7644-7.1-03\tMAY\tcore\tC\n", "# why\n7644-7.1-03\tnot offered\n")
	want := []requirement{
		{"7643-2-01", "MUST", "core", "A", ""},
		{"7644-7.1-02", "MAY", "host", "B", "duty of the host"},
		{"7644-7.1-03", "MAY", "core", "C", "not offered"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestParseRequirementsRefuses(t *testing.T) {
	for _, c := range []struct{ table, notes, want string }{
		{"7643-2-01\tMUST\tcore\n", "", "not a requirement"},
		{"7643-2\tMUST\tcore\tA\n", "", "not a requirement"},
		{"", "7643-2-01\treason\n", "7643-2-01"},
		{"", "7643-2-01\n", "without a reason"},
	} {
		if _, err := parseRequirements(c.table, c.notes); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q, %q: got error %v, want one with %q", c.table, c.notes, err, c.want)
		}
	}
}

// The embedded table is data that others rely on by number.
func TestRequirementsAreComplete(t *testing.T) {
	all, err := parseRequirements(requirementsTSV, notesTSV)
	if err != nil {
		t.Fatal(err)
	}
	counts, ids := map[string]int{}, map[string]bool{}
	for _, r := range all {
		counts[r.rfc()]++
		ids[r.id] = true
	}
	want := map[string]int{"7643": 228, "7644": 333, "9865": 42, "9967": 61, "9944": 54}
	if !reflect.DeepEqual(counts, want) || len(ids) != len(all) {
		t.Errorf("rows %v with %d different ids, want %v", counts, len(ids), want)
	}
}

func TestScan(t *testing.T) {
	fsys := fstest.MapFS{
		"filter/a_test.go":         {Data: []byte("package filter\nvar table = []string{\"7643-2-02: x\"}\n// 7643-2-09\nfunc TestA() { _, _ = \"7643-2-01 and AMB-03, 7644-3.5.2-03\", `7643-2-01` }\n")},
		"filter/a.go":              {Data: []byte("package filter\nvar x = \"7643-2-03\"\n")},
		"storetest/a.go":           {Data: []byte("package storetest\nvar x = \"7643-2-04\"\n")},
		"patch/testdata/q.txtar":   {Data: []byte("About 7643-2-05.\n")},
		"internal/coverage/a.go":   {Data: []byte("package main\nvar x = \"7643-2-06\"\n")},
		".git/testdata/q":          {Data: []byte("7643-2-07")},
		"scim/testdata/number.txt": {Data: []byte("17643-2-08 7643-2-080")},
	}
	got, err := scan(fsys)
	want := places{
		"7643-2-01":     {{"filter.TestA", "filter/a_test.go"}},
		"AMB-03":        {{"filter.TestA", "filter/a_test.go"}},
		"7644-3.5.2-03": {{"filter.TestA", "filter/a_test.go"}},
		"7643-2-02":     {{"filter/a_test.go", "filter/a_test.go"}},
		"7643-2-04":     {{"storetest/a.go", "storetest/a.go"}},
		"7643-2-05":     {{"patch/testdata/q.txtar", "patch/testdata/q.txtar"}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v\nwant %v", got, err, want)
	}
}

func TestRenderReadings(t *testing.T) {
	readings, err := parseReadings("AMB-01\tWhat?\tThis.\nAMB-02\tAnd?\tThat.\n")
	if err != nil {
		t.Fatal(err)
	}
	got := string(renderReadings(readings, places{"AMB-02": {{"a.TestA", "a_test.go"}}}))
	want := "| AMB-01 | What? | This. |  |\n| AMB-02 | And? | That. | [a.TestA](../a_test.go) |\n"
	if !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant at the end\n%s", got, want)
	}
	if _, err := parseReadings("AMB-1\tWhat?\tThis.\n"); err == nil {
		t.Error("an id of the wrong form is accepted")
	}
}

func TestScanReportsBrokenSource(t *testing.T) {
	fsys := fstest.MapFS{"a_test.go": {Data: []byte("7643-2-01")}}
	if _, err := scan(fsys); err == nil || !strings.Contains(err.Error(), "a_test.go") {
		t.Errorf("got error %v, want one that names the file", err)
	}
}

func TestCheckKnown(t *testing.T) {
	found := places{"7643-2-01": {{"a", "a"}}, "AMB-01": {{"a", "a"}}, "7643-2-99": {{"b.TestB", "b_test.go"}}}
	err := found.checkKnown([]requirement{{id: "7643-2-01"}}, []reading{{id: "AMB-01"}})
	if err == nil || err.Error() != "b_test.go: 7643-2-99 is the id of nothing" {
		t.Errorf("got error %v", err)
	}
}

func TestRenderRequirements(t *testing.T) {
	requirements := []requirement{
		{"7643-2-01", "MUST", "core", "Tested", ""},
		{"7643-2-02", "MUST NOT", "core", "Open", ""},
		{"7643-2-03", "SHOULD", "host", "Theirs", "duty of the host"},
		{"7643-2-04", "MAY", "core", "Open too", ""},
	}
	found := places{"7643-2-01": {{"a.A", "a"}, {"b.B", "b"}, {"c.C", "c"}, {"d.D", "d"}}}
	got := string(renderRequirements(requirements, found))
	for _, want := range []string{
		"| 7643 | 4 | 1 | 1 | 2 | 1 |\n",
		"| 7643-2-01 | MUST | Tested | [a.A](../a), [b.B](../b), [c.C](../c), +1 |\n",
		"| 7643-2-02 | MUST NOT | Open |  |\n",
		"| 7643-2-03 | SHOULD | Theirs | duty of the host |\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// The pages themselves are compared by the -check step of CI, not here: then two
// changes that each add tests can be made side by side.
func TestRunWritesAndChecks(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "docs"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, true); err == nil {
		t.Error("a missing page passes the check")
	}
	if err := run(dir, false); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, true); err != nil {
		t.Errorf("the page just written: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a_test.go"), []byte("package a\nfunc TestA() { _ = \"7643-2-01\" }\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, true); err == nil || !strings.Contains(err.Error(), "not current") {
		t.Errorf("a new test: got %v, want the page to be out of date", err)
	}
}

// TestTree makes sure that no test names an id that does not exist.
func TestTree(t *testing.T) {
	if _, err := generate(filepath.Join("..", "..")); err != nil {
		t.Error(err)
	}
}

// TestEveryMust makes sure that what the RFCs demand is tested, or named in the
// operating guide as a duty of the host.
func TestEveryMust(t *testing.T) {
	root := filepath.Join("..", "..")
	requirements, err := parseRequirements(requirementsTSV, notesTSV)
	if err != nil {
		t.Fatal(err)
	}
	found, err := scan(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile(filepath.Join(root, "docs", "operate.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, duties, _ := strings.Cut(string(guide), "## Duties of the host")
	named := idPattern.FindAllString(duties, -1)
	for _, r := range requirements {
		if strings.HasPrefix(r.level, "MUST") && len(found[r.id]) == 0 && !slices.Contains(named, r.id) {
			t.Errorf("%s (%s: %s) has no test, and is not among the duties of the host in docs/operate.md", r.id, r.level, r.text)
		}
	}
	for _, id := range named {
		if len(found[id]) > 0 {
			t.Errorf("%s is a duty of the host in docs/operate.md, and has a test", id)
		}
	}
}
