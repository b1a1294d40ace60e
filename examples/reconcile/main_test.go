package main

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/memstore"
)

func TestRun(t *testing.T) {
	handler, err := scim.New(scim.Config{
		Types: []*schema.ResourceType{schema.UserDefinition().MustCompile()}, Store: memstore.New(nil), AllowAnonymous: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	list := filepath.Join(t.TempDir(), "users.csv")
	if err := os.WriteFile(list, []byte("userName,title\nann,Dr\nbob,Mr\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		args []string
		want string
	}{
		{nil, "2 missing\n"},
		{[]string{"-dry-run=false", "-rate", "1000", "-checkpoint", list + ".at"}, "2 created, 0 patched, 0 deactivated, 0 deleted, 0 failed, 0 malformed\n"},
		{[]string{"-report", "html"}, "<p>no differences</p>\n</html>\n"},
	} {
		var out, progress bytes.Buffer
		err := run(t.Context(), append([]string{"-expected", list, "-base", server.URL}, step.args...), &out, &progress)
		if err != nil || !strings.HasSuffix(out.String(), step.want) {
			t.Errorf("%v: %v\n%s", step.args, err, &out)
		}
	}
	for _, args := range [][]string{nil, {"-expected", "none.csv", "-base", "http://x"}, {"-expected", list, "-base", "http://x", "-extra", "all"}} {
		if err := run(t.Context(), args, &bytes.Buffer{}, &bytes.Buffer{}); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
}
