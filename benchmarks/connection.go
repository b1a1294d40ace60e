package benchmarks

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
)

// measureServedGet sends the same request to two servers, one with the handler
// and one that only writes the bytes that the handler writes.
func measureServedGet(l *Lab) (Measurement, error) {
	d, _, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	x, err := d.get("/Users/" + string(d.ids[0]))
	if err != nil {
		return Measurement{}, err
	}
	body, err := x.read()
	if err != nil {
		return Measurement{}, err
	}
	ours, err := connect(x.handler, x.request)
	if err != nil {
		return Measurement{}, err
	}
	defer ours.Close()
	theirs, err := connect(bare(x.sink.header.Clone(), body), x.request)
	if err != nil {
		return Measurement{}, err
	}
	defer theirs.Close()
	if ours.size() != theirs.size() {
		return Measurement{}, fmt.Errorf("%d bytes against %d", ours.size(), theirs.size())
	}
	return l.ratio(ours.do, theirs.do)
}

// connection sends one request again and again, with as little work as can be,
// so that what is measured is the server.
type connection struct {
	server   *httptest.Server
	conn     net.Conn
	request  []byte
	response []byte // has the size of every response
}

func connect(h http.Handler, r *http.Request) (*connection, error) {
	c := &connection{server: httptest.NewServer(h)}
	text := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: id.example.com\r\n", r.Method, r.RequestURI)
	for name, values := range r.Header {
		text = fmt.Appendf(text, "%s: %s\r\n", name, values[0])
	}
	c.request = append(text, "\r\n"...)
	var err error
	if c.conn, err = net.Dial("tcp", c.server.Listener.Addr().String()); err == nil {
		err = c.first()
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// first finds out how long the response is.
func (c *connection) first() error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	counter := &countingReader{r: c.conn}
	buffered := bufio.NewReader(counter)
	resp, err := http.ReadResponse(buffered, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %s", resp.Status)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	c.response = make([]byte, counter.n-buffered.Buffered())
	return err
}

func (c *connection) size() int { return len(c.response) }

func (c *connection) do() error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	_, err := io.ReadFull(c.conn, c.response)
	return err
}

func (c *connection) Close() {
	if c.conn != nil {
		_ = c.conn.Close()
	}
	c.server.Close()
}

type countingReader struct {
	r io.Reader
	n int
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}
