package scimtest

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// rawServer answers each connection with 204 and returns the request heads.
func rawServer(t *testing.T) (base string, heads <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	out := make(chan string, 1)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			out <- readHead(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
			_ = conn.Close()
		}
	}()
	return "http://" + l.Addr().String() + "/scim/v2/", out
}

func readHead(conn net.Conn) string {
	var head strings.Builder
	for r := bufio.NewReader(conn); ; {
		line, err := r.ReadString('\n')
		if err != nil || line == "\r\n" {
			return head.String()
		}
		head.WriteString(line)
	}
}

func TestWireSendsExactly(t *testing.T) {
	base, heads := rawServer(t)
	w, err := newWire(Target{BaseURL: base})
	if err != nil {
		t.Fatal(err)
	}
	host := "Host: " + w.base.Host + "\r\n"
	cases := []struct {
		name string
		m    message
		want []string // lines beside the Host line, in any order
	}{
		{"no header of its own", message{method: "GET", target: "/Users"}, []string{"GET /scim/v2/Users HTTP/1.1"}},
		{"path as written", message{method: "GET", target: "/Users?filter=userName+eq+%22a%2540b%22&"}, []string{"GET /scim/v2/Users?filter=userName+eq+%22a%2540b%22& HTTP/1.1"}},
		{"trailing question mark", message{method: "GET", target: "/Users/1?"}, []string{"GET /scim/v2/Users/1? HTTP/1.1"}},
		{"two question marks", message{method: "GET", target: "/Users?a=b?c=d"}, []string{"GET /scim/v2/Users?a=b?c=d HTTP/1.1"}},
		{"odd escapes", message{method: "GET", target: "/Users/%41%2f%7e//x"}, []string{"GET /scim/v2/Users/%41%2f%7e//x HTTP/1.1"}},
		{"null header", message{method: "GET", target: "/x", header: http.Header{"Accept": nil, "User-Agent": nil}}, []string{"GET /scim/v2/x HTTP/1.1"}},
		{"empty header", message{method: "GET", target: "/x", header: http.Header{"Accept": {""}}}, []string{"GET /scim/v2/x HTTP/1.1", "Accept: "}},
		{"empty user agent", message{method: "GET", target: "/x", header: http.Header{"User-Agent": {""}}}, []string{"GET /scim/v2/x HTTP/1.1", "user-agent: "}},
		{"user agent", message{method: "GET", target: "/x", header: http.Header{"user-agent": {"u/1"}}}, []string{"GET /scim/v2/x HTTP/1.1", "User-Agent: u/1"}},
		{"body", message{method: "POST", target: "/x", body: []byte("{}")}, []string{"POST /scim/v2/x HTTP/1.1", "Content-Length: 2"}},
		{"GET with content type", message{method: "GET", target: "/x", header: http.Header{"Content-Type": {"a/b"}}}, []string{"GET /scim/v2/x HTTP/1.1", "Content-Type: a/b"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := w.send(t.Context(), c.m)
			if e.Status != 204 {
				t.Fatal(e.answer())
			}
			head := strings.Replace(<-heads, host, "", 1)
			got := strings.Split(strings.TrimSuffix(head, "\r\n"), "\r\n")
			slices.Sort(got[1:])
			if !slices.Equal(got, c.want) {
				t.Errorf("sent %q, want %q", got, c.want)
			}
		})
	}
}

func TestInProcessSeesTheWire(t *testing.T) {
	var uri, host, body string
	w, err := newWire(Target{BaseURL: "https://example.com/p", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		uri, host, body = r.RequestURI, r.Host, string(data)
		w.Header().Set("X", "1")
		w.WriteHeader(201)
		w.Header().Set("X", "2")
	})})
	if err != nil {
		t.Fatal(err)
	}
	e := w.send(t.Context(), message{"POST", "/Users?f=%22+%2540&", http.Header{"A": {"b"}}, []byte("{}")})
	if uri != "/p/Users?f=%22+%2540&" || host != "example.com" || body != "{}" || e.Status != 201 || e.Header.Get("X") != "1" {
		t.Errorf("uri %q, host %q, body %q, answer %+v", uri, host, body, e)
	}
}

func TestTargetMistakes(t *testing.T) {
	for _, base := range []string{"", "example.com", "ftp://x/y", "http:///x", "http://h/x?y=1", "http://h/x#f", "http://u:p@h/", "http://h:x/", "http://h/x?"} {
		if _, err := Check(t.Context(), Target{BaseURL: base}, nil); err == nil {
			t.Errorf("%q is accepted", base)
		}
	}
}

