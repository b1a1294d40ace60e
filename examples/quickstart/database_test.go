package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What was written to a file is there after a restart, for its tenant only.
func TestKeepsDataInFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a ?#%.db")
	args := []string{"-db", file, "-tenants", "acme=one,zenith=two"}
	for round, want := range []string{`"totalResults":0`, `"totalResults":1`} {
		out, stop := start(t, args...)
		base := baseLine.FindStringSubmatch(out.String())[1]
		for tenant, expected := range map[string]string{"acme": want, "zenith": `"totalResults":0`} {
			token := map[string]string{"acme": "one", "zenith": "two"}[tenant]
			if _, body := get(t, strings.Replace(base, "acme", tenant, 1)+"/Users", token); !strings.Contains(body, expected) {
				t.Errorf("round %d, %s: %s", round, tenant, body)
			}
		}
		if round == 0 {
			createUser(t, base)
		}
		if got := stop(); got != exitOK {
			t.Errorf("status %d", got)
		}
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

func createUser(t *testing.T, base string) {
	t.Helper()
	body := strings.NewReader(`{"schemas":["` + userURN + `"],"userName":"ann"}`)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/Users", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer one")
	r.Header.Set("Content-Type", "application/scim+json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		t.Fatal(resp.Status)
	}
}

func TestOpenDatabase(t *testing.T) {
	for text, want := range map[string]string{
		"memory": "in memory", "x.db": "in x.db", "postgres://u:p@localhost/d": "in PostgreSQL", "mysql://u:p@localhost:3306/d": "in MySQL",
	} {
		d, err := openDatabase(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if d.String() != want {
			t.Errorf("%s: %s", text, d)
		}
		d.close()
	}
	if got := mysqlSource("u:p@localhost:3306/d"); got != "u:p@tcp(localhost:3306)/d" {
		t.Error(got)
	}
	if _, err := openDatabase("tape://x"); err == nil || !strings.Contains(err.Error(), "tape") {
		t.Error(err)
	}
}
