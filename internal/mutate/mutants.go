package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mutant is a source file with one change.
type mutant struct {
	file   string
	line   int
	what   string
	source []byte
}

// swaps says what each operator becomes.
var swaps = map[token.Token]string{
	token.EQL: "!=", token.NEQ: "==", token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">",
	token.LAND: "||", token.LOR: "&&", token.ADD: "-", token.SUB: "+", token.OR: "&", token.AND: "|",
}

// mutants lists all changes of the package in dir.
func mutants(dir string) (all []mutant, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		found, err := mutate(file, source)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, err
}

// mutate lists the changes of one file: operators are exchanged, conditions
// are inverted, and calls whose result nobody uses are left out.
func mutate(file string, source []byte) (all []mutant, err error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	change := func(from, to token.Pos, text string) {
		i, j := fset.Position(from).Offset, fset.Position(to).Offset
		all = append(all, mutant{
			file: file, line: fset.Position(from).Line, what: string(source[i:j]) + " becomes " + text,
			source: slices.Concat(source[:i], []byte(text), source[j:]),
		})
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if text, ok := swaps[n.Op]; ok {
				change(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), text)
			}
		case *ast.IfStmt:
			i, j := fset.Position(n.Cond.Pos()).Offset, fset.Position(n.Cond.End()).Offset
			change(n.Cond.Pos(), n.Cond.End(), "!("+string(source[i:j])+")")
		case *ast.ExprStmt:
			change(n.Pos(), n.End(), "")
		}
		return true
	})
	return all, nil
}
