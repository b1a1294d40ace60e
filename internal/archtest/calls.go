package archtest

import (
	"go/ast"
	"strings"
)

func checkPanics(t *Tree) (found []Offence) {
	for decl := range t.functions {
		if strings.HasPrefix(strings.ToLower(decl.Name.Name), "must") {
			continue
		}
		for call := range calls(decl) {
			if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "panic" && !cutsResponse(call) {
				found = append(found, t.at(call.Pos(), "%s panics", decl.Name.Name))
			}
		}
	}
	return found
}

// cutsResponse reports whether a panic is the one by which net/http lets a
// handler cut a response that it cannot finish.
func cutsResponse(panics *ast.CallExpr) bool {
	arg, ok := panics.Args[0].(*ast.SelectorExpr)
	return ok && arg.Sel.Name == "ErrAbortHandler"
}

func checkPrinting(t *Tree) (found []Offence) {
	for _, p := range t.Packages {
		for f := range p.sources {
			if !p.Command() {
				found = append(found, t.printing(f)...)
			}
		}
	}
	return found
}

func (t *Tree) printing(f *File) (found []Offence) {
	for imported, spec := range f.imports {
		if imported == "log" {
			found = append(found, t.at(spec.Pos(), "imports log"))
		}
	}
	for call := range calls(f.AST) {
		if pkg, name := qualified(call); pkg == "fmt" && strings.HasPrefix(name, "Print") {
			found = append(found, t.at(call.Pos(), "calls fmt.%s", name))
		}
	}
	return found
}

func checkSleeping(t *Tree) (found []Offence) {
	for _, p := range t.Packages {
		for _, f := range p.Files {
			if f.Test && !f.fakesTime() {
				found = append(found, t.sleeping(f)...)
			}
		}
	}
	return found
}

func (t *Tree) sleeping(f *File) (found []Offence) {
	for call := range calls(f.AST) {
		if pkg, name := qualified(call); pkg == "time" && name == "Sleep" {
			found = append(found, t.at(call.Pos(), "calls time.Sleep outside testing/synctest"))
		}
	}
	return found
}

// fakesTime reports whether the file runs its tests on synctest's clock.
func (f *File) fakesTime() bool {
	for imported := range f.imports {
		if imported == "testing/synctest" {
			return true
		}
	}
	return false
}

// calls yields the call expressions below a node.
func calls(n ast.Node) func(yield func(*ast.CallExpr) bool) {
	return func(yield func(*ast.CallExpr) bool) {
		for n := range ast.Preorder(n) {
			if call, ok := n.(*ast.CallExpr); ok && !yield(call) {
				return
			}
		}
	}
}

// qualified returns the parts of a call to pkg.Name, else empty strings.
func qualified(call *ast.CallExpr) (pkg, name string) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return "", ""
	}
	return id.Name, sel.Sel.Name
}