// TestBadTargets checks that no target makes a run hang or its report unclear.
func TestBadTargets(t *testing.T) {
	released := make(chan struct{})
	defer close(released)
	answer := func(f http.HandlerFunc) Target { return Target{Handler: f} }
	network := func(f http.HandlerFunc) Target {
		s := httptest.NewServer(f)
		t.Cleanup(s.Close)
		return Target{BaseURL: s.URL}
	}
	hang := func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-released:
		case <-r.Context().Done():
		}
	}
	drip := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		hang(w, r)
	}
	flood := func(w http.ResponseWriter, _ *http.Request) {
		for chunk := make([]byte, 1<<16); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	redirect := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://login.example/", http.StatusFound)
	}
	page := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<!DOCTYPE html><title>Sign in</title>")
	}
	deny := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }
	burst := func(http.ResponseWriter, *http.Request) { panic("boom") }
	cases := []struct {
		name   string
		target Target
		says   string
	}{
		{"down", Target{BaseURL: "http://127.0.0.1:1"}, "cannot connect to 127.0.0.1:1"},
		{"hangs in process", answer(hang), "no complete answer within 20ms"},
		{"hangs", network(hang), "no complete answer within 20ms"},
		{"head only", network(drip), "no complete answer within 20ms"},
		{"floods in process", answer(flood), "larger than 100000 bytes"},
		{"floods", network(flood), "larger than 100000 bytes"},
		{"redirects", answer(redirect), "redirect to https://login.example/ (not followed)"},
		{"HTML", answer(page), "HTML page (Sign in) instead of JSON"},
		{"401", answer(deny), "does not accept the token"},
		{"panics", answer(burst), "the handler panicked: boom"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.target.Timeout, c.target.MaxResponse = DefaultTimeout, 100_000
			if strings.Contains(c.says, "20ms") {
				c.target.Timeout = 20 * time.Millisecond
			}
			r, err := Check(t.Context(), c.target, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.OK() || !strings.Contains(r.Trouble, c.says) {
				t.Errorf("trouble %q does not say %q", r.Trouble, c.says)
			}
			for _, result := range r.Results {
				if result.Outcome != NotRun || result.Reason == "" {
					t.Fatalf("%s: %s", result.Case.Name, result.Outcome)
				}
			}
		})
	}
}

// TestTargetLost checks that a target which stops answering ends the run.
func TestTargetLost(t *testing.T) {
	calls := 0
	target := Target{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls > 4 {
			panic("gone")
		}
		w.WriteHeader(404)
	})}
	r, err := Check(t.Context(), target, nil)
	if err != nil {
		t.Fatal(err)
	}
	last := r.Results[len(r.Results)-1]
	if r.OK() || last.Outcome != NotRun || !strings.Contains(last.Reason, "unanswered") || calls > 20 {
		t.Errorf("after %d calls: %s, %s", calls, last.Outcome, last.Reason)
	}
}

func TestStoppedRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := Check(ctx, Target{Handler: http.NotFoundHandler()}, nil)
	if err != nil || r.OK() {
		t.Errorf("report %v, error %v", r, err)
	}
}

func TestTokenIsNeverShown(t *testing.T) {
	const token = "s3cr3t-token"
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, `{"detail":"`+r.Header.Get("Authorization")+`"}`)
	})
	r, err := Check(t.Context(), Target{Handler: echo, Token: token}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := r.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), token) || !strings.Contains(out.String(), "‹token›") {
		t.Error("the report shows the token")
	}
}

func TestRateLimitIsWaitedFor(t *testing.T) {
	cases := []struct {
		retryAfter string
		busy       int // answers with 429 before the others
		calls      int
		status     int
	}{
		{"0", 2, 3, 200}, {"0", 100, maxPatience + 1, 429}, {"", 1, 1, 429}, {"-1", 1, 1, 429}, {"3600", 1, 1, 429}, {"Fri, 31 Dec 1999 23:59:59 GMT", 1, 1, 429},
	}
	for _, c := range cases {
		t.Run(c.retryAfter, func(t *testing.T) {
			calls := 0
			w, err := newWire(Target{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if calls++; calls <= c.busy {
					w.Header().Set("Retry-After", c.retryAfter)
					w.WriteHeader(http.StatusTooManyRequests)
				}
			})})
			if err != nil {
				t.Fatal(err)
			}
			if e := w.send(t.Context(), message{method: "GET", target: "/Users"}); e.Status != c.status || calls != c.calls {
				t.Errorf("status %d after %d calls", e.Status, calls)
			}
		})
	}
}
