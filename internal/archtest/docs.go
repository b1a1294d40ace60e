package archtest

import (
	"go/ast"
	"go/doc"
	"path"
	"slices"
)

func checkPackageDocs(t *Tree) (found []Offence) {
	for _, p := range t.Packages {
		where, sources := "", 0
		for f := range p.sources {
			sources++
			if f.AST.Doc != nil {
				where = path.Base(f.Path)
			}
		}
		switch {
		case sources == 0:
		case where == "":
			found = append(found, Offence{p.Dir, "has no package comment"})
		case where != "doc.go" && !p.Command():
			found = append(found, Offence{path.Join(p.Dir, where), "the package comment belongs in doc.go"})
		}
	}
	return found
}

func checkExamples(t *Tree) (found []Offence) {
	for _, p := range t.Packages {
		verified := 0
		for _, f := range p.Files {
			if !f.Test {
				continue
			}
			for _, e := range doc.Examples(f.AST) {
				if e.Output == "" && !e.EmptyOutput {
					found = append(found, t.at(e.Code.Pos(), "Example%s has no Output comment", e.Name))
					continue
				}
				verified++
			}
		}
		if verified == 0 && p.public() {
			found = append(found, Offence{p.Dir, "has no example with verified output"})
		}
	}
	return found
}

// public reports whether the package offers an API to users of the root
// module.
func (p *Package) public() bool {
	if p.Module.Nested() || p.Internal() || p.Command() {
		return false
	}
	for f := range p.sources {
		if slices.ContainsFunc(f.AST.Decls, exports) {
			return true
		}
	}
	return false
}

// exports reports whether a declaration adds to the API.
func exports(decl ast.Decl) bool {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		return d.Name.IsExported() && receiverExported(d)
	case *ast.GenDecl:
		return slices.ContainsFunc(d.Specs, func(s ast.Spec) bool {
			switch s := s.(type) {
			case *ast.TypeSpec:
				return s.Name.IsExported()
			case *ast.ValueSpec:
				return len(exported(s.Names)) > 0
			}
			return false
		})
	}
	return false
}

func checkExportedDocs(t *Tree) (found []Offence) {
	for f := range t.rootSources {
		if f.generated() {
			continue
		}
		for _, decl := range f.AST.Decls {
			for _, id := range undocumented(decl) {
				found = append(found, t.at(id.Pos(), "%s has no doc comment", id.Name))
			}
		}
	}
	return found
}

// undocumented returns the exported names of a declaration that have no
// comment.
func undocumented(decl ast.Decl) (names []*ast.Ident) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && exports(d) {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			names = append(names, undocumentedSpec(d, spec)...)
		}
	}
	return names
}

// undocumentedSpec accepts a comment on the group for constants and
// variables, since such groups are read as one.
func undocumentedSpec(d *ast.GenDecl, spec ast.Spec) (names []*ast.Ident) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return nil
		}
		if d.Doc == nil && s.Doc == nil {
			names = append(names, s.Name)
		}
		return append(names, undocumentedFields(s.Type)...)
	case *ast.ValueSpec:
		if d.Doc == nil && s.Doc == nil && s.Comment == nil {
			names = exported(s.Names)
		}
	}
	return names
}

// undocumentedFields looks at struct fields and interface methods. An embedded
// type carries its own documentation.
func undocumentedFields(typ ast.Expr) (names []*ast.Ident) {
	var fields *ast.FieldList
	switch x := typ.(type) {
	case *ast.StructType:
		fields = x.Fields
	case *ast.InterfaceType:
		fields = x.Methods
	default:
		return nil
	}
	for _, f := range fields.List {
		if f.Doc == nil && f.Comment == nil {
			names = append(names, exported(f.Names)...)
		}
	}
	return names
}

func exported(ids []*ast.Ident) (names []*ast.Ident) {
	for _, id := range ids {
		if id.IsExported() {
			names = append(names, id)
		}
	}
	return names
}

// receiverExported reports whether a method belongs to an exported type; it
// holds for functions.
func receiverExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}
