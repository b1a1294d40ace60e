package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
)

func TestPageIsCurrent(t *testing.T) {
	if err := run("../../docs/tolerances.md", true); err != nil {
		t.Error(err)
	}
}

func TestPageHasEverything(t *testing.T) {
	page, err := render()
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range schema.Tolerances() {
		if !strings.Contains(string(page), "| `"+info.ID+"` | ") || info.Meaning == "" || info.Clause == "" {
			t.Errorf("%+v", info)
		}
	}
	if !strings.Contains(string(page), `"uniqueGroupName":true`) {
		t.Errorf("no preset has a switch in\n%s", page)
	}
}

func TestStalePageIsFound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	if err := run(file, true); err == nil {
		t.Error("a missing page is current")
	}
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(file, true); err == nil {
		t.Error("an old page is current")
	}
	if err := run(file, false); err != nil {
		t.Fatal(err)
	}
	if err := run(file, true); err != nil {
		t.Error(err)
	}
}
