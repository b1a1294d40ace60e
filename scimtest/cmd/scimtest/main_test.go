package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mute answers every request with an empty object.
func mute(t *testing.T) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/scim+json")
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func start(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, func(string) string { return "" }, &out, &errs)
	return code, out.String(), errs.String()
}

func TestUsageMistakes(t *testing.T) {
	base := mute(t)
	cases := []struct {
		name, says string
		args       []string
	}{
		{"no base", "-base is needed", nil},
		{"unknown flag", "flag provided but not defined", []string{"-bass", base}},
		{"argument", `unexpected argument "x"`, []string{"-base", base, "x"}},
		{"unknown client", "known are authentik", []string{"-base", base, "-idp", "oktta"}},
		{"pattern", "-run: error parsing regexp", []string{"-base", base, "-run", "("}},
		{"nothing chosen", "no case is chosen", []string{"-base", base, "-run", "nothing"}},
		{"timeout", "must be positive", []string{"-base", base, "-timeout", "0s"}},
		{"relative base", "must start with http", []string{"-base", "example.com/scim"}},
		{"no traces", "no *.json file", []string{"-base", base, "-traces", t.TempDir()}},
		{"report path", "no such file or directory", []string{"-base", base, "-html", filepath.Join(t.TempDir(), "no", "x.html")}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := start(t, c.args...)
			if code != exitUsage || !strings.Contains(errs, c.says) || out != "" {
				t.Errorf("exit %d, stdout %q, stderr %q", code, out, errs)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	code, _, errs := start(t, "-h")
	if code != exitOK || !strings.Contains(errs, "Exit status") || !strings.Contains(errs, "-idp") {
		t.Errorf("exit %d, %q", code, errs)
	}
}

func TestList(t *testing.T) {
	code, out, _ := start(t, "-list", "-idp", "okta")
	if code != exitOK || !strings.Contains(out, "patch/atomic") || !strings.Contains(out, "okta-006-joiner") || strings.Contains(out, "entra-") {
		t.Errorf("exit %d, %q", code, out)
	}
}

func TestFailingRunWritesReports(t *testing.T) {
	dir := t.TempDir()
	jsonFile, htmlFile := filepath.Join(dir, "r.json"), filepath.Join(dir, "r.html")
	code, out, errs := start(t, "-base", mute(t), "-token", "tok-en-123", "-idp", "okta", "-run", "okta-00|discovery", "-json", jsonFile, "-html", htmlFile)
	if code != exitFailed || !strings.Contains(out, "likely cause") || !strings.Contains(out, "do not hold") || !strings.Contains(errs, "cases, ") {
		t.Errorf("exit %d\n%s\n%s", code, out, errs)
	}
	data, err := os.ReadFile(jsonFile)
	var report struct {
		OK      bool
		Results []any
	}
	if err != nil || json.Unmarshal(data, &report) != nil || report.OK || len(report.Results) == 0 {
		t.Errorf("JSON report: %v, %s", err, data)
	}
	page, err := os.ReadFile(htmlFile)
	if err != nil || !bytes.Contains(page, []byte("</html>")) || bytes.Contains(page, []byte("tok-en-123")) {
		t.Errorf("HTML report: %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	code, out, _ := start(t, "-base", "http://127.0.0.1:1/scim", "-q")
	if code != exitFailed || !strings.Contains(out, "cannot connect to 127.0.0.1:1") {
		t.Errorf("exit %d, %q", code, out)
	}
}
