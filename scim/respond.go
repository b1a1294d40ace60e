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
		seconds := (e.RetryAfter + time.Second - 1) / time.Second
		header["Retry-After"] = x.values.one(strconv.FormatInt(int64(seconds), 10))
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
	x.debugHeaders(header)
}

func (x *exchange) writeBody(resp response) int64 {
	header := x.w.Header()
	x.contentHeaders()
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
