package archtest

import (
	"fmt"
	"path"
	"slices"
)

// goVersion is what go.work and every go.mod say, written in full.
const goVersion = "1.26.0"

func checkDirect(t *Tree) (found []Offence) {
	for _, r := range t.Root().Requires {
		if _, known := thirdParty[r.Path]; !known && !r.Indirect {
			found = append(found, Offence{"go.mod", r.Path + " is not among the dependencies that were decided on"})
		}
	}
	return found
}

func checkWorkspace(t *Tree) (found []Offence) {
	dirs := make([]string, 0, len(t.Modules))
	for _, m := range t.Modules {
		dirs = append(dirs, m.Dir)
		if !slices.Contains(t.Uses, m.Dir) {
			found = append(found, Offence{path.Join(m.Dir, "go.mod"), "go.work does not use this module"})
		}
	}
	for _, use := range t.Uses {
		if !slices.Contains(dirs, use) {
			found = append(found, Offence{"go.work", use + " holds no module"})
		}
	}
	return found
}

func checkGoVersion(t *Tree) (found []Offence) {
	check := func(file, version string) {
		if version != goVersion {
			found = append(found, Offence{file, fmt.Sprintf("says go %s, not go %s", version, goVersion)})
		}
	}
	check("go.work", t.WorkGo)
	for _, m := range t.Modules {
		check(path.Join(m.Dir, "go.mod"), m.Go)
	}
	return found
}

func checkNested(t *Tree) (found []Offence) {
	for _, m := range t.Modules {
		if m.Nested() {
			found = append(found, t.unreplaced(m)...)
		}
	}
	for _, p := range t.Packages {
		for _, f := range p.Files {
			if p.Module.Nested() {
				found = append(found, t.internalImports(p, f)...)
			}
		}
	}
	return found
}

// unreplaced finds requirements on modules of this tree that would be fetched
// instead of taken from the tree when the workspace is off.
func (t *Tree) unreplaced(m *Module) (found []Offence) {
	for _, r := range m.Requires {
		for _, other := range t.Modules {
			if r.Path == other.Path && path.Join(m.Dir, m.Replaces[r.Path]) != other.Dir {
				found = append(found, Offence{path.Join(m.Dir, "go.mod"), "needs a replace of " + r.Path + " with its directory"})
			}
		}
	}
	return found
}

func (t *Tree) internalImports(p *Package, f *File) (found []Offence) {
	for imported, spec := range f.imports {
		dir, ours := t.ownDir(imported)
		if ours && (&Package{Dir: dir}).Internal() && !within(dir, p.Module.Dir) {
			found = append(found, t.at(spec.Pos(), "a nested module must not import %s", dir))
		}
	}
	return found
}
