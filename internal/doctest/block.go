package doctest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Block is one fenced block of Go code.
type Block struct {
	File string // the Markdown file
	Line int    // the line of its first line of code, from 1
	Code string // without the fences
	From string // the file that the code is a part of, if a comment before the block names one
}

// source is the comment that names the file which the block below it shows.
var source = regexp.MustCompile(`^<!-- from (\S+) -->$`)

// Blocks returns the Go blocks of a Markdown text, in order.
func Blocks(file, text string) (all []Block) {
	var open *Block
	line, from := 0, ""
	for s := range strings.Lines(text) {
		line++
		switch fence := strings.TrimSpace(s); {
		case open == nil && fence == "```go":
			open = &Block{File: file, Line: line + 1, From: from}
		case open != nil && fence == "```":
			all = append(all, *open)
			open = nil
		case open != nil:
			open.Code += s
		}
		from = ""
		if m := source.FindStringSubmatch(strings.TrimSpace(s)); m != nil {
			from = m[1]
		}
	}
	return all
}

// Source returns a Go file that compiles if the block is right. The names of
// packages that the block uses and does not import are looked up in known.
func (b Block) Source(known map[string]string) (string, error) {
	for _, wrap := range []struct{ before, after string }{
		{"", ""},
		{"package main\n", "func main() {}\n"},
		{"package main\nfunc main() {\n", "}\n"},
	} {
		file, err := parse(wrap.before + b.Code + wrap.after)
		switch {
		case err != nil:
			continue
		case wrap.before == "":
			return b.position() + b.Code, nil
		}
		before, rest, _ := strings.Cut(wrap.before, "\n")
		return before + "\n" + imports(file, known) + rest + b.position() + b.Code + "\n" + uses(file) + wrap.after, nil
	}
	return "", fmt.Errorf("%s:%d: the block is neither a file, nor declarations, nor statements", b.File, b.Line)
}

// position makes the compiler report places in the Markdown file.
func (b Block) position() string { return fmt.Sprintf("//line %s:%d\n", b.File, b.Line) }

func parse(source string) (*ast.File, error) {
	return parser.ParseFile(token.NewFileSet(), "", source, 0)
}

// imports returns a line that imports the known packages the file uses.
func imports(file *ast.File, known map[string]string) string {
	needed := map[string]bool{}
	for _, id := range file.Unresolved {
		if imported, ok := known[id.Name]; ok {
			needed[imported] = true
		}
	}
	var b strings.Builder
	for _, imported := range slices.Sorted(maps.Keys(needed)) {
		fmt.Fprintf(&b, "import %q;", imported)
	}
	return b.String() + "\n"
}

// uses mentions each variable that the statements of main declare, so that a
// fragment may end before it uses them all.
func uses(file *ast.File) string {
	var b strings.Builder
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.Name == "main" {
			for _, stmt := range fn.Body.List {
				for _, name := range declared(stmt) {
					fmt.Fprintf(&b, "_ = %s\n", name)
				}
			}
		}
	}
	return b.String()
}

func declared(stmt ast.Stmt) (names []string) {
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE {
		return nil
	}
	for _, left := range assign.Lhs {
		if id, ok := left.(*ast.Ident); ok && id.Name != "_" {
			names = append(names, id.Name)
		}
	}
	return names
}

// Known maps the name of each import path to the path.
func Known(paths ...string) map[string]string {
	known := map[string]string{}
	for _, p := range paths {
		known[path.Base(p)] = p
	}
	return known
}
