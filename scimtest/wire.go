package scimtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// wire sends requests byte for byte, with bounds on time and size.
type wire struct {
	base    *url.URL
	token   string
	client  *http.Client
	timeout time.Duration
	limit   int64
	silent  atomic.Int32 // requests in a row without an answer
}

// message is one request to send. The target is everything behind the base
// URL's path, already percent-encoded.
type message struct {
	method string
	target string
	header http.Header // nil value: send nothing; empty string: send it empty
	body   []byte      // nil: no body
}

func newWire(t Target) (*wire, error) {
	base, err := t.base()
	if err != nil {
		return nil, err
	}
	return &wire{
		base:    base,
		token:   t.Token,
		timeout: t.timeout(),
		limit:   t.maxResponse(),
		client: &http.Client{
			Transport:     transport(t),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// transport returns one that neither adds headers nor speaks HTTP/2, whose
// header rules differ from what the traces record.
func transport(t Target) http.RoundTripper {
	if t.Handler != nil {
		return inProcess{handler: t.Handler, limit: t.maxResponse()}
	}
	var given http.RoundTripper
	if t.Client != nil {
		given = t.Client.Transport
	}
	if given == nil {
		given = http.DefaultTransport
	}
	plain, ok := given.(*http.Transport)
	if !ok {
		return given
	}
	plain = plain.Clone()
	plain.DisableCompression = true
	plain.Protocols = new(http.Protocols)
	plain.Protocols.SetHTTP1(true)
	plain.MaxIdleConnsPerHost = 16
	return plain
}

// send performs one request. It never returns an error: what went wrong is part
// of the exchange. A request that the target puts off with 429 is repeated when
// it asks for it, so that a run can pass a rate limit.
func (w *wire) send(ctx context.Context, m message) *Exchange {
	for range maxPatience {
		e := w.once(ctx, m)
		if e.Status != http.StatusTooManyRequests || !pause(ctx, e.Header.Get("Retry-After")) {
			return e
		}
	}
	return w.once(ctx, m)
}

// The bounds on waiting for a rate limit.
const (
	maxPatience = 5
	maxPause    = 30 * time.Second
)

// pause waits for the seconds of a Retry-After header. It reports false when
// there is nothing sensible to wait for.
func pause(ctx context.Context, retryAfter string) bool {
	seconds, err := strconv.Atoi(strings.TrimSpace(retryAfter))
	wait := time.Duration(seconds) * time.Second
	if err != nil || seconds < 0 || wait > maxPause {
		return false
	}
	rest(ctx, wait)
	return ctx.Err() == nil
}

// rest waits, unless the run ends.
func rest(ctx context.Context, wait time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(wait):
	}
}

func (w *wire) once(run context.Context, m message) *Exchange {
	ctx, cancel := context.WithTimeout(run, w.timeout)
	defer cancel()
	e := &Exchange{
		Method:        m.method,
		URL:           w.redact(w.base.String() + m.target),
		RequestHeader: w.redactHeader(m.header),
		RequestBody:   w.kept(m.body),
	}
	start := time.Now()
	response, err := w.client.Do(w.request(ctx, m))
	if err == nil {
		err = w.receive(e, response)
	}
	e.Elapsed = time.Since(start)
	w.note(e, err, run.Err() == nil)
	return e
}

// request builds the HTTP request so that its target reaches the wire as it is.
func (w *wire) request(ctx context.Context, m message) *http.Request {
	path, query, hasQuery := strings.Cut(m.target, "?")
	r := &http.Request{
		Method: m.method,
		URL: &url.URL{
			Scheme: w.base.Scheme, Host: w.base.Host,
			Opaque:   w.base.EscapedPath() + path,
			RawQuery: query, ForceQuery: hasQuery && query == "",
		},
		Host:   w.base.Host,
		Header: wireHeader(m.header),
	}
	if m.body != nil {
		r.Body = io.NopCloser(strings.NewReader(string(m.body)))
		r.ContentLength = int64(len(m.body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(string(m.body))), nil }
	}
	return r.WithContext(ctx)
}

// wireHeader arranges that net/http adds no User-Agent of its own. An empty one
// is sent under another spelling of the name, because net/http leaves out an
// empty value under the usual one.
func wireHeader(h http.Header) http.Header {
	out := http.Header{}
	for name, values := range h {
		if values != nil {
			out[http.CanonicalHeaderKey(name)] = values
		}
	}
	agent, given := out["User-Agent"]
	if given && len(agent) > 0 && agent[0] == "" {
		out["user-agent"] = []string{""}
	}
	if !given || agent[0] == "" {
		out["User-Agent"] = []string{""}
	}
	return out
}

// receive reads the response into e.
func (w *wire) receive(e *Exchange, r *http.Response) error {
	defer func() { _ = r.Body.Close() }()
	e.Status, e.Header = r.StatusCode, w.redactHeader(r.Header)
	body, err := io.ReadAll(io.LimitReader(r.Body, w.limit+1))
	if err != nil {
		return err
	}
	if int64(len(body)) > w.limit {
		e.Body = w.kept(body)
		return fmt.Errorf("the response body is larger than %d bytes", w.limit)
	}
	e.raw, e.Body = body, w.kept(body)
	return nil
}

// note records the outcome in words, and counts silence unless the run is over.
func (w *wire) note(e *Exchange, err error, running bool) {
	if err == nil {
		w.silent.Store(0)
		return
	}
	if e.Status == 0 && running {
		w.silent.Add(1)
	}
	e.Error = w.redact(w.explain(err))
}

func (w *wire) explain(err error) string {
	var op *net.OpError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no complete answer within %s", w.timeout)
	case errors.Is(err, context.Canceled):
		return "the run was stopped"
	case errors.As(err, &op) && op.Op == "dial":
		return fmt.Sprintf("cannot connect to %s: %v", w.base.Host, op.Err)
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Sprintf("no usable answer: %v", err)
}

// maxSilent is how many requests in a row may stay unanswered before the target
// counts as gone.
const maxSilent = 3

func (w *wire) gone() bool { return w.silent.Load() >= maxSilent }

// minToken is the length from which a token is looked for everywhere; a shorter
// one would make ordinary words unreadable.
const minToken = 8

const hiddenToken = "‹token›"

func (w *wire) redact(text string) string {
	if len(w.token) < minToken {
		return text
	}
	return strings.ReplaceAll(text, w.token, hiddenToken)
}

// kept is what a report shows of a body.
func (w *wire) kept(body []byte) string {
	if len(body) > maxKept {
		return w.redact(clip(string(body), maxKept))
	}
	return w.redact(string(body))
}

func (w *wire) redactHeader(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		for _, v := range values {
			if w.token != "" && strings.EqualFold(name, "Authorization") {
				v = strings.ReplaceAll(v, w.token, hiddenToken)
			}
			out[name] = append(out[name], w.redact(v))
		}
	}
	return out
}
