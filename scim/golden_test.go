package scim_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the responses in testdata/golden")

// TestGolden replays the files of testdata/golden: requests with the responses
// that they must get, byte for byte. A file starts with the requirements that
// it is about and a paragraph of prose, and may name a configuration. Ids,
// versions, times and cursors are replaced by names such as ${id1}, in the order
// in which they appear; requests may use them.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { replayGolden(t, file) })
	}
}

func replayGolden(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g, err := parseGolden(string(data))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	vary, ok := configs[g.config]
	if !ok {
		t.Fatalf("%s: no configuration %q", file, g.config)
	}
	c := config(t)
	vary(t, &c)
	handler, names := newHandler(t, c), newNaming()
	for i := range g.exchanges {
		x := &g.exchanges[i]
		got := names.hide(x.send(t, handler, names))
		if !*update && got != x.response {
			t.Errorf("%s: %s\ngot:\n%s\nwant:\n%s", file, x.title(), got, x.response)
		}
		x.response = got
	}
	if *update {
		if err := os.WriteFile(file, []byte(g.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// golden is one file.
type golden struct {
	header    string
	config    string
	exchanges []exchange
}

// exchange is one request and its response.
type exchange struct {
	comment  string
	request  string // request line, headers, empty line, body
	response string
}

func parseGolden(text string) (*golden, error) {
	parts := strings.Split(text, "\n--> ")
	g := &golden{header: strings.TrimSpace(parts[0]), config: "default"}
	for line := range strings.Lines(parts[0]) {
		if name, ok := strings.CutPrefix(line, "config: "); ok {
			g.config = strings.TrimSpace(name)
		}
	}
	if !regexp.MustCompile(`^(#.*(\d{4}-[\d.]+-\d+|AMB-\d+|[A-C]\d+))`).MatchString(g.header) {
		return nil, fmt.Errorf("the first line names no requirement")
	}
	comment := ""
	for _, part := range parts[1:] {
		x := exchange{comment: comment}
		comment = ""
		if i := strings.LastIndex(part, "\n# "); i >= 0 { // of the next exchange
			part, comment = part[:i], strings.TrimSpace(part[i:])
		}
		request, response, _ := strings.Cut(part, "\n<-- ")
		x.request, x.response = strings.TrimSpace(request), strings.TrimSpace(response)
		g.exchanges = append(g.exchanges, x)
	}
	return g, nil
}

func (g *golden) String() string {
	var b strings.Builder
	b.WriteString(g.header + "\n")
	for _, x := range g.exchanges {
		b.WriteString("\n")
		if x.comment != "" {
			b.WriteString(x.comment + "\n\n")
		}
		b.WriteString("--> " + x.request + "\n\n<-- " + x.response + "\n")
	}
	return b.String()
}

func (x *exchange) title() string {
	line, _, _ := strings.Cut(x.request, "\n")
	return line
}

// send sends the request and returns the response in the form of the file.
func (x *exchange) send(t *testing.T, handler http.Handler, names *naming) string {
	head, body, _ := strings.Cut(names.show(x.request), "\n\n")
	lines := strings.Split(head, "\n")
	method, target, ok := strings.Cut(lines[0], " ")
	if !ok {
		t.Fatalf("%q is no request line", lines[0])
	}
	prefix := ""
	if strings.HasPrefix(target, "/") {
		prefix = "/scim/v2"
	}
	target = strings.TrimPrefix(target, "~")
	r := httptest.NewRequest(method, prefix+strings.ReplaceAll(target, " ", "%20"), strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/scim+json")
	}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); {
		case name == "Host":
			r.Host = value
		case value == "":
			r.Header.Del(name)
		default:
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	mux := http.NewServeMux()
	mux.Handle("/scim/v2/", handler)
	mux.ServeHTTP(w, r)
	return responseText(t, w.Result())
}

// shown are the headers that golden files show, besides an unusual media type.
var shown = []string{"Location", "ETag", "Allow", "WWW-Authenticate", "Retry-After", "Preference-Applied", "Set-Txn"}

func responseText(t *testing.T, resp *http.Response) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(resp.Status + "\n")
	if media := resp.Header.Get("Content-Type"); media != "application/scim+json" && media != "" {
		b.WriteString("Content-Type: " + media + "\n")
	}
	for _, name := range shown {
		for _, value := range resp.Header.Values(name) {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > 0 {
		var out bytes.Buffer
		if err := json.Indent(&out, body, "", "  "); err != nil {
			t.Fatalf("the body is not JSON: %v\n%s", err, body)
		}
		b.WriteString("\n" + out.String())
	}
	return strings.TrimSpace(b.String())
}

// naming replaces what differs from run to run by names.
type naming struct {
	names, values map[string]string
	counts        map[string]int
}

func newNaming() *naming {
	return &naming{names: map[string]string{}, values: map[string]string{}, counts: map[string]int{}}
}

// volatile says where values stand that differ from run to run.
var volatile = []struct {
	kind  string
	place *regexp.Regexp // with the value as its group
}{
	{"id", regexp.MustCompile(`([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})`)},
	{"version", regexp.MustCompile(`W/\\*"([A-Za-z0-9_-]+)\\*"`)},
	{"result", regexp.MustCompile(`/\.async/([A-Za-z0-9_-]+)`)},
	{"cursor", regexp.MustCompile(`"nextCursor": "([^"]+)"`)},
	{"time", regexp.MustCompile(`"(?:created|lastModified)": "([^"]+)"`)},
}

// hide replaces values by names.
func (n *naming) hide(text string) string {
	for _, v := range volatile {
		text = v.place.ReplaceAllStringFunc(text, func(match string) string {
			value := v.place.FindStringSubmatch(match)[1]
			return strings.Replace(match, value, n.name(v.kind, value), 1)
		})
	}
	return text
}

func (n *naming) name(kind, value string) string {
	if strings.HasPrefix(value, "${") {
		return value
	}
	if kind == "time" {
		return "${time}"
	}
	if name, ok := n.names[value]; ok {
		return name
	}
	n.counts[kind]++
	name := fmt.Sprintf("${%s%d}", kind, n.counts[kind])
	n.names[value], n.values[name] = name, value
	return name
}

// show puts values in the place of names.
func (n *naming) show(text string) string {
	return regexp.MustCompile(`\$\{\w+\}`).ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := n.values[name]; ok {
			return value
		}
		return name
	})
}
