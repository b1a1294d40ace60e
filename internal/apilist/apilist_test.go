package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestListsAreCurrent(t *testing.T) {
	if err := run(filepath.Join("..", ".."), true); err != nil {
		t.Error(err)
	}
}

func TestLists(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("a/a.go", `package a
import "io"
type (
	T struct { io.Reader; *hidden; A, b int; F func(int) }
	I interface { M(x int) (y error); hidden() }
	G[E any] []E
	hidden struct { A int }
)
const C T1 = 1
var V, w = 1, 2
func F[E any](e E, _ struct { X int }) (E, error) { panic(0) }
func (t *T) M() {}
func (h hidden) Hidden() {}
`)
	put("a/a_test.go", "package a\nfunc Test() {}\n")
	put("a/internal/b/b.go", "package b\nfunc B() {}\n")
	put("c/go.mod", "module c\n")
	put("c/c.go", "package c\nfunc C() {}\n")
	put("contrib/f/go.mod", "module f\n")
	put("contrib/f/f.go", "package f\nfunc F() {}\n")
	put("d/e/main.go", "package main\nfunc D() {}\n")
	put("api/gone.txt", "")
	if err := run(dir, true); err == nil || !strings.Contains(err.Error(), "a.txt") || !strings.Contains(err.Error(), "gone.txt") {
		t.Error(err)
	}
	if err := run(dir, false); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, true); err != nil {
		t.Error(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "api", "a.txt"))
	want := `const C T1
func F[E any](e E, _ struct{ X int }) (E, error)
method (*T) M()
method (T) Hidden()
type G[E any] []E
type I interface
type I interface, M(x int) (y error)
type T struct
type T struct, A int
type T struct, F func(int)
type T struct, embedded io.Reader
var V
`
	if err != nil || string(got) != want {
		t.Errorf("%v, got:\n%s", err, got)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "api", "*")); len(files) != 2 || filepath.Base(files[1]) != "contrib-f.txt" {
		t.Errorf("files %v", files)
	}
}
