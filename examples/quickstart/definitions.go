package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/muster-scim/muster/schema"
)

// readDefinitions reads the resource types of a directory, one from each file
// that ends in .json, in the order of their names. No directory has none.
func readDefinitions(dir string) ([]schema.Definition, error) {
	if dir == "" {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("-schemas: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("-schemas: there is no .json file in %s", dir)
	}
	slices.Sort(files)
	var definitions []schema.Definition
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("-schemas: %w", err)
		}
		d, err := schema.ParseDefinition(data, nil)
		if err != nil {
			return nil, fmt.Errorf("-schemas: %s: %w", file, err)
		}
		definitions = append(definitions, d)
	}
	return definitions, nil
}
