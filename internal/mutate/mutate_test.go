package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const original = `package a

func Max(a, b int) int {
	if a > b {
		return a
	}
	return b
}
`

func TestMutate(t *testing.T) {
	all, err := mutate("a.go", []byte("package a\n\nfunc f(x, y int) {\n\tif x < y && y == 1 {\n\t\tf(x+1, y)\n\t}\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range all {
		got = append(got, fmt.Sprintf("%d: %s", m.line, m.what))
		if len(m.source) == 0 {
			t.Error("no source")
		}
	}
	want := []string{
		"4: x < y && y == 1 becomes !(x < y && y == 1)", "4: && becomes ||", "4: < becomes <=", "4: == becomes !=",
		"5: f(x+1, y) becomes ", "5: + becomes -",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestRun tries all changes of a function: the inverted condition fails its
// test, and > for >= makes no difference to anybody.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module a\n", "a.go": original,
		"a_test.go": "package a\n\nimport \"testing\"\n\nfunc TestMax(t *testing.T) {\n\tif Max(1, 2) != 2 {\n\t\tt.Fail()\n\t}\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOWORK", "off")
	var out strings.Builder
	survivors, err := run(&out, dir, 10, 1, time.Minute)
	if err != nil || survivors != 1 || !strings.Contains(out.String(), "a.go:4: > becomes >=") {
		t.Errorf("%d survived, %v:\n%s", survivors, err, out.String())
	}
}
