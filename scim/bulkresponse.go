package scim

import (
	"context"
	"log/slog"
	"strconv"
)

// response makes the bulk response: one entry for each operation that was
// processed, in the order of the request (RFC 7644 §3.7.3).
func (j *bulkJob) response() []byte {
	buf := append([]byte(nil), `{"schemas":["`+bulkResponseURN+`"],"Operations":[`...)
	first := true
	for i := range j.results {
		if j.results[i].state != bulkDone {
			continue
		}
		if !first {
			buf = append(buf, ',')
		}
		first = false
		buf = j.results[i].append(buf, &j.request.operations[i])
	}
	return append(buf, "]}"...)
}

// append appends the entry of one operation. The status is a string, as in the
// examples of the RFC (AMB-51).
func (r *bulkResult) append(dst []byte, op *bulkOperation) []byte {
	dst = append(dst, `{"status":"`...)
	dst = strconv.AppendInt(dst, int64(r.status), 10)
	dst = append(dst, '"')
	for _, m := range [...]struct{ name, value string }{
		{"method", op.method}, {"bulkId", op.bulkID}, {"location", r.location}, {"version", r.version},
	} {
		if m.value != "" {
			dst = appendMember(dst, m.name, m.value)
		}
	}
	if r.err != nil {
		dst = append(dst, `,"response":`...)
		dst = r.err.AppendJSON(dst)
	}
	return append(dst, '}')
}

// logBulk logs the failure of one operation, at the level of a request that
// fails like this.
func (c *call) logBulk(ctx context.Context, operation int, e *Error) {
	level := levelOf(e.Status)
	if c.h.cfg.Logger.Enabled(ctx, level) {
		c.h.cfg.Logger.LogAttrs(ctx, level, "scim bulk operation failed",
			slog.String("request", c.id), slog.Int("operation", operation), slog.Int("status", e.Status), slog.String("error", causeOf(e)))
	}
}
