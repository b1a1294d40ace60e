package main

import (
	"bytes"
	"fmt"
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
	in   string // the function
	edit func(w *weaver, id int)
}

// String is the change as people read it.
func (m mutant) String() string { return m.code + ": " + m.what }

// key finds the change in kept.txt, wherever the function has moved to.
func (m mutant) key() string {
	file := filepath.ToSlash(filepath.Join(filepath.Base(filepath.Dir(m.file)), filepath.Base(m.file)))
	return strings.TrimSpace(file+" "+m.in) + ": " + m.String()
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
	in     string            // the function
	found  []mutant
}

// find lists the changes of one file: operators are exchanged, conditions and
// booleans inverted, whole numbers made larger, and statements left out.
func find(file string, source []byte) ([]mutant, error) {
	f := finder{file: file, source: source, fset: token.NewFileSet(), fixed: map[ast.Node]bool{}}
	tree, err := parser.ParseFile(f.fset, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range tree.Decls {
		f.in = ""
		if function, ok := d.(*ast.FuncDecl); ok {
			f.in = function.Name.Name
		}
		ast.Inspect(d, f.visit)
	}
	return f.found, nil
}

func (f *finder) visit(n ast.Node) bool {
	if n == nil || f.fixed[n] {
		_, statement := n.(ast.Stmt)
		return statement
	}
	switch n := n.(type) {
	case *ast.GenDecl:
		return n.Tok != token.CONST
	case *ast.ArrayType:
		return n.Len == nil
	case ast.Stmt:
		f.statement(n)
	case ast.Expr:
		f.expression(n)
	}
	return true
}

func (f *finder) statement(n ast.Stmt) {
	switch n := n.(type) {
	case *ast.IfStmt:
		f.fixed[n.Init] = true
		f.condition(n.Cond)
		if n.Else == nil {
			f.returns(n.Body.List)
		}
	case *ast.SwitchStmt:
		f.fixed[n.Init] = true
		f.cases(n.Body, n.Tag == nil)
	case *ast.TypeSwitchStmt:
		f.fixed[n.Init] = true
		f.cases(n.Body, false)
	case *ast.ForStmt:
		f.fixed[n.Init], f.fixed[n.Post] = true, true
		f.condition(n.Cond)
	case *ast.ExprStmt:
		f.call(n)
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			f.leaveOut(n)
		}
	case *ast.IncDecStmt:
		f.leaveOut(n)
	case *ast.BranchStmt:
		if n.Tok != token.FALLTHROUGH {
			f.leaveOut(n)
		}
	}
}

func (f *finder) expression(n ast.Expr) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		f.binary(n)
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			f.invert(n)
		}
	case *ast.Ident:
		if n.Name == "true" || n.Name == "false" {
			f.invert(n)
		}
	case *ast.BasicLit:
		if n.Kind == token.INT {
			f.number(n)
		}
	case *ast.CallExpr:
		f.capacity(n)
	}
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

// condition inverts what a statement depends on, but for what expression
// inverts anyway.
func (f *finder) condition(n ast.Expr) {
	switch n := n.(type) {
	case nil, *ast.UnaryExpr:
		return
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			return
		}
	}
	f.invert(n)
}

func (f *finder) invert(n ast.Expr) {
	s, text := f.span(n)
	f.add(s.from, text+" becomes !("+text+")", func(w *weaver, id int) { w.invert(id, s) })
}

func (f *finder) number(n *ast.BasicLit) {
	s, text := f.span(n)
	f.add(s.from, text+" becomes "+text+"+1", func(w *weaver, id int) { w.around(s, fmt.Sprintf("mutInt(%d, ", id), ")") })
}

// capacity leaves alone what make is told to reserve, which changes nothing but
// speed.
func (f *finder) capacity(n *ast.CallExpr) {
	if name, ok := n.Fun.(*ast.Ident); !ok || name.Name != "make" {
		return
	}
	_, slice := n.Args[0].(*ast.ArrayType)
	for i, arg := range n.Args[1:] {
		if i > 0 || !slice {
			f.fixed[arg] = true
		}
	}
}

// cases inverts the cases of a switch if they are conditions, and leaves out
// the returns of one that has no default.
func (f *finder) cases(body *ast.BlockStmt, conditions bool) {
	whole := false
	for _, clause := range body.List {
		whole = whole || clause.(*ast.CaseClause).List == nil
	}
	for _, clause := range body.List {
		clause := clause.(*ast.CaseClause)
		if !whole {
			f.returns(clause.Body)
		}
		for _, e := range clause.List {
			if conditions {
				f.condition(e)
			}
		}
	}
}

// returns leaves out the return at the end of statements behind which the
// function goes on.
func (f *finder) returns(list []ast.Stmt) {
	if len(list) == 0 {
		return
	}
	if last, ok := list[len(list)-1].(*ast.ReturnStmt); ok {
		f.leaveOut(last)
	}
}

func (f *finder) call(n *ast.ExprStmt) {
	call, ok := n.X.(*ast.CallExpr)
	if !ok {
		return
	}
	if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "panic" {
		return // the function could not end without it
	}
	f.leaveOut(n)
}

func (f *finder) leaveOut(n ast.Stmt) {
	s, text := f.span(n)
	f.add(s.from, text+" is left out", func(w *weaver, id int) { w.leaveOut(id, s) })
}

func (f *finder) span(n ast.Node) (s span, text string) {
	s = span{f.at(n.Pos()), f.at(n.End())}
	return s, string(f.source[s.from:s.to])
}

func (f *finder) at(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *finder) add(offset int, what string, edit func(*weaver, int)) {
	start := bytes.LastIndexByte(f.source[:offset], '\n') + 1
	code, _, _ := bytes.Cut(f.source[start:], []byte("\n"))
	f.found = append(f.found, mutant{
		file: f.file, line: 1 + bytes.Count(f.source[:offset], []byte("\n")),
		in: f.in, code: string(bytes.TrimSpace(code)), what: strings.Join(strings.Fields(what), " "), edit: edit,
	})
}
