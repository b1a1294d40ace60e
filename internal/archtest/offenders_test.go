package archtest

import (
	"io/fs"
	"strings"
	"testing/fstest"
)

// offender is a small tree and the offences that its rule must find in it.
type offender struct {
	files map[string]string
	want  []string // sorted
}

// tree adds a root module where the case does not bring its own.
func (c offender) tree() fs.FS {
	fsys := fstest.MapFS{"go.mod": {Data: []byte("module m\n\ngo 1.26.0\n")}}
	for name, text := range c.files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

var offenders = map[string]offender{
	"Layers": {
		files: map[string]string{
			"schema/a.go":         "package schema\nimport _ \"m/filter\"\nimport _ \"m/internal/x\"\n",
			"filter/a.go":         "package filter\nimport _ \"m/schema\"\n",
			"filter/a_test.go":    "package filter\nimport _ \"m/scim\"\n",
			"store/a.go":          "package store\nimport _ \"m/store/memstore\"\n",
			"store/memstore/a.go": "package memstore\nimport _ \"m/store\"\n",
			"scimtest/a.go":       "package scimtest\nimport _ \"m/schema\"\nimport _ \"m\"\n",
			"scimtest/cmd/a.go":   "package main\nimport _ \"m/scimtest\"\n",
			"other/a.go":          "package other\n",
		},
		want: []string{
			"other/a.go:1: other is in no layer; add it to the table of layers",
			"schema/a.go:2: schema must not import filter",
			"scimtest/a.go:2: scimtest must not import schema",
			"scimtest/a.go:3: scimtest must not import .",
			"store/a.go:2: store must not import store/memstore",
		},
	},
	"ConfinedImports": {
		files: map[string]string{
			"store/a.go":          "package store\nimport _ \"net/http/httptest\"\nimport _ \"net/url\"\nimport _ \"database/sql\"\n",
			"store/sqlstore/a.go": "package sqlstore\nimport _ \"database/sql/driver\"\n",
			"scim/a.go":           "package scim\nimport _ \"net/http\"\n",
		},
		want: []string{
			"store/a.go:2: net/http/httptest is for scim, scimtest only",
			"store/a.go:4: database/sql is for store/sqlstore only",
		},
	},
	"ThirdParty": {
		files: map[string]string{
			"patch/a.go":      "package patch\nimport _ \"golang.org/x/text/cases\"\nimport _ \"example.com/new\"\nimport _ \"pgregory.net/rapid\"\n",
			"patch/a_test.go": "package patch\nimport _ \"pgregory.net/rapid\"\n",
			"schema/a.go":     "package schema\nimport _ \"golang.org/x/text/cases\"\n",
			"ex/go.mod":       "module m/ex\n",
			"ex/a.go":         "package ex\nimport _ \"example.com/new\"\n",
		},
		want: []string{
			"patch/a.go:2: golang.org/x/text/cases is for schema only",
			"patch/a.go:3: example.com/new is not a dependency of the root module",
			"patch/a.go:4: pgregory.net/rapid is for tests only",
		},
	},
	"DirectDependencies": {
		files: map[string]string{
			"go.mod":    "module m\nrequire golang.org/x/text v0.1.0\nrequire (\n\texample.com/a v1.0.0\n\texample.com/b v1.0.0 // indirect\n)\n",
			"ex/go.mod": "module m/ex\nrequire example.com/c v1.0.0\n",
		},
		want: []string{"go.mod: example.com/a is not among the dependencies that were decided on"},
	},
	"Workspace": {
		files: map[string]string{
			"go.work":      "go 1.26.0\nuse (\n\t.\n\t./gone // was here\n)\n",
			"ex/go.mod":    "module m/ex\n",
			"_ex/go.mod":   "module ignored\n",
			"testdata/a/x": "",
		},
		want: []string{"ex/go.mod: go.work does not use this module", "go.work: gone holds no module"},
	},
	"GoVersion": {
		files: map[string]string{"go.work": "go 1.26.8\n", "ex/go.mod": "module m/ex\ngo 1.26\n"},
		want:  []string{"ex/go.mod: says go 1.26, not go 1.26.0", "go.work: says go 1.26.8, not go 1.26.0"},
	},
	"NestedModules": {
		files: map[string]string{
			"a/go.mod":   "module m/a\nrequire m v0.0.0\n",
			"b/c/go.mod": "module m/b/c\nrequire m v0.0.0\nreplace m => ../..\n",
			"b/c/c.go":   "package c\nimport _ \"m/internal/x\"\nimport _ \"m/b/c/internal/y\"\n",
		},
		want: []string{
			"a/go.mod: needs a replace of m with its directory",
			"b/c/c.go:2: a nested module must not import internal/x",
		},
	},
	"FileLength": {
		files: map[string]string{
			"a.go":      "package a\n" + strings.Repeat("\n", maxFile),
			"a_test.go": "package a\n" + strings.Repeat("\n", maxTestFile),
			"b_test.go": "package a\n" + strings.Repeat("\n", maxFile),
		},
		want: []string{"a.go:1: 501 lines, the limit is 500", "a_test.go:1: 801 lines, the limit is 800"},
	},
	"FunctionLength": {
		files: map[string]string{
			"a.go": "package a\n\n// F has a comment,\n// which does not count.\nfunc F() {\n" + strings.Repeat("\n", maxFunction) + "}\n" +
				"func G() {\n" + strings.Repeat("\n", maxFunction-2) + "}\n",
		},
		want: []string{"a.go:5: F has 62 lines, the limit is 60"},
	},
	"PackageDocs": {
		files: map[string]string{
			"a/a.go":      "package a\n",
			"b/b.go":      "// Package b is in the wrong file.\npackage b\n",
			"c/doc.go":    "// Package c is right.\npackage c\n",
			"d/main.go":   "// Command d is right too.\npackage main\n",
			"e/e_test.go": "package e\n",
		},
		want: []string{"a: has no package comment", "b/b.go: the package comment belongs in doc.go"},
	},
	"ExportedDocs": {
		files: map[string]string{
			"a.go": `package a

func F() {}
func (t *T[X]) M() {}
func (hidden) M() {}

type T[X any] struct {
	Field int
	Said  int // said
	embedded
}

// I is documented.
type I interface {
	// Said is said.
	Said()
	Mute()
}

// Group comments are enough.
const (
	A = 1
)

var B, b = 1, 2
`,
			"a_test.go": "package a\nfunc Test() {}\n",
		},
		want: []string{
			"a.go:17: Mute has no doc comment",
			"a.go:25: B has no doc comment",
			"a.go:3: F has no doc comment",
			"a.go:4: M has no doc comment",
			"a.go:7: T has no doc comment",
			"a.go:8: Field has no doc comment",
		},
	},
	"Examples": {
		files: map[string]string{
			"a/a.go":          "package a\nfunc F() {}\n",
			"a/a_test.go":     "package a\nfunc ExampleF() {\n}\n",
			"b/b_test.go":     "package b\nfunc Example() {\n\t// Output: x\n}\n",
			"internal/c/c.go": "package c\nfunc F() {}\n",
			"d/main.go":       "package main\nfunc F() {}\n",
			"e/e.go":          "package e\nfunc f() {}\n",
		},
		want: []string{"a/a_test.go:2: ExampleF has no Output comment", "a: has no example with verified output"},
	},
	"Panics": {
		files: map[string]string{
			"a.go":      "package a\nfunc F() {\n\tfunc() { panic(1) }()\n}\nfunc MustF() { panic(1) }\nfunc mustF() { panic(1) }\n",
			"a_test.go": "package a\nfunc G() { panic(1) }\n",
		},
		want: []string{"a.go:3: F panics"},
	},
	"Printing": {
		files: map[string]string{
			"a/a.go":      "package a\nimport \"log\"\nimport \"log/slog\"\nfunc F() {\n\tfmt.Println()\n\tfmt.Sprint()\n}\n",
			"a/a_test.go": "package a\nfunc F() { fmt.Print() }\n",
			"b/main.go":   "package main\nfunc main() { fmt.Print() }\n",
		},
		want: []string{"a/a.go:2: imports log", "a/a.go:5: calls fmt.Println"},
	},
	"Sleeping": {
		files: map[string]string{
			"a_test.go": "package a\nimport \"time\"\nfunc F() { time.Sleep(1) }\n",
			"b_test.go": "package a\nimport \"testing/synctest\"\nfunc G() { time.Sleep(1) }\n",
		},
		want: []string{"a_test.go:3: calls time.Sleep outside testing/synctest"},
	},
}
