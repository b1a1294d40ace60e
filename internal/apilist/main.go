// Command apilist writes api/*.txt: what each package exports that is there to be
// imported, a line for each name, so that a change of it is seen in review.
//
//	go run ./internal/apilist          # write the lists
//	go run ./internal/apilist -check   # fail if one is not current
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	check := flag.Bool("check", false, "report whether the lists are current instead of writing them")
	dir := flag.String("C", ".", "the root of the repository")
	flag.Parse()
	if err := run(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "apilist:", err)
		os.Exit(1)
	}
}

func run(dir string, check bool) error {
	lists, err := generate(dir)
	if err != nil {
		return err
	}
	api := filepath.Join(dir, "api")
	stale, err := others(api, lists)
	if err != nil {
		return err
	}
	if check {
		return compare(api, lists, stale)
	}
	return write(api, lists, stale)
}

// others names the files in api that no package has.
func others(api string, lists map[string]string) (stale []string, err error) {
	files, err := filepath.Glob(filepath.Join(api, "*.txt"))
	for _, file := range files {
		if _, ok := lists[filepath.Base(file)]; !ok {
			stale = append(stale, file)
		}
	}
	return stale, err
}

func compare(api string, lists map[string]string, stale []string) error {
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		if found, err := os.ReadFile(filepath.Join(api, name)); err != nil || string(found) != lists[name] {
			stale = append(stale, filepath.Join(api, name))
		}
	}
	if len(stale) > 0 {
		return fmt.Errorf("not current: %v; run go run ./internal/apilist", stale)
	}
	return nil
}

func write(api string, lists map[string]string, stale []string) error {
	for _, file := range stale {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(api, 0o755); err != nil {
		return err
	}
	for name, text := range lists {
		if err := os.WriteFile(filepath.Join(api, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
