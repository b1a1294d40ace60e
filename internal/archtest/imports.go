package archtest

import (
	"slices"
	"strings"
)

// layers maps each directory of the root module to the directories it may
// import; the entry with the longest matching directory decides. Packages
// below internal may be imported by all but those that say so.
var layers = map[string][]string{
	".":              {},
	"internal":       {},
	testHelper:       {"schema"}, // in no other list, so only tests may import it
	pageWriter:       {"schema", "scim"},
	"schema":         {"internal"},
	"filter":         {"internal", "schema"},
	"patch":          {"internal", "schema", "filter"},
	"store":          {"internal", "schema", "filter", "patch"},
	"store/memstore": {"internal", "schema", "filter", "patch", "store"},
	"store/sqlstore": {"internal", "schema", "filter", "patch", "store"},
	"storetest":      {"internal", "schema", "filter", "patch", "store"},
	"scim":           {"internal", "schema", "filter", "patch", "store"},
	"scimtest":       {},
}

// testHelper is the package that serves tests only and counts as one.
const testHelper = "internal/schemagen"

// pageWriter is the command that writes a page about what packages do.
const pageWriter = "internal/tolerances"

// confined maps standard packages to the directories of the root module that
// may import them, outside tests.
var confined = map[string][]string{
	"net/http":     {"scim", "scimtest"},
	"database/sql": {"store/sqlstore"},
}

// thirdParty maps each direct dependency of the root module to the
// directories that may import it. Only tests may import one without any.
var thirdParty = map[string][]string{
	"github.com/go-playground/validator/v10": {"schema", "scim"},
	"github.com/scim2/filter-parser/v2":      {"filter"},
	"github.com/google/uuid":                 {"store", "scim"},
	"golang.org/x/text":                      {"schema"},
	"github.com/go-json-experiment/json":     {"schema", "patch", "store", "scim", "scimtest", "internal"},
	"pgregory.net/rapid":                     {},
}

// layerOf returns the key of layers that decides for a directory.
func layerOf(dir string) string {
	best := ""
	for layer := range layers {
		if (dir == layer || layer != "." && within(dir, layer)) && len(layer) > len(best) {
			best = layer
		}
	}
	return best
}

func checkLayers(t *Tree) (found []Offence) {
	for f, p := range t.rootSources {
		from := layerOf(p.Dir)
		if from == "" {
			found = append(found, t.at(f.AST.Package, "%s is in no layer; add it to the table of layers", p.Dir))
			continue
		}
		for imported, spec := range f.imports {
			dir, ours := t.ownDir(imported)
			to := layerOf(dir)
			if ours && to != from && !slices.Contains(layers[from], to) {
				found = append(found, t.at(spec.Pos(), "%s must not import %s", from, dir))
			}
		}
	}
	return found
}

func checkConfined(t *Tree) (found []Offence) {
	for f, p := range t.rootSources {
		for imported, spec := range f.imports {
			for std, dirs := range confined {
				if within(imported, std) && !anyWithin(p.Dir, dirs) {
					found = append(found, t.at(spec.Pos(), "%s is for %s only", imported, strings.Join(dirs, ", ")))
				}
			}
		}
	}
	return found
}

func checkThirdParty(t *Tree) (found []Offence) {
	for _, p := range t.Packages {
		if p.Module.Nested() {
			continue
		}
		for _, f := range p.Files {
			found = append(found, t.foreignImports(p, f)...)
		}
	}
	return found
}

func (t *Tree) foreignImports(p *Package, f *File) (found []Offence) {
	for imported, spec := range f.imports {
		if _, ours := t.ownDir(imported); ours || !strings.Contains(strings.Split(imported, "/")[0], ".") {
			continue
		}
		dirs, known := dependency(imported)
		switch {
		case !known:
			found = append(found, t.at(spec.Pos(), "%s is not a dependency of the root module", imported))
		case len(dirs) == 0 && !f.Test && p.Dir != testHelper:
			found = append(found, t.at(spec.Pos(), "%s is for tests only", imported))
		case len(dirs) > 0 && !anyWithin(p.Dir, dirs):
			found = append(found, t.at(spec.Pos(), "%s is for %s only", imported, strings.Join(dirs, ", ")))
		}
	}
	return found
}

// dependency looks up the module that provides an import path.
func dependency(imported string) (dirs []string, known bool) {
	for module, dirs := range thirdParty {
		if within(imported, module) {
			return dirs, true
		}
	}
	return nil, false
}

// ownDir returns the directory of an import path of the root module or of a
// module nested in it.
func (t *Tree) ownDir(imported string) (dir string, ours bool) {
	root := t.Root().Path
	if imported == root {
		return ".", true
	}
	return strings.CutPrefix(imported, root+"/")
}

// rootSources yields the files of the root module that are not tests.
func (t *Tree) rootSources(yield func(*File, *Package) bool) {
	for _, p := range t.Packages {
		for f := range p.sources {
			if !p.Module.Nested() && !yield(f, p) {
				return
			}
		}
	}
}

func anyWithin(dir string, bases []string) bool {
	return slices.ContainsFunc(bases, func(base string) bool { return within(dir, base) })
}
