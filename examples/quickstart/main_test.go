package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// start runs the program until the test ends, and returns what it printed and
// a function that stops it and returns its exit status.
func start(t *testing.T, args ...string) (out *lockedBuffer, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out = &lockedBuffer{ready: make(chan struct{})}
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, append([]string{"-addr", "127.0.0.1:0", "-db", "memory"}, args...), out, out)
		out.markReady()
	}()
	<-out.ready
	stop = func() int {
		cancel()
		return <-done
	}
	return out, stop
}

func get(t *testing.T, url, token string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

var (
	baseLine  = regexp.MustCompile(`base URL +(\S+)`)
	tokenLine = regexp.MustCompile(`token +(\S+)`)
)

func TestServesWhatItPrints(t *testing.T) {
	out, stop := start(t)
	text := out.String()
	base, token := baseLine.FindStringSubmatch(text), tokenLine.FindStringSubmatch(text)
	if base == nil || token == nil {
		t.Fatalf("printed:\n%s", text)
	}
	status, body := get(t, base[1]+"/ResourceTypes", token[1])
	if status != http.StatusOK || !strings.Contains(body, acmeURN) {
		t.Errorf("got %d %s", status, body)
	}
	if status, _ := get(t, base[1]+"/Users", "wrong"); status != http.StatusUnauthorized {
		t.Errorf("a wrong token got %d", status)
	}
	if status := stop(); status != exitOK {
		t.Errorf("exit status %d", status)
	}
	if text := out.String(); !regexp.MustCompile(`(?m)^\S+ 200 GET +/scim/v2/ResourceTypes`).MatchString(text) {
		t.Errorf("no line for the request in:\n%s", text)
	}
}

// What the greeting says to type works as it stands, and ends with a PATCH.
func TestGreetingWorks(t *testing.T) {
	for _, tool := range []string{"sh", "curl", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	out, stop := start(t)
	_, script, _ := strings.Cut(out.String(), "another window:\n")
	script, _, found := strings.Cut(script, "One line per request")
	if !found {
		t.Fatalf("printed:\n%s", out)
	}
	printed, err := exec.CommandContext(t.Context(), "sh", "-e", "-c", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	answers := strings.Split(strings.TrimSpace(string(printed)), "\n")
	if len(answers) != 4 || !strings.Contains(answers[1], `"badge":"A-17"`) || !strings.Contains(answers[3], `"active":false`) {
		t.Errorf("got:\n%s", printed)
	}
	if status := stop(); status != exitOK {
		t.Errorf("exit status %d", status)
	}
	if text := out.String(); !regexp.MustCompile(`(?m)^\S+ 200 PATCH +/scim/v2/Users/`).MatchString(text) {
		t.Errorf("no line for the PATCH in:\n%s", text)
	}
}

func TestTenants(t *testing.T) {
	out, stop := start(t, "-tenants", "a=token-a,b=token-b", "-readonly-token", "reader")
	base := baseLine.FindStringSubmatch(out.String())
	if base == nil {
		t.Fatalf("printed:\n%s", out)
	}
	other := strings.Replace(base[1], "/a/", "/b/", 1)
	for _, c := range []struct {
		url, token string
		want       int
	}{
		{base[1], "token-a", 200}, {other, "token-b", 200}, {base[1], "token-b", 403}, {other, "token-a", 403},
		{strings.Replace(base[1], "/a/", "/c/", 1), "reader", 404}, {base[1], "reader", 200},
	} {
		if got, body := get(t, c.url+"/Users", c.token); got != c.want {
			t.Errorf("%s with %s: %d %s, want %d", c.url, c.token, got, body, c.want)
		}
	}
	if status := stop(); status != exitOK {
		t.Errorf("exit status %d", status)
	}
}

func TestOwnSchemas(t *testing.T) {
	dir := t.TempDir()
	document := `{"resourceType": {"name": "Room", "endpoint": "/Rooms", "schema": "urn:example:2.0:Room"},
		"schemas": [{"id": "urn:example:2.0:Room", "name": "Room", "attributes": [{"name": "number", "type": "string", "required": true}]}]}`
	if err := os.WriteFile(filepath.Join(dir, "room.json"), []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	out, stop := start(t, "-token", "secret", "-schemas", dir)
	base := baseLine.FindStringSubmatch(out.String())
	if base == nil {
		t.Fatalf("printed:\n%s", out)
	}
	if status, body := get(t, base[1]+`/Rooms?filter=number+eq+%22x%22`, "secret"); status != http.StatusOK {
		t.Errorf("got %d %s", status, body)
	}
	stop()
}

func TestRate(t *testing.T) {
	out, stop := start(t, "-token", "secret", "-rate", "0.001")
	base := baseLine.FindStringSubmatch(out.String())
	if base == nil {
		t.Fatalf("printed:\n%s", out)
	}
	for _, want := range []int{200, 429} {
		if status, body := get(t, base[1]+"/Users", "secret"); status != want {
			t.Errorf("got %d %s, want %d", status, body, want)
		}
	}
	stop()
}

// A mistake gives one clear line and an exit status.
func TestMistakes(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "x.json"), []byte(`{"resourceType": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want int
		text string
	}{
		{[]string{"-nope"}, exitUsage, "nope"},
		{[]string{"stray"}, exitUsage, "stray"},
		{[]string{"-profile", "nobody"}, exitUsage, "nobody"},
		{[]string{"-profile", filepath.Join(broken, "missing.json")}, exitUsage, "missing.json"},
		{[]string{"-profile", filepath.Join(broken, "x.json")}, exitUsage, "resourceType"},
		{[]string{"-db", "tape://x"}, exitUsage, "tape"},
		{[]string{"-db", filepath.Join(broken, "no", "x.db")}, exitUsage, filepath.Join("no", "x.db")},
		{[]string{"-rate", "-1"}, exitUsage, "-rate"},
		{[]string{"-tenants", "a"}, exitUsage, "name=token"},
		{[]string{"-tenants", "a=x,a=y"}, exitUsage, "twice"},
		{[]string{"-tenants", "a=x,b=x"}, exitUsage, "twice"},
		{[]string{"-tenants", "a=x", "-token", "y"}, exitUsage, "exclude"},
		{[]string{"-schemas", t.TempDir()}, exitUsage, "no .json file"},
		{[]string{"-schemas", broken}, exitUsage, "x.json"},
		{[]string{"-addr", taken.Addr().String()}, exitFault, "in use"},
		{[]string{"-addr", "nonsense"}, exitFault, "nonsense"},
	} {
		var out, errs bytes.Buffer
		args := c.args
		if c.want == exitUsage {
			args = append([]string{"-addr", "127.0.0.1:0", "-db", "memory"}, args...)
		}
		got := run(t.Context(), args, &out, &errs)
		if got != c.want || !strings.Contains(errs.String(), c.text) || strings.Count(errs.String(), "\n") != 1 || out.Len() > 0 {
			t.Errorf("%v: exit status %d, printed %q and %q", c.args, got, out.String(), errs.String())
		}
	}
}

func TestHelp(t *testing.T) {
	var errs bytes.Buffer
	if got := run(t.Context(), []string{"-help"}, io.Discard, &errs); got != exitOK || !strings.Contains(errs.String(), "-readonly-token") {
		t.Errorf("exit status %d, printed %s", got, errs.String())
	}
}
