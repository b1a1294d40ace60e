package scim

import (
	"bytes"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/muster-scim/muster/store"
)

// Capture keeps the last requests of each tenant with their responses, for
// troubleshooting: what a client really sent, what it was told, and what was
// tolerated. Trace turns them into a file that package scimtest replays, so that
// an incident becomes a test. The zero Capture is ready to use; it must not be
// copied, and its fields not changed after the first use.
//
// No secrets are kept: no credentials, and no values of attributes that are
// never returned, can only be written, are Config.Sensitive, or are unknown.
// Everything else is personal data of the people in the directory. Bodies of
// clients whose profile has a mapping are not kept, nor those of an Actor.Client
// or that are no JSON.
type Capture struct {
	// Requests is how many are kept for each tenant: 100 by default.
	Requests int
	// Body is how many bytes of each body are kept: 64 KiB by default. A longer
	// one is left out as a whole.
	Body int
	// Match says which requests to keep; nil means all.
	Match func(e *Exchange) bool
	// Each is told of every request that is kept, after it was answered, so that
	// the host can keep it longer than this process lives, or beside those of
	// other instances; TraceOf makes a trace of them. It must not change what it
	// gets. Nil tells nobody.
	Each func(e Exchange)

	mu      sync.Mutex
	tenants map[store.TenantID][]Exchange
}

// Exchange is one captured request with its response.
type Exchange struct {
	Time      time.Time      // when the response was complete
	RequestID string         // as logged and returned
	Tenant    store.TenantID // Tenant.ID
	Actor     string         // Actor.ID
	Method    string         // of HTTP
	Path      string         // below the base URL, with the query, escaped
	Header    http.Header    // what influences the answer; no credentials
	Body      []byte         // redacted JSON, or nil
	Status    int            // of the response
	Response  []byte         // redacted JSON, or nil
	Rewrites  []string       // tolerance, and the attribute after a colon
	Ignored   []string       // what was sent and left out
	Base      string         // the base URL as the client knows it
}

// The defaults of Capture, and the largest number of tenants: the one that was
// captured first is forgotten then.
const (
	defaultCaptured    = 100
	defaultCaptureBody = 64 << 10
	maxCaptureTenants  = 1000
)

// Exchanges returns what is kept of a tenant, oldest first.
func (c *Capture) Exchanges(tenant store.TenantID) []Exchange {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.tenants[tenant])
}

// Forget drops what is kept of a tenant.
func (c *Capture) Forget(tenant store.TenantID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tenants, tenant)
}

func (c *Capture) add(e Exchange) {
	if c.Match != nil && !c.Match(&e) {
		return
	}
	if c.Each != nil {
		defer c.Each(e)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tenants == nil {
		c.tenants = map[store.TenantID][]Exchange{}
	}
	list, known := c.tenants[e.Tenant]
	if !known && len(c.tenants) >= maxCaptureTenants {
		c.forgetOldest()
	}
	if most := orDefault(c.Requests, defaultCaptured); len(list) >= most {
		list = slices.Delete(list, 0, len(list)-most+1)
	}
	c.tenants[e.Tenant] = append(list, e)
}

func (c *Capture) forgetOldest() {
	var oldest store.TenantID
	var at time.Time
	for tenant, list := range c.tenants {
		if last := list[len(list)-1].Time; at.IsZero() || last.Before(at) {
			oldest, at = tenant, last
		}
	}
	delete(c.tenants, oldest)
}

func orDefault(n, byDefault int) int {
	if n == 0 {
		return byDefault
	}
	return n
}

// tee is a ResponseWriter that keeps what goes through, up to a limit.
type tee struct {
	http.ResponseWriter
	kept  bytes.Buffer
	limit int
	over  bool
}

// Write keeps a copy.
func (t *tee) Write(p []byte) (int, error) {
	if t.over = t.over || t.kept.Len()+len(p) > t.limit; !t.over {
		t.kept.Write(p)
	}
	return t.ResponseWriter.Write(p)
}

// Unwrap serves http.ResponseController.
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// watch puts a tee into the way of the response, if requests are captured.
func (x *exchange) watch() *tee {
	c := x.h.cfg.Capture
	if c == nil {
		return nil
	}
	t := &tee{ResponseWriter: x.w, limit: orDefault(c.Body, defaultCaptureBody)}
	x.w = t
	return t
}

// capturedHeaders are those that influence the answer and are no secret.
var capturedHeaders = []string{"Accept", "Content-Type", "If-Match", "If-None-Match", "Prefer"}

// capture keeps the exchange.
func (x *exchange) capture(t *tee, path string) {
	if t == nil {
		return
	}
	c := &x.call
	e := Exchange{
		Time: x.h.now(), RequestID: x.id, Tenant: x.outcome.Tenant, Actor: x.outcome.Actor, Method: x.r.Method,
		Path: path + x.h.names.query(x.r.URL.RawQuery), Header: http.Header{}, Status: x.outcome.Status, Ignored: c.report.Ignored, Base: c.base,
	}
	for _, name := range capturedHeaders {
		if values := x.r.Header.Values(name); len(values) > 0 {
			e.Header[name] = slices.Clone(values)
		}
	}
	for _, w := range c.report.Rewrites {
		e.Rewrites = append(e.Rewrites, rewriteText(w))
	}
	if c.profile != nil && c.profile.mapping == nil && len(c.body) <= t.limit {
		e.Body = x.h.names.body(c.body)
	}
	if c.profile != nil && c.profile.mapping == nil && !t.over {
		e.Response = x.h.names.body(t.kept.Bytes())
	}
	if err := guarded(func() { x.h.cfg.Capture.add(e) }); err != nil {
		x.h.cfg.Logger.ErrorContext(x.r.Context(), "a hook of Capture failed", slog.String("request", x.id), slog.Any("error", err))
	}
}
