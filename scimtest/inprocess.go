package scimtest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// inProcess is a transport that calls a handler. The request is written out and
// parsed again, so that the handler sees exactly what a server would have read.
type inProcess struct {
	handler http.Handler
	limit   int64 // bytes of response body kept
}

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	var wire bytes.Buffer
	if err := r.Write(&wire); err != nil {
		return nil, err
	}
	served, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		return nil, fmt.Errorf("the request is not valid HTTP: %w", err)
	}
	served = served.WithContext(r.Context())
	served.RemoteAddr = "192.0.2.1:1234" // TEST-NET-1, as httptest uses

	w := &recorder{header: http.Header{}, limit: p.limit}
	done := make(chan error, 1)
	go func() { done <- p.serve(w, served) }()
	select {
	case err := <-done:
		if err != nil {
			return nil, err
		}
		return w.response(r), nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// serve turns a panic of the handler into an error, as a server would cut the
// connection.
func (p inProcess) serve(w *recorder, r *http.Request) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the handler panicked: %v", v)
		}
	}()
	p.handler.ServeHTTP(w, r)
	return nil
}

// recorder keeps what a handler writes, up to limit+1 bytes of body.
type recorder struct {
	header http.Header
	status int
	sent   http.Header // header as of WriteHeader
	body   bytes.Buffer
	limit  int64
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status, w.sent = status, w.header.Clone()
	}
}

var errBodyLimit = errors.New("response body over the limit")

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	if room := w.limit + 1 - int64(w.body.Len()); int64(len(b)) > room {
		n, _ := w.body.Write(b[:max(room, 0)])
		return n, errBodyLimit
	}
	return w.body.Write(b)
}

// Flush makes streaming handlers work; everything is kept until the end.
func (w *recorder) Flush() { w.WriteHeader(http.StatusOK) }

func (w *recorder) response(r *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	if w.body.Len() > 0 && w.sent.Get("Content-Type") == "" {
		w.sent.Set("Content-Type", http.DetectContentType(w.body.Bytes()))
	}
	return &http.Response{
		StatusCode: w.status,
		Status:     fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)),
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        w.sent,
		Body:          io.NopCloser(&w.body),
		ContentLength: int64(w.body.Len()),
		Request:       r,
	}
}
