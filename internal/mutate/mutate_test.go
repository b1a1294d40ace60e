package main

import (
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const sample = `package a

func f(x, y int, s string) bool {
	if x < y && y == 1 || s+"a" == "b" {
		g(x + 1)
	}
	switch g(2); {
	case x&y > 0:
		panic("a")
	}
	for more() {
		x++
	}
	if bad() {
		return true
	}
	return make([]int, 1, 8)[0] == x
}
`

func TestFind(t *testing.T) {
	all, err := find("a.go", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range all {
		got = append(got, fmt.Sprintf("%d: %s", m.line, m.what))
	}
	want := []string{
		`4: x < y && y == 1 || s+"a" == "b" becomes !(x < y && y == 1 || s+"a" == "b")`,
		"4: || becomes &&", "4: && becomes ||", "4: < becomes <=", "4: == becomes !=", "4: 1 becomes 1+1", "4: == becomes !=", "4: + becomes -",
		"5: g(x + 1) is left out", "5: + becomes -", "5: 1 becomes 1+1",
		"8: x&y > 0 becomes !(x&y > 0)", "7: 2 becomes 2+1", "8: > becomes >=", "8: & becomes |", "8: 0 becomes 0+1",
		"11: more() becomes !(more())", "12: x++ is left out",
		"14: bad() becomes !(bad())", "15: return true is left out", "15: true becomes !(true)",
		"17: == becomes !=", "17: 1 becomes 1+1", "17: 0 becomes 0+1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestWeave: what is woven is Go, on the same lines.
func TestWeave(t *testing.T) {
	all, err := find("a.go", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].id = i + 1
	}
	woven := weave([]byte(sample), all)
	if _, err := format.Source(woven); err != nil {
		t.Errorf("%v in %s", err, woven)
	}
	lines := strings.Split(string(woven), "\n")
	if len(lines) != strings.Count(sample, "\n")+1 {
		t.Errorf("%d lines", len(lines))
	}
	if got, want := lines[7], "\tcase ((mutMore(14, mutAnd(15, x,y) , mutInt(16, 0))) != mutOn(12)):"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := lines[4], "\t\tif !mutOn(9) { g(mutAdd(10, x , mutInt(11, 1))) }"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestBlameFar: a message without a column says which mutant it is about.
func TestBlameFar(t *testing.T) {
	wrong, err := blame("# a\n/tmp/7.go:74: in call to mutMore, type int of mutInt(437, 0) does not match inferred type uint32 for T\n")
	if err != nil || len(wrong) != 1 || !wrong[437] {
		t.Errorf("blames %v, %v", wrong, err)
	}
}

// TestRun tries all changes of a package: two that its tests notice, one that
// makes no difference to anybody, one that is missed, two that no test reaches,
// and text that cannot be subtracted.
func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod": "module a\n\ngo 1.26.0\n",
		"a.go": "package a\n\nfunc Max(a, b int) int {\n\tif a > b {\n\t\treturn a\n\t}\n\treturn b\n}\n\n" +
			"func Two(s string, n int) (string, int) { return s + s, n + n }\n\nfunc Never(n int) bool { return n == 1 }\n",
		"a_test.go": "package a\n\nimport \"testing\"\n\nfunc TestMax(t *testing.T) {\n\tif Max(1, 2) != 2 {\n\t\tt.Fail()\n\t}\n}\n\n" +
			"func TestTwo(t *testing.T) {\n\tif s, n := Two(\"a\", 1); s != \"aa\" || n != 2 {\n\t\tt.Fail()\n\t}\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOWORK", "off")
	var out strings.Builder
	survivors, err := run(&out, dir, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a.go:4: if a > b {: > becomes >=\n", "a.go:12: ", ": 6 changes, 2 noticed, 0 kept, 4 survived\n"} {
		if survivors != 4 || !strings.Contains(out.String(), want) {
			t.Errorf("%d survived, want %q:\n%s", survivors, want, out.String())
		}
	}
}

func TestParseKept(t *testing.T) {
	got, err := parseKept("# why\n\na/b.go: x: y\na/c.go: x: y\n\tequal\n")
	if err != nil || len(got) != 2 || got["a/c.go: x: y"] != "equal" {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{"\tno change\n", "a/b.go: x: y\n"} {
		if _, err := parseKept(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// TestKeptExists: what is kept is still in the code.
func TestKeptExists(t *testing.T) {
	reasons, err := parseKept(keptText)
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"../../filter", "../../filter/internal/syntax", "../../patch", "../../schema"} {
		dir, err := filepath.Abs(dir)
		if err != nil {
			t.Fatal(err)
		}
		sources, err := readSources(dir)
		if err != nil {
			t.Fatal(err)
		}
		for file, source := range sources {
			mutants, err := find(file, source)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range mutants {
				delete(reasons, m.key())
			}
		}
	}
	for key := range reasons {
		t.Errorf("kept.txt names a change that there is not: %s", key)
	}
}
