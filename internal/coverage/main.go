// Command coverage writes docs/coverage.md: every requirement that the SCIM
// RFCs put on a service provider, with the tests that carry its id.
//
//	go run ./internal/coverage          # write the page
//	go run ./internal/coverage -check   # fail if the page is not current
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

const page = "docs/coverage.md"

func main() {
	check := flag.Bool("check", false, "report whether the page is current instead of writing it")
	dir := flag.String("C", ".", "the root of the repository")
	flag.Parse()
	if err := run(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

func run(dir string, check bool) error {
	text, err := generate(dir)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, filepath.FromSlash(page))
	if !check {
		return os.WriteFile(file, text, 0o644)
	}
	have, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !bytes.Equal(have, text) {
		return errors.New(page + " is not current; run go run ./internal/coverage")
	}
	return nil
}

// generate returns the page for the tree in dir.
func generate(dir string) ([]byte, error) {
	requirements, err := parseRequirements(requirementsTSV, notesTSV)
	if err != nil {
		return nil, err
	}
	found, err := scan(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	if err := found.checkKnown(requirements); err != nil {
		return nil, err
	}
	return render(requirements, found), nil
}
