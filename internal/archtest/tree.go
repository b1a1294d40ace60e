package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Tree is the parsed source of a workspace.
type Tree struct {
	Modules  []*Module  // every go.mod, in the order of their directories
	Packages []*Package // of all modules, in the order of their directories
	Uses     []string   // the directories that go.work names, cleaned; "." is the root
	WorkGo   string     // the go version that go.work names

	fset *token.FileSet
}

// Module is one go.mod of the tree.
type Module struct {
	Dir      string            // "." for the root module
	Path     string            // the module path
	Go       string            // the version of its go line
	Requires []Require         // direct and indirect
	Replaces map[string]string // module path to its replacement
}

// Require is one line of a require block.
type Require struct {
	Path     string // the required module
	Indirect bool   // marked "// indirect"
}

// Package is one directory of Go files, its tests included.
type Package struct {
	Dir    string  // "." for the root package
	Module *Module // the module it belongs to
	Files  []*File // never empty, in the order of their names
}

// File is one parsed Go file.
type File struct {
	Path  string    // slash-separated, from the root of the tree
	Lines int       // of source, comments and blank lines included
	Test  bool      // the name ends in _test.go
	AST   *ast.File // with comments, without resolved identifiers
}

// Root returns the module at the root of the tree.
func (t *Tree) Root() *Module {
	for _, m := range t.Modules {
		if m.Dir == "." {
			return m
		}
	}
	return &Module{Dir: "."}
}

// Nested reports whether the module is not the root module.
func (m *Module) Nested() bool { return m.Dir != "." }

// Command reports whether the package is a command.
func (p *Package) Command() bool { return p.Files[0].AST.Name.Name == "main" }

// Internal reports whether other modules cannot import the package.
func (p *Package) Internal() bool {
	return strings.Contains("/"+p.Dir+"/", "/internal/")
}

// sources yields the files of the package that are not tests.
func (p *Package) sources(yield func(*File) bool) {
	for _, f := range p.Files {
		if !f.Test && !yield(f) {
			return
		}
	}
}

// generated reports whether a tool wrote the file.
func (f *File) generated() bool { return ast.IsGenerated(f.AST) }

// imports yields the import specs of the file with their unquoted paths.
func (f *File) imports(yield func(string, *ast.ImportSpec) bool) {
	for _, spec := range f.AST.Imports {
		text, err := strconv.Unquote(spec.Path.Value)
		if err == nil && !yield(text, spec) {
			return
		}
	}
}

// Load parses every module and Go file below the root of fsys. Directories
// that the go command ignores are skipped.
func Load(fsys fs.FS) (*Tree, error) {
	t := &Tree{fset: token.NewFileSet()}
	packages := map[string]*Package{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && ignored(d.Name()):
			return fs.SkipDir
		case d.Name() == "go.mod", name == "go.work":
			return t.loadMod(fsys, name)
		case strings.HasSuffix(name, ".go"):
			return t.loadFile(fsys, name, packages)
		}
		return nil
	})
	for _, p := range t.Packages {
		p.Module = t.moduleOf(p.Dir)
	}
	return t, err
}

// ignored tells the directories that "./..." does not enter.
func ignored(dir string) bool {
	return dir == "testdata" || dir == "vendor" || dir != "." && (dir[0] == '.' || dir[0] == '_')
}

func (t *Tree) loadFile(fsys fs.FS, name string, packages map[string]*Package) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(t.fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	p := packages[path.Dir(name)]
	if p == nil {
		p = &Package{Dir: path.Dir(name)}
		packages[p.Dir] = p
		t.Packages = append(t.Packages, p)
	}
	lines := t.fset.Position(file.FileEnd).Line
	p.Files = append(p.Files, &File{Path: name, Lines: lines, Test: strings.HasSuffix(name, "_test.go"), AST: file})
	return nil
}

// moduleOf returns the module with the longest directory that holds dir.
func (t *Tree) moduleOf(dir string) *Module {
	best := t.Root()
	for _, m := range t.Modules {
		if within(dir, m.Dir) && len(m.Dir) >= len(best.Dir) {
			best = m
		}
	}
	return best
}

// within reports whether dir is base or lies below it.
func within(dir, base string) bool {
	return base == "." || dir == base || strings.HasPrefix(dir, base+"/")
}
