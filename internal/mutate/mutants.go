package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// mutant is one change of a source file.
type mutant struct {
	id   int // from 1
	file string
	line int
	code string // the line, without indentation
	what string // "x becomes y"
	edit func(w *weaver, id int)
}

// String is the change as people read it.
func (m mutant) String() string { return m.code + ": " + m.what }

// key finds the change in kept.txt, wherever the line has moved to.
func (m mutant) key() string {
	return filepath.ToSlash(filepath.Join(filepath.Base(filepath.Dir(m.file)), filepath.Base(m.file))) + ": " + m.String()
}

// swaps says what each operator becomes.
var swaps = map[token.Token]string{
	token.EQL: "!=", token.NEQ: "==", token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">",
	token.LAND: "||", token.LOR: "&&", token.ADD: "-", token.SUB: "+", token.OR: "&", token.AND: "|",
}

// finder looks for the changes of one file.
type finder struct {
	file   string
	source []byte
	fset   *token.FileSet
	fixed  map[ast.Node]bool // what must stay as it is
	found  []mutant
}

// find lists the changes of one file: operators are exchanged, conditions are
// inverted, and calls whose result nobody uses are left out.
func find(file string, source []byte) ([]mutant, error) {
	f := finder{file: file, source: source, fset: token.NewFileSet(), fixed: map[ast.Node]bool{}}
	tree, err := parser.ParseFile(f.fset, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	ast.Inspect(tree, f.visit)
	return f.found, nil
}

func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		return n.Tok != token.CONST
	case *ast.ArrayType:
		return n.Len == nil
	case *ast.CaseClause, *ast.CommClause:
	case *ast.BinaryExpr:
		f.binary(n)
	case *ast.IfStmt:
		f.condition(n)
	case *ast.SwitchStmt:
		f.fixed[n.Init] = true
	case *ast.ForStmt:
		f.fixed[n.Init], f.fixed[n.Post] = true, true
	case *ast.ExprStmt:
		f.call(n)
	}
	return true
}

func (f *finder) binary(n *ast.BinaryExpr) {
	text, ok := swaps[n.Op]
	if !ok {
		return
	}
	x, op, y := f.at(n.X.Pos()), f.at(n.OpPos), f.at(n.Y.Pos())
	end, length := f.at(n.End()), len(n.Op.String())
	f.add(op, n.Op.String()+" becomes "+text, func(w *weaver, id int) {
		w.swap(n.Op, id, span{x, op}, span{op, op + length}, span{y, end})
	})
}

// condition inverts conditions but for comparisons, which binary inverts.
func (f *finder) condition(n *ast.IfStmt) {
	f.fixed[n.Init] = true
	if b, ok := n.Cond.(*ast.BinaryExpr); ok && (b.Op == token.EQL || b.Op == token.NEQ) {
		return
	}
	from, to := f.at(n.Cond.Pos()), f.at(n.Cond.End())
	text := string(f.source[from:to])
	f.add(from, text+" becomes !("+text+")", func(w *weaver, id int) { w.invert(id, span{from, to}) })
}

// call leaves out a statement, unless the function could not end without it.
func (f *finder) call(n *ast.ExprStmt) {
	call, ok := n.X.(*ast.CallExpr)
	if !ok || f.fixed[n] {
		return
	}
	if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "panic" {
		return
	}
	from, to := f.at(n.Pos()), f.at(n.End())
	f.add(from, string(f.source[from:to])+" is left out", func(w *weaver, id int) { w.leaveOut(id, span{from, to}) })
}

func (f *finder) at(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *finder) add(offset int, what string, edit func(*weaver, int)) {
	start := bytes.LastIndexByte(f.source[:offset], '\n') + 1
	code, _, _ := bytes.Cut(f.source[start:], []byte("\n"))
	f.found = append(f.found, mutant{
		file: f.file, line: 1 + bytes.Count(f.source[:offset], []byte("\n")),
		code: string(bytes.TrimSpace(code)), what: strings.Join(strings.Fields(what), " "), edit: edit,
	})
}
