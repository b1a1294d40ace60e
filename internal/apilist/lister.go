package main

import (
	"go/ast"
	"go/printer"
	"go/token"
	"strings"
)

// lister collects a line for each exported name of one package.
type lister struct {
	fset     *token.FileSet
	lines    []string
	promoted map[string][]string // lines of methods of unexported types
	embedded map[string]string   // exported types by the unexported ones that they embed
}

func (l *lister) add(parts ...string) { l.lines = append(l.lines, strings.Join(parts, "")) }

// text formats a piece of syntax on one line.
func (l *lister) text(node any) string {
	var b strings.Builder
	if err := printer.Fprint(&b, l.fset, node); err != nil {
		return err.Error() // a type that cannot be printed is no type
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// signature formats a function type without the word func.
func (l *lister) signature(f *ast.FuncType) string {
	return strings.TrimPrefix(l.text(&ast.FuncType{TypeParams: f.TypeParams, Params: f.Params, Results: f.Results}), "func")
}

func (l *lister) function(d *ast.FuncDecl) {
	switch {
	case !d.Name.IsExported():
	case d.Recv == nil:
		l.add("func ", d.Name.Name, l.signature(d.Type))
	default:
		receiver := l.text(d.Recv.List[0].Type)
		line := d.Name.Name + l.signature(d.Type)
		if base := strings.TrimLeft(receiver, "*"); ast.IsExported(base) {
			l.add("method (", receiver, ") ", line)
		} else {
			l.promoted[base] = append(l.promoted[base], line)
		}
	}
}

// promote adds the methods that exported types have from unexported ones.
func (l *lister) promote() {
	for hidden, outer := range l.embedded {
		for _, line := range l.promoted[hidden] {
			l.add("method (", outer, ") ", line)
		}
	}
}

func (l *lister) values(word string, s *ast.ValueSpec) {
	for _, name := range s.Names {
		if !name.IsExported() {
			continue
		}
		line := word + " " + name.Name
		if s.Type != nil {
			line += " " + l.text(s.Type)
		}
		l.add(line)
	}
}

func (l *lister) typ(s *ast.TypeSpec) {
	if !s.Name.IsExported() {
		return
	}
	head := "type " + s.Name.Name
	if s.TypeParams != nil {
		head += strings.TrimSuffix(l.signature(&ast.FuncType{TypeParams: s.TypeParams, Params: &ast.FieldList{}}), "()")
	}
	switch t := s.Type.(type) {
	case *ast.StructType:
		l.add(head, " struct")
		l.fields(s.Name.Name, head+" struct, ", t.Fields)
	case *ast.InterfaceType:
		l.add(head, " interface")
		l.fields(s.Name.Name, head+" interface, ", t.Methods)
	default:
		if s.Assign.IsValid() {
			head += " ="
		}
		l.add(head, " ", l.text(t))
	}
}

// fields lists the fields of a struct, or the methods of an interface.
func (l *lister) fields(outer, head string, list *ast.FieldList) {
	for _, field := range list.List {
		if len(field.Names) == 0 {
			l.embed(outer, head, l.text(field.Type))
		}
		for _, name := range field.Names {
			switch method, ok := field.Type.(*ast.FuncType); {
			case !name.IsExported():
			case ok && strings.Contains(head, " interface"):
				l.add(head, name.Name, l.signature(method))
			default:
				l.add(head, name.Name, " ", l.text(field.Type))
			}
		}
	}
}

func (l *lister) embed(outer, head, inner string) {
	if base := strings.TrimLeft(inner, "*"); ast.IsExported(base[strings.LastIndex(base, ".")+1:]) {
		l.add(head, "embedded ", inner)
	} else {
		l.embedded[base] = outer
	}
}
