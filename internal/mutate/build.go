package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// binary is the test binary of a package with all its mutants.
type binary struct {
	dir     string
	temp    string
	mutants []mutant
}

func (b *binary) path() string { return filepath.Join(b.temp, "package.test") }

func (b *binary) remove() { os.RemoveAll(b.temp) }

// build finds the mutants of the package in dir and compiles them. Those that
// do not compile, such as "a" - "b", are none.
func build(dir string) (*binary, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	sources, err := readSources(dir)
	if err != nil {
		return nil, err
	}
	b := &binary{dir: dir}
	for _, file := range sortedNames(sources) {
		found, err := find(file, sources[file])
		if err != nil {
			return nil, err
		}
		b.mutants = append(b.mutants, found...)
	}
	if b.temp, err = os.MkdirTemp("", "mutate"); err != nil {
		return nil, err
	}
	for {
		wrong, err := b.compile(sources)
		if err != nil {
			b.remove()
			return nil, err
		}
		if len(wrong) == 0 {
			return b, nil
		}
		b.mutants = slices.DeleteFunc(b.mutants, func(m mutant) bool { return wrong[m.id] })
	}
}

// compile weaves the mutants into the sources, and returns those that are not
// valid.
func (b *binary) compile(sources map[string][]byte) (wrong map[int]bool, err error) {
	for i := range b.mutants {
		b.mutants[i].id = i + 1
	}
	overlay := map[string]string{}
	for i, file := range sortedNames(sources) {
		ours := slices.DeleteFunc(slices.Clone(b.mutants), func(m mutant) bool { return m.file != file })
		overlay[file] = filepath.Join(b.temp, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(overlay[file], weave(sources[file], ours), 0o600); err != nil {
			return nil, err
		}
	}
	for name, text := range map[string]string{"mutants_switches.go": switches, "mutants_serve_test.go": serve} {
		added := filepath.Join(b.dir, name)
		overlay[added] = filepath.Join(b.temp, name)
		if err := os.WriteFile(overlay[added], []byte("package "+filepath.Base(b.dir)+"\n"+text), 0o600); err != nil {
			return nil, err
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(b.temp, "overlay.json")
	if err := os.WriteFile(file, list, 0o600); err != nil {
		return nil, err
	}
	test := exec.Command("go", "test", "-c", "-vet=off", "-gcflags=-e", "-overlay", file, "-o", b.path(), ".")
	test.Dir = b.dir
	if output, err := test.CombinedOutput(); err != nil {
		return blame(string(output))
	}
	return nil, nil
}

var (
	message = regexp.MustCompile(`(?m)^([^\s:]+\.go):(\d+):(?:(\d+):)?(.*)`)
	helper  = regexp.MustCompile(`mut[A-Z]\w*\((\d+), `)
)

// blame reads the messages of the compiler, which name places in the woven
// files, and returns the mutants that are there. Columns from 255 on are left
// out; then the message itself names the mutant.
func blame(output string) (wrong map[int]bool, err error) {
	wrong = map[int]bool{}
	for _, m := range message.FindAllStringSubmatch(output, -1) {
		text, column := m[4], 0
		if m[3] != "" {
			woven, err := os.ReadFile(m[1])
			if err != nil {
				return nil, err
			}
			line, _ := strconv.Atoi(m[2])
			column, _ = strconv.Atoi(m[3])
			text = strings.Split(string(woven), "\n")[line-1]
		}
		if id := helperAt(text, column); id > 0 {
			wrong[id] = true
		}
	}
	if len(wrong) == 0 {
		return nil, fmt.Errorf("the package does not compile: %s", output)
	}
	return wrong, nil
}

// helperAt returns the mutant of the call that a column is in, or of the first
// one after it.
func helperAt(line string, column int) (id int) {
	for _, at := range helper.FindAllStringSubmatchIndex(line, -1) {
		if at[0] < column || id == 0 {
			id, _ = strconv.Atoi(line[at[2]:at[3]])
		}
	}
	return id
}

func readSources(dir string) (map[string][]byte, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	sources := map[string][]byte{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		if sources[file], err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	return sources, nil
}

func sortedNames(sources map[string][]byte) []string {
	names := make([]string, 0, len(sources))
	for name := range sources {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
