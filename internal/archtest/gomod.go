package archtest

import (
	"io/fs"
	"path"
	"strings"
)

// loadMod reads a go.mod, or the go.work at the root.
func (t *Tree) loadMod(fsys fs.FS, name string) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if name == "go.work" {
		for verb, args := range directives(string(data)) {
			t.addWork(verb, args)
		}
		return nil
	}
	m := &Module{Dir: path.Dir(name), Replaces: map[string]string{}}
	for verb, args := range directives(string(data)) {
		m.add(verb, args)
	}
	t.Modules = append(t.Modules, m)
	return nil
}

func (t *Tree) addWork(verb string, args []string) {
	switch verb {
	case "go":
		t.WorkGo = args[0]
	case "use":
		t.Uses = append(t.Uses, path.Clean(args[0]))
	}
}

func (m *Module) add(verb string, args []string) {
	switch verb {
	case "module":
		m.Path = args[0]
	case "go":
		m.Go = args[0]
	case "require":
		m.Requires = append(m.Requires, Require{args[0], strings.Contains(strings.Join(args, " "), "// indirect")})
	case "replace":
		m.Replaces[args[0]] = args[len(args)-1]
	}
}

// directives yields each directive of a go.mod or go.work with its arguments,
// blocks flattened. A trailing comment stays among the arguments.
func directives(text string) func(yield func(string, []string) bool) {
	return func(yield func(string, []string) bool) {
		block := ""
		for line := range strings.Lines(text) {
			words := strings.Fields(line)
			switch {
			case len(words) == 0 || strings.HasPrefix(words[0], "//"):
				continue
			case words[0] == ")":
				block = ""
				continue
			case len(words) == 2 && words[1] == "(":
				block = words[0]
				continue
			case block != "":
				words = append([]string{block}, words...)
			}
			if len(words) > 1 && !yield(words[0], words[1:]) {
				return
			}
		}
	}
}
