package scim

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// answers says how each exported error of the packages below is answered. 500
// stands for a fault of the program or the store, which the client cannot mend.
var answers = map[string]struct {
	err    error
	status int
	typ    ErrorType
}{
	"schema.ErrSyntax":           {&schema.PathError{Path: "x", Err: schema.ErrSyntax}, 400, InvalidSyntax},
	"schema.ErrUnknownAttribute": {schema.ErrUnknownAttribute, 400, InvalidSyntax},
	"schema.ErrValue":            {schema.ErrValue, 400, InvalidValue},
	"schema.ErrRequired":         {&schema.PathError{Path: "x", Err: schema.ErrRequired}, 400, InvalidValue},
	"schema.ErrMutability":       {schema.ErrMutability, 400, Mutability},
	"schema.ErrLimit":            {schema.ErrLimit, 413, ""},
	"schema.ErrDefinition":       {schema.ErrDefinition, 500, ""},
	"schema.PathError":           {&schema.PathError{Path: "x", Err: schema.ErrValue}, 400, InvalidValue},
	"schema.ValidationError":     {&schema.ValidationError{Problems: []*schema.PathError{{Path: "x", Err: schema.ErrMutability}}}, 400, Mutability},
	"schema.DefinitionError":     {&schema.DefinitionError{}, 500, ""},
	"filter.ErrFilter":           {filter.ErrFilter, 400, InvalidFilter},
	"filter.ErrPath":             {filter.ErrPath, 400, InvalidPath},
	"filter.ErrSort":             {filter.ErrSort, 400, InvalidValue},
	"filter.ErrHidden":           {filter.ErrHidden, 403, ""},
	"filter.Error":               {parseError(), 400, InvalidFilter},
	"patch.Reason":               {patch.NoTarget, 400, NoTarget},
	"patch.InvalidSyntax":        {patch.InvalidSyntax, 400, InvalidSyntax},
	"patch.InvalidPath":          {patch.InvalidPath, 400, InvalidPath},
	"patch.InvalidFilter":        {patch.InvalidFilter, 400, InvalidFilter},
	"patch.InvalidValue":         {patch.InvalidValue, 400, InvalidValue},
	"patch.NoTarget":             {patch.NoTarget, 400, NoTarget},
	"patch.Mutability":           {patch.Mutability, 400, Mutability},
	"patch.TooLarge":             {patch.TooLarge, 413, ""},
	"patch.Error":                {&patch.Error{Reason: patch.InvalidPath, Err: filter.ErrFilter}, 400, InvalidPath},
	"store.ErrNotFound":          {store.ErrNotFound, 404, ""},
	"store.ErrVersion":           {store.ErrVersion, 412, ""},
	"store.ErrConflict":          {store.ErrConflict, 409, Uniqueness},
	"store.ErrUnknownMember":     {store.ErrUnknownMember, 400, InvalidValue},
	"store.ErrCycle":             {store.ErrCycle, 400, InvalidValue},
	"store.ErrScanLimit":         {store.ErrScanLimit, 400, TooMany},
	"store.ErrPosition":          {store.ErrPosition, 400, InvalidCursor},
	"store.ErrStale":             {store.ErrStale, 500, ""},
	"store.ErrUnavailable":       {store.ErrUnavailable, 503, ""},
	"store.ErrUncertain":         {store.ErrUncertain, 503, ""},
	"store.ConflictError":        {&store.ConflictError{Path: "userName"}, 409, Uniqueness},
	"store.MemberError":          {&store.MemberError{Path: "members", ID: "x", Err: store.ErrCycle}, 400, InvalidValue},
}

func parseError() error {
	_, err := filter.Parse(schema.UserDefinition().MustCompile(), "userName eq", nil)
	return err
}

// TestEveryErrorIsAnswered walks the exported errors of the packages below, as
// their source declares them, through the table, bare and wrapped.
func TestEveryErrorIsAnswered(t *testing.T) {
	found := map[string]bool{}
	for _, pkg := range []string{"schema", "filter", "patch", "store"} {
		for _, name := range exportedErrors(t, pkg) {
			found[pkg+"."+name] = true
			want, ok := answers[pkg+"."+name]
			if !ok {
				t.Errorf("%s.%s: nobody has decided how it is answered", pkg, name)
				continue
			}
			for _, err := range []error{want.err, fmt.Errorf("driver text: %w", want.err)} {
				got := wireError(context.Background(), err)
				if got.Status != want.status || got.Type != want.typ {
					t.Errorf("%s.%s: %d %s, want %d %s", pkg, name, got.Status, got.Type, want.status, want.typ)
				}
				if got.Detail == "" || strings.Contains(got.Detail, "driver text") || !errors.Is(got, want.err) {
					t.Errorf("%s.%s: detail %q", pkg, name, got.Detail)
				}
			}
		}
	}
	for name := range answers {
		if !found[name] {
			t.Errorf("%s is not declared any more", name)
		}
	}
}

// exportedErrors lists the exported variables Err…, the exported types with an
// Error method, and the constants of such types.
func exportedErrors(t *testing.T, pkg string) []string {
	t.Helper()
	var names []string
	reasons := ""
	for _, file := range sources(t, pkg) {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == "Error" {
				switch r := fn.Recv.List[0].Type.(type) {
				case *ast.StarExpr:
					names = appendExported(names, r.X.(*ast.Ident))
				case *ast.Ident:
					reasons = r.Name
					names = appendExported(names, r)
				}
			}
		}
	}
	for _, file := range sources(t, pkg) {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				value, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				typ, _ := value.Type.(*ast.Ident)
				for _, id := range value.Names {
					if strings.HasPrefix(id.Name, "Err") || typ != nil && reasons != "" && typ.Name == reasons {
						names = appendExported(names, id)
					}
				}
			}
		}
	}
	return names
}

func appendExported(names []string, id *ast.Ident) []string {
	if !id.IsExported() {
		return names
	}
	return append(names, id.Name)
}

func sources(t *testing.T, pkg string) (files []*ast.File) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", pkg, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no source of", pkg, err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

func TestWireError(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		ctx    context.Context
		err    error
		status int
	}{
		"unknown":               {context.Background(), fs.ErrPermission, 500},
		"timeout":               {context.Background(), fmt.Errorf("query: %w", context.DeadlineExceeded), 503},
		"gone":                  {context.Background(), context.Canceled, statusGone},
		"gone, driver text":     {ended, errors.New("connection reset"), statusGone},
		"known though gone":     {ended, store.ErrNotFound, 404},
		"not supported":         {context.Background(), errors.ErrUnsupported, 501},
		"unauthenticated":       {context.Background(), ErrUnauthenticated, 401},
		"forbidden":             {context.Background(), ErrForbidden, 403},
		"hook's own":            {context.Background(), fmt.Errorf("veto: %w", &Error{Status: 409, Detail: "held"}), 409},
		"hook's own, senseless": {context.Background(), &Error{Status: 200, Detail: "fine"}, 500},
	} {
		t.Run(name, func(t *testing.T) {
			if got := wireError(c.ctx, c.err); got.Status != c.status {
				t.Errorf("got %v, want %d", got, c.status)
			}
		})
	}
	if got := wireError(context.Background(), errors.New("password=hunter2")); strings.Contains(string(got.AppendJSON(nil)), "hunter2") {
		t.Error("the text of an unknown error is on the wire")
	}
}
