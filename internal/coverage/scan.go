package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	idPattern   = regexp.MustCompile(`\b(?:(?:7643|7644|9865|9967|9944)-[0-9A-Z]+(?:\.[0-9]+)*|AMB)-[0-9]{2}\b`)
	testPattern = regexp.MustCompile(`^(?:Test|Fuzz|Example|Benchmark)`)
)

// wholeID reports whether text is nothing but an id.
func wholeID(text string) bool { return idPattern.FindString(text) == text && text != "" }

// place is where an id was found.
type place struct {
	name string // package and test, or the file
	file string // slash-separated path from the root
}

// places maps the id of a requirement or reading to where it was found, sorted.
type places map[string][]place

func (p places) add(id string, at place) {
	if i, known := slices.BinarySearchFunc(p[id], at, comparePlaces); !known {
		p[id] = slices.Insert(p[id], i, at)
	}
}

func comparePlaces(a, b place) int {
	return strings.Compare(a.name+"\x00"+a.file, b.name+"\x00"+b.file)
}

// checkKnown reports the ids that no requirement and no reading has.
func (p places) checkKnown(requirements []requirement, readings []reading) error {
	unknown := maps.Clone(p)
	for _, r := range requirements {
		delete(unknown, r.id)
	}
	for _, r := range readings {
		delete(unknown, r.id)
	}
	if len(unknown) == 0 {
		return nil
	}
	id := slices.Sorted(maps.Keys(unknown))[0]
	return fmt.Errorf("%s: %s is the id of nothing", unknown[id][0].file, id)
}

// scan finds ids in the string literals of tests and of the two suites, and in
// whatever lies below a testdata directory.
func scan(fsys fs.FS) (places, error) {
	found := places{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && d.Name()[0] == '.', name == path.Dir(scanner):
			return fs.SkipDir
		case d.IsDir() || !searched(name):
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil || !idPattern.Match(data) {
			return err
		}
		return found.scanFile(name, data)
	})
	return found, err
}

// scanner is this file; the ids in its package are not coverage.
const scanner = "internal/coverage/scan.go"

func searched(name string) bool {
	switch {
	case strings.Contains("/"+name, "/testdata/"), strings.HasSuffix(name, "_test.go"):
		return true
	default:
		return strings.HasSuffix(name, ".go") && (strings.HasPrefix(name, "storetest/") || strings.HasPrefix(name, "scimtest/"))
	}
}

func (p places) scanFile(name string, data []byte) error {
	if strings.HasSuffix(name, ".go") {
		return p.scanGo(name, data)
	}
	for _, id := range idPattern.FindAll(data, -1) {
		p.add(string(id), place{name, name})
	}
	return nil
}

func (p places) scanGo(name string, data []byte) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, decl := range file.Decls {
		at := place{nameOf(decl, name), name}
		for n := range ast.Preorder(decl) {
			p.scanLiteral(n, at)
		}
	}
	return nil
}

func (p places) scanLiteral(n ast.Node, at place) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	text, _ := strconv.Unquote(lit.Value)
	for _, id := range idPattern.FindAllString(text, -1) {
		p.add(id, at)
	}
}

// nameOf names a test by its package and function, and a table by its file.
func nameOf(decl ast.Decl, file string) string {
	if fn, ok := decl.(*ast.FuncDecl); ok && testPattern.MatchString(fn.Name.Name) {
		return path.Base(path.Dir(file)) + "." + fn.Name.Name
	}
	return file
}
