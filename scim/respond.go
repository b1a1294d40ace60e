package scim

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

// finish writes the response, logs it and notes the outcome.
func (x *exchange) finish(ctx context.Context, resp response, err error) {
	var wire *Error
	if err != nil {
		wire = wireError(ctx, err)
		resp = x.errorResponse(wire)
	}
	n := x.write(resp)
	x.outcome = Outcome{Status: resp.status, Bytes: n, Duration: x.h.now().Sub(x.start), Tenant: x.call.tenant.ID, Err: err}
	if x.call.actor != nil {
		x.outcome.Actor = x.call.actor.ID
	}
	if wire != nil {
		x.outcome.Type = wire.Type
	}
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
		header["Allow"] = []string{x.service.allow}
	}
	if e.RetryAfter > 0 {
		seconds := (e.RetryAfter + time.Second - 1) / time.Second
		header["Retry-After"] = []string{strconv.FormatInt(int64(seconds), 10)}
	}
	return response{status: e.Status, body: e.AppendJSON(nil)}
}

// write sends the response and returns the number of bytes of its body.
func (x *exchange) write(resp response) int64 {
	header := x.w.Header()
	if x.r.Method == http.MethodOptions && x.service != nil {
		header["Allow"] = []string{x.service.allow}
	}
	if resp.etag != "" {
		header["Etag"] = []string{resp.etag}
	}
	if resp.location != "" {
		location := []string{resp.location}
		header["Location"], header["Content-Location"] = location, location
	}
	if len(resp.body) == 0 && resp.stream == nil {
		x.w.WriteHeader(resp.status)
		return 0
	}
	return x.writeBody(resp)
}

func (x *exchange) writeBody(resp response) int64 {
	header := x.w.Header()
	media, err := negotiate(x.r.Header)
	if err != nil {
		media = mediaSCIM // of the error that says so
	}
	header["Content-Type"] = contentType(media)
	header["Cache-Control"] = noStore
	header["X-Content-Type-Options"] = noSniff
	if resp.stream != nil {
		return x.writeStream(resp)
	}
	header["Content-Length"] = []string{strconv.Itoa(len(resp.body))}
	x.w.WriteHeader(resp.status)
	n, _ := x.w.Write(resp.body) // the client may have gone; there is nobody to tell
	return int64(n)
}

// writeStream sends a body of unknown length. If it fails half-way the
// connection is cut, so that the client cannot take a part for the whole.
func (x *exchange) writeStream(resp response) int64 {
	counter := &countingWriter{ResponseWriter: x.w}
	x.w.WriteHeader(resp.status)
	if x.r.Method == http.MethodHead {
		return 0
	}
	if err := resp.stream(counter); err != nil {
		x.h.cfg.Logger.Error("response cut short", slog.String("request", x.id), slog.Any("error", err))
		panic(http.ErrAbortHandler)
	}
	return counter.n
}

type countingWriter struct {
	http.ResponseWriter
	n int64
}

func (w *countingWriter) Write(data []byte) (int, error) {
	n, err := w.ResponseWriter.Write(data)
	w.n += int64(n)
	return n, err
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
