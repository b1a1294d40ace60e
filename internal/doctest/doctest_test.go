package doctest

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/muster-scim/muster"

// known holds what fragments may use without importing it.
var known = Known(
	"context", "crypto/rand", "database/sql", "errors", "fmt", "io", "iter", "log", "log/slog", "net/http", "os", "strings", "time",
	module+"/schema", module+"/filter", module+"/patch", module+"/store", module+"/store/memstore", module+"/store/sqlstore",
	module+"/storetest", module+"/scim", module+"/scimtest",
)

// TestDocs compiles every Go block of the README and of docs.
func TestDocs(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "examples") // knows the drivers and routers that guides mention
	if _, err := os.Stat(dir); err != nil {
		dir = root
	}
	overlay, packages := map[string]string{}, []string{}
	for _, b := range docBlocks(t, root) {
		if b.From != "" {
			checkShown(t, root, b)
			continue
		}
		source, err := b.Source(known)
		if err != nil {
			t.Error(err)
			continue
		}
		name := "doctest" + strconv.Itoa(len(packages))
		file := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(dir, name, "main.go")] = file
		packages = append(packages, "./"+name)
	}
	if len(packages) > 0 {
		compile(t, dir, overlay, packages)
	}
}

// checkShown compares a block with the file that it shows a part of.
func checkShown(t *testing.T, root string, b Block) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(b.From)))
	if err != nil {
		t.Errorf("%s:%d: %v", b.File, b.Line, err)
		return
	}
	if code := strings.TrimSpace(b.Code); code == "" || !strings.Contains("\n"+string(data), "\n"+code+"\n") {
		t.Errorf("%s:%d: the block is not what stands in %s", b.File, b.Line, b.From)
	}
}

// compile compiles packages that exist in the overlay only. go list -export does
// it without linking.
func compile(t *testing.T, dir string, overlay map[string]string, packages []string) {
	t.Helper()
	data, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", append([]string{"list", "-export", "-f", "", "-overlay", file}, packages...)...)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// docBlocks returns the blocks of all documents.
func docBlocks(t *testing.T, root string) (all []Block) {
	t.Helper()
	for name, text := range documents(t, root) {
		all = append(all, Blocks(name, text)...)
	}
	return all
}

// documents returns the Markdown files of the tree by their names. It visits
// every directory, so that a cached result of a test is used only while no file
// of the tree has changed.
func documents(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && d.Name()[0] == '.':
			return fs.SkipDir
		case !strings.HasSuffix(name, ".md") || strings.Contains(name, "testdata/"):
			return nil
		}
		file := filepath.Join(root, filepath.FromSlash(name))
		data, err := os.ReadFile(file)
		all[file] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestBlocks(t *testing.T) {
	text := "a\n```go\none\n\ntwo\n```\n```sh\ngo\n```\n```text\nno\n```\n```go\nthree\n```\n" +
		"<!-- from b.go -->\n```go\nfour\n```\n```go\nnever closed\n"
	got := Blocks("a.md", text)
	want := []Block{{"a.md", 3, "one\n\ntwo\n", ""}, {"a.md", 14, "three\n", ""}, {"a.md", 18, "four\n", "b.go"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSource(t *testing.T) {
	known := Known("fmt", "log/slog")
	for name, c := range map[string]struct{ code, want string }{
		"file": {
			"package x\nvar a int\n",
			"//line a.md:7\npackage x\nvar a int\n",
		},
		"declarations": {
			"var a = fmt.Sprint(slog.LevelInfo)\n",
			"package main\nimport \"fmt\";import \"log/slog\";\n//line a.md:7\nvar a = fmt.Sprint(slog.LevelInfo)\n\nfunc main() {}\n",
		},
		"statements": {
			"a, _ := fmt.Sprint(1), 2\n",
			"package main\nimport \"fmt\";\nfunc main() {\n//line a.md:7\na, _ := fmt.Sprint(1), 2\n\n_ = a\n}\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Block{File: "a.md", Line: 7, Code: c.code}.Source(known)
			if err != nil || got != c.want {
				t.Errorf("got %v\n%s\nwant\n%s", err, got, c.want)
			}
		})
	}
}

func TestSourceRefuses(t *testing.T) {
	_, err := Block{File: "a.md", Line: 7, Code: "a :=\n"}.Source(nil)
	if err == nil || !strings.HasPrefix(err.Error(), "a.md:7: ") {
		t.Errorf("got error %v, want one at a.md:7", err)
	}
}

// code is what a reader sees as code, in which brackets are no links.
var code = regexp.MustCompile("(?s)```.*?```|`[^`\\n]*`")

var link = regexp.MustCompile(`\]\(([^)#:\s]+)(?:#[^)]*)?\)`)

// TestLinks follows every relative link of the documents.
func TestLinks(t *testing.T) {
	root := filepath.Join("..", "..")
	for name, text := range documents(t, root) {
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(text, ""), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
