package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scim/audit"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	path, key := filepath.Join(dir, "audit.jsonl"), filepath.Join(dir, "key")
	if err := os.WriteFile(key, []byte("k3y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := audit.Open(path, []byte("k3y"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := w.Append(&scim.Record{ID: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	head := fmt.Sprintf("%d:%s", w.Head().N, w.Head().Hash)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"-key-file", key, path}, 0, "3 records, intact; head " + head},
		{[]string{"-key-file", key, "-head", head, path}, 0, "intact"},
		{[]string{"-key-file", key, "-head", "4:" + head[2:], path}, 1, "is not there"},
		{[]string{"-head", "x", path}, 1, "N:HASH"},
		{[]string{path}, 1, "line 1 was changed, or the key"},
		{[]string{"-key-file", filepath.Join(dir, "none"), path}, 1, "none"},
		{[]string{filepath.Join(dir, "none")}, 1, "none"},
		{nil, 2, "usage"},
		{[]string{"-nonsense", path}, 2, "usage"},
		{[]string{"-help"}, 0, "usage"},
	} {
		var out, errors bytes.Buffer
		if status := run(c.args, &out, &errors); status != c.status || !strings.Contains(out.String()+errors.String(), c.says) {
			t.Errorf("%v: status %d, %s%s", c.args, status, &out, &errors)
		}
	}
}
