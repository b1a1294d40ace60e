package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scimtest"
	"github.com/muster-scim/muster/store/memstore"
)

var (
	idpFlag     = regexp.MustCompile(`-idp (\S+)`)
	profileFlag = regexp.MustCompile(`quickstart .*-profile (\S+)`)
	switchFlag  = regexp.MustCompile(`cmd/scimtest .*-profile (\S+)`)
	profileFile = regexp.MustCompile("(?s)```json\n(\\{\n  \"name\".*?)```")
)

// The guides name clients, presets and switches that exist.
func TestGuides(t *testing.T) {
	var clients, switches []string
	for _, trace := range scimtest.Traces() {
		clients = append(clients, trace.IdP)
		switches = append(switches, trace.Profile)
	}
	files, err := filepath.Glob("../../docs/idp/*.md")
	if err != nil || len(files) < 7 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, name := string(data), strings.TrimSuffix(filepath.Base(file), ".md")
		for _, m := range idpFlag.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(clients, m[1]) {
				t.Errorf("%s: there are no traces of %q", file, m[1])
			}
		}
		for _, m := range switchFlag.FindAllStringSubmatch(text, -1) {
			for s := range strings.SplitSeq(m[1], ",") {
				if !slices.Contains(switches, s) {
					t.Errorf("%s: no trace asks for %q", file, s)
				}
			}
		}
		if name == "README" {
			continue
		}
		if m := profileFlag.FindStringSubmatch(text); m == nil || m[1] != name || !slices.Contains(scim.ProfileNames(), name) {
			t.Errorf("%s: quickstart is not started with the profile of that name", file)
		}
	}
}

// The profile that the guides show as a file can be served.
func TestGuideProfile(t *testing.T) {
	data, err := os.ReadFile("../../docs/idp/README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := profileFile.FindSubmatch(data)
	if m == nil {
		t.Fatal("no profile is shown")
	}
	p, err := scim.ParseProfile(m[1])
	if err != nil {
		t.Fatal(err)
	}
	h, err := scim.New(scim.Config{
		Types: []*schema.ResourceType{schema.UserDefinition().MustCompile()}, Store: memstore.New(nil), AllowAnonymous: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Check(&p); err != nil {
		t.Error(err)
	}
}
