package doctest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	namedTest    = regexp.MustCompile("`(?:([a-z/]+)\\.)?((?:Test|Fuzz)[A-Z][A-Za-z0-9]*)`")
	declaredTest = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z][A-Za-z0-9]*)\(`)
)

// TestNamedTestsExist checks that each test that the security model names as a
// proof is there, and that no row of its tables of abuse is without one.
func TestNamedTestsExist(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, abuse, _ := strings.Cut(string(page), "## What is defended")
	abuse, _, _ = strings.Cut(abuse, "## What stays with the host")
	for line := range strings.Lines(abuse) {
		named := namedTest.FindAllStringSubmatch(line, -1)
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| Abuse") && len(named) == 0 {
			t.Errorf("no test proves: %s", line)
		}
		for _, name := range named {
			dir := name[1]
			if dir == "" {
				dir = "scim"
			}
			if !declares(t, dir, name[2]) {
				t.Errorf("there is no %s in %s", name[2], dir)
			}
		}
	}
}

// declares reports whether a test file in a directory has the test.
func declares(t *testing.T, dir, test string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(dir), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range declaredTest.FindAllStringSubmatch(string(src), -1) {
			if found[1] == test {
				return true
			}
		}
	}
	return false
}
