package scim

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// finish writes the response, logs it and notes the outcome.
func (x *exchange) finish(ctx context.Context, resp response, err error) {
	var n int64
	var written bool
	if err == nil && resp.stream != nil {
		n, written, err = x.writeStream(resp)
	}
	var wire *Error
	if err != nil {
		wire = wireError(ctx, err)
		resp = x.errorResponse(wire)
	}
	if !written {
		n = x.write(resp)
	}
	x.outcome = Outcome{Status: resp.status, Bytes: n, Duration: x.h.now().Sub(x.start), Tenant: x.call.tenant.ID, Err: err}
	if x.call.actor != nil {
		x.outcome.Actor = x.call.actor.ID
	}
	if wire != nil {
		x.outcome.Type = wire.Type
	}
	x.countTolerances(ctx)
	x.log(ctx)
}

// errorResponse turns an error into a response with the headers that belong to
// its status.
func (x *exchange) errorResponse(e *Error) response {
	header := x.w.Header()
	switch e.Status {
	case http.StatusUnauthorized:
		challenge(x.w, x.h.cfg.AuthenticationSchemes)
	case http.StatusMethodNotAllowed:
		header["Allow"] = x.values.one(x.service.allow)
	}
	if e.RetryAfter > 0 {
		x.setRetryAfter(header, e.RetryAfter)
	}
	return response{status: e.Status, body: e.AppendJSON(nil)}
}

// write sends the response and returns the number of bytes of its body.
func (x *exchange) write(resp response) int64 {
	x.headers(resp)
	if len(resp.body) == 0 {
		x.w.WriteHeader(resp.status)
		return 0
	}
	return x.writeBody(resp)
}

// headers sets the headers that do not depend on the body.
func (x *exchange) headers(resp response) {
	header := x.w.Header()
	if x.r.Method == http.MethodOptions && x.service != nil {
		header["Allow"] = x.values.one(x.service.allow)
	}
	if resp.etag != "" {
		header["Etag"] = x.values.one(resp.etag)
	}
	if resp.location != "" {
		location := x.values.one(resp.location)
		header["Location"], header["Content-Location"] = location, location
	}
	if resp.txn != "" {
		x.asyncHeaders(header, resp)
	}
	x.debugHeaders(header)
}

// asyncHeaders are those of a request that is carried out later (RFC 9967
// §2.5.1.1).
func (x *exchange) asyncHeaders(header http.Header, resp response) {
	header["Set-Txn"] = x.values.one(resp.txn)
	header["Cache-Control"] = noStore
	if resp.result != "" {
		header["Location"] = x.values.one(resp.result)
		header["Preference-Applied"] = appliedAsync
	}
	if resp.retryAfter > 0 {
		x.setRetryAfter(header, resp.retryAfter)
	}
}

// setRetryAfter rounds up to whole seconds.
func (x *exchange) setRetryAfter(header http.Header, wait time.Duration) {
	seconds := (wait + time.Second - 1) / time.Second
	header["Retry-After"] = x.values.one(strconv.FormatInt(int64(seconds), 10))
}

func (x *exchange) writeBody(resp response) int64 {
	header := x.w.Header()
	x.contentHeaders()
	if resp.media != "" {
		header["Content-Type"] = x.values.one(resp.media)
	}
	header["Content-Length"] = x.values.one(strconv.Itoa(len(resp.body)))
	x.w.WriteHeader(resp.status)
	if x.r.Method == http.MethodHead {
		return 0
	}
	n, _ := x.w.Write(resp.body) // the client may have gone; there is nobody to tell
	return int64(n)
}

// contentHeaders sets the headers of every body.
func (x *exchange) contentHeaders() {
	header := x.w.Header()
	header["Content-Type"] = contentType(x.media)
	header["Cache-Control"] = noStore
	header["X-Content-Type-Options"] = noSniff
}

// Header values that never change are shared; net/http only reads them.
var (
	scimContent = []string{mediaSCIM}
	jsonContent = []string{mediaJSON}
	noStore     = []string{"no-store"}
	noSniff     = []string{"nosniff"}

	appliedAsync = []string{"respond-async"}
)

func contentType(media string) []string {
	if media == mediaJSON {
		return jsonContent
	}
	return scimContent
}

// headerValues makes values of one line each, out of one piece of memory.
type headerValues struct {
	lines [6]string
	used  int
}

func (v *headerValues) one(line string) []string {
	if v.used == len(v.lines) {
		return []string{line}
	}
	v.lines[v.used] = line
	v.used++
	return v.lines[v.used-1 : v.used : v.used]
}
