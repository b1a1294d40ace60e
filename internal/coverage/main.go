// Command coverage writes two pages: docs/coverage.md, every requirement that
// the SCIM RFCs put on a service provider, and docs/readings.md, every point
// that they leave open, each with the tests that carry its id.
//
//	go run ./internal/coverage          # write the pages
//	go run ./internal/coverage -check   # fail if a page is not current
//
// Nothing is run: the tests are found by the ids in their names and data. An
// id that no requirement has is an error, since a typing mistake would
// otherwise look like missing coverage.
package main

import (
	"bytes"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

//go:embed requirements.tsv
var requirementsTSV string

//go:embed notes.tsv
var notesTSV string

//go:embed readings.tsv
var readingsTSV string

func main() {
	check := flag.Bool("check", false, "report whether the pages are current instead of writing them")
	dir := flag.String("C", ".", "the root of the repository")
	flag.Parse()
	if err := run(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

func run(dir string, check bool) error {
	pages, err := generate(dir)
	if err != nil {
		return err
	}
	act := write
	if check {
		act = compare
	}
	for name, text := range pages {
		if err := act(filepath.Join(dir, "docs", name), text); err != nil {
			return err
		}
	}
	return nil
}

func write(file string, text []byte) error { return os.WriteFile(file, text, 0o644) }

func compare(file string, text []byte) error {
	have, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !bytes.Equal(have, text) {
		return errors.New(file + " is not current; run go run ./internal/coverage")
	}
	return nil
}

// generate returns the pages for the tree in dir, by their names in docs.
func generate(dir string) (map[string][]byte, error) {
	requirements, err := parseRequirements(requirementsTSV, notesTSV)
	if err != nil {
		return nil, err
	}
	readings, err := parseReadings(readingsTSV)
	if err != nil {
		return nil, err
	}
	found, err := scan(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	if err := found.checkKnown(requirements, readings); err != nil {
		return nil, err
	}
	return map[string][]byte{
		"coverage.md": renderRequirements(requirements, found),
		"readings.md": renderReadings(readings, found),
	}, nil
}
