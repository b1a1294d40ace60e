package reconcile

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/muster-scim/muster/schema"
)

// Client is a small SCIM client: as much of one as reconciliation needs.
type Client struct {
	// Base is the URL before the endpoints, such as
	// "https://id.example.com/scim/v2".
	Base string
	// Token is sent as a bearer token if it is not empty.
	Token string
	// HTTP sends the requests; nil means http.DefaultClient.
	HTTP *http.Client
	// PageSize is how many resources to ask for at once: 100 by default.
	PageSize int
}

// StatusError is an answer that is no success.
type StatusError struct {
	Status     int           // of HTTP
	Detail     string        // of the SCIM error, if there is one
	RetryAfter time.Duration // how long to wait, if the server says
}

// Error returns status and detail.
func (e *StatusError) Error() string {
	return strings.TrimSpace(strconv.Itoa(e.Status) + " " + http.StatusText(e.Status) + " " + e.Detail)
}

// maxAnswer bounds the memory that one answer can take.
const maxAnswer = 64 << 20

// send sends a request and returns the body of a successful answer.
func (c *Client) send(ctx context.Context, method, path string, body []byte, header ...string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.Base, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/scim+json")
	if body != nil {
		r.Header.Set("Content-Type", "application/scim+json")
	}
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err == nil && resp.StatusCode >= 300 {
		err = statusError(resp, data)
	}
	return data, err
}

func statusError(resp *http.Response, data []byte) *StatusError {
	var scimError struct{ Detail string }
	_ = json.Unmarshal(data, &scimError) // without a body there is no detail
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return &StatusError{Status: resp.StatusCode, Detail: scimError.Detail, RetryAfter: time.Duration(seconds) * time.Second}
}

// page is a ListResponse (RFC 7644 §3.4.2, RFC 9865).
type page struct {
	TotalResults int               `json:"totalResults"`
	NextCursor   string            `json:"nextCursor"`
	Resources    []json.RawMessage `json:"Resources"`
}

// Rows lists the resources of a type on the server, page by page: by cursor
// where the server pages so, otherwise by index.
func (c *Client) Rows(ctx context.Context, t *schema.ResourceType) Rows {
	return func(yield func(Row, error) bool) {
		size := c.PageSize
		if size <= 0 {
			size = 100
		}
		query := url.Values{"count": {strconv.Itoa(size)}, "startIndex": {"1"}}
		for n := 0; ; {
			p, err := c.page(ctx, t, query)
			if err != nil {
				yield(Row{}, err)
				return
			}
			for _, data := range p.Resources {
				n++
				r, _, err := t.Decode(data, &schema.DecodeOptions{KeepReadOnly: true})
				if err != nil {
					err = &RowError{n, err}
				}
				if !yield(Row{Line: n, Resource: r}, err) {
					return
				}
			}
			switch {
			case p.NextCursor != "":
				query = url.Values{"count": {strconv.Itoa(size)}, "cursor": {p.NextCursor}}
			case query.Has("cursor") || len(p.Resources) == 0 || n >= p.TotalResults:
				return
			default:
				query.Set("startIndex", strconv.Itoa(n+1))
			}
		}
	}
}

func (c *Client) page(ctx context.Context, t *schema.ResourceType, query url.Values) (*page, error) {
	data, err := c.send(ctx, http.MethodGet, t.Endpoint()+"?"+query.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("reconcile: list of %s at %s: %w", t.Name(), c.Base+t.Endpoint(), err)
	}
	var p page
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("reconcile: list of %s at %s: %w", t.Name(), c.Base+t.Endpoint(), err)
	}
	return &p, nil
}

// HandlerClient returns an HTTP client that hands every request to h instead of
// the network, for a service that reconciles itself through its own guards.
func HandlerClient(h http.Handler) *http.Client { return &http.Client{Transport: handlerTransport{h}} }

type handlerTransport struct{ handler http.Handler }

func (t handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := answer{header: http.Header{}, status: http.StatusOK}
	t.handler.ServeHTTP(&w, r)
	return &http.Response{
		StatusCode: w.status, Header: w.header, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()),
	}, nil
}

// answer keeps what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }
