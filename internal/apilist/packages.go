package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// offered are the directories whose nested modules are there to be imported; all
// other nested modules are programs, comparisons and tests.
var offered = []string{"contrib", "scim"}

// generate returns the lists of all packages below dir that others can import,
// by file name.
func generate(dir string) (map[string]string, error) {
	tree := os.DirFS(dir)
	lists := make(map[string]string)
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return nil
		case name != "." && closed(tree, name):
			return fs.SkipDir
		}
		lines, err := packageLines(tree, name)
		if len(lines) > 0 {
			lists[strings.ReplaceAll(name, "/", "-")+".txt"] = strings.Join(lines, "\n") + "\n"
		}
		return err
	})
	return lists, err
}

// closed reports whether nobody can import from a directory and what is below.
func closed(tree fs.FS, dir string) bool {
	base := path.Base(dir)
	top, _, _ := strings.Cut(dir, "/")
	if _, err := fs.Stat(tree, path.Join(dir, "go.mod")); err == nil && !slices.Contains(offered, top) {
		return true
	}
	return base == "internal" || base == "testdata" || base[0] == '.' || base[0] == '_'
}

// packageLines lists the exported names of the package in a directory.
func packageLines(tree fs.FS, dir string) ([]string, error) {
	files, err := fs.Glob(tree, path.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	l := &lister{fset: token.NewFileSet(), promoted: make(map[string][]string), embedded: make(map[string]string)}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(l.fset, name, src, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if file.Name.Name == "main" {
			return nil, nil
		}
		for _, decl := range file.Decls {
			l.decl(decl)
		}
	}
	l.promote()
	slices.Sort(l.lines)
	return l.lines, nil
}

func (l *lister) decl(decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		l.function(d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				l.typ(s)
			case *ast.ValueSpec:
				l.values(d.Tok.String(), s)
			}
		}
	}
}
