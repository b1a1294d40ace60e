package scim_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// A body that never comes ends with 408, by whichever limit is shorter, and
// holds neither the handler nor the connection.
func TestBodyThatNeverComes(t *testing.T) {
	for name, limit := range map[string]struct{ handler, server time.Duration }{
		"the handler's":            {50 * time.Millisecond, 0},
		"the handler's is shorter": {50 * time.Millisecond, time.Hour},
		"the server's is shorter":  {time.Hour, 50 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			c := config(t)
			c.Timeout = limit.handler
			server := httptest.NewUnstartedServer(newHandler(t, c))
			server.Config.ReadTimeout = limit.server
			server.Start()
			defer server.Close()
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprintf(conn, "POST /Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 100\r\n\r\n{", token)
			r, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			if r.StatusCode != http.StatusRequestTimeout || !r.Close {
				t.Errorf("got %s, close %v", r.Status, r.Close)
			}
		})
	}
}
