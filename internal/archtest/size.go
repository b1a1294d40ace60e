package archtest

import (
	"go/ast"
	"slices"
)

// The limits, in lines.
const (
	maxFile     = 500
	maxTestFile = 800
	maxFunction = 60
)

func checkFileLength(t *Tree) (found []Offence) {
	for _, p := range t.Packages {
		for _, f := range p.Files {
			limit := maxFile
			if f.Test {
				limit = maxTestFile
			}
			if f.Lines > limit && !f.generated() {
				found = append(found, t.at(f.AST.Package, "%d lines, the limit is %d", f.Lines, limit))
			}
		}
	}
	return found
}

func checkFunctionLength(t *Tree) (found []Offence) {
	for decl := range t.functions {
		if n := t.length(decl); n > maxFunction {
			found = append(found, t.at(decl.Pos(), "%s has %d lines, the limit is %d", decl.Name.Name, n, maxFunction))
		}
	}
	return found
}

// MedianFunction returns the median length in lines of the functions outside
// tests.
func (t *Tree) MedianFunction() int {
	var lengths []int
	for decl := range t.functions {
		lengths = append(lengths, t.length(decl))
	}
	if len(lengths) == 0 {
		return 0
	}
	slices.Sort(lengths)
	return lengths[len(lengths)/2]
}

// length counts the lines from func to the closing brace.
func (t *Tree) length(decl *ast.FuncDecl) int {
	return t.fset.Position(decl.End()).Line - t.fset.Position(decl.Type.Func).Line + 1
}

// functions yields the functions and methods outside tests.
func (t *Tree) functions(yield func(*ast.FuncDecl) bool) {
	for _, p := range t.Packages {
		for f := range p.sources {
			for _, decl := range f.AST.Decls {
				fn, ok := decl.(*ast.FuncDecl)
				if ok && !f.generated() && !yield(fn) {
					return
				}
			}
		}
	}
}
